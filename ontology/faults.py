"""Problems of claims, in words: what is wrong, and how to put it right."""

from __future__ import annotations

from collections.abc import Iterable

from ontology.model import LinkType
from ontology.problem import Problem
from ontology.resource import Link, family_of

FEW = 80
"""Characters of a value that a problem repeats."""


def secret(resource: str) -> Problem:
    """Tells that something was refused, and nothing of what it was."""
    return Problem(
        "标为涉密，不予收录；内容未保存 (marked secret: refused, its content is not stored)",
        "涉密数据不进入目录；如标注有误，请改为非涉密后重新提交",
        rule="C 2; S 1",
        resource=family_of(resource),
    )


def missing(label: str, clause: str) -> Problem:
    return Problem(f"缺少{label} (missing)", f"请填写{label}", column=label, rule=clause)


def unknown_attribute(name: str, type: str | None, known: Iterable[str]) -> Problem:
    return Problem(
        f"{type or '该族'} 没有属性 {few(name)} (unknown attribute)",
        f"可用的属性：{'、'.join(sorted(known)[:12])}…",
        column=few(name),
    )


def wrong_end(link: Link, kind: LinkType, reached: frozenset[str]) -> Problem:
    return Problem(
        f"{kind.label.zh}不能指向 {few(link.target)} (wrong kind of target)",
        f"应指向 {'、'.join(sorted(f'{f}:…' for f in reached))}",
        column=kind.label.zh,
        value=few(link.target),
        rule=kind.clause,
    )


def few(text: str) -> str:
    return text if len(text) <= FEW else text[: FEW - 1] + "…"
