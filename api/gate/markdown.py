"""The verdict as Markdown, for a comment on a merge request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.gate.verdict import Finding, Verdict
from api.gate.words import EFFECTS, SURE, answerable, head, steps, waiver_text, where

SHOWN = 100
"""Rows of a table; forges cut comments that are too long."""


def markdown(verdict: Verdict, *, fail_open: bool = False) -> str:
    """Outcome first, then what is blocked, doubts, warnings and waivers."""
    parts = [f"## mulu gate: {_text(head(verdict, fail_open=fail_open))}", ""]
    parts += _table("拦截 / blocked", verdict.breaks, paths=True)
    if verdict.doubts:
        parts += ["### 无法判断 / could not tell", ""]
        parts += [f"- {_text(d.what)} {_text(d.place.file)}" for d in verdict.doubts] + [""]
    if verdict.changes.notes:
        parts += [*(f"- {_text(note)}" for note in verdict.changes.notes[:SHOWN]), ""]
    parts += _table("提醒 / warned", verdict.warnings)
    parts += _table("已豁免 / waived", verdict.waived)
    for title, waivers in (
        ("豁免已过期 / waivers expired", verdict.expired),
        ("豁免未用到 / waivers unused", verdict.unused),
    ):
        if waivers:
            parts += [f"### {title}", "", *(f"- {_text(waiver_text(w))}" for w in waivers), ""]
    parts.append(f"账本提交 / ledger commit {verdict.upto}")
    return "\n".join(parts) + "\n"


def _table(title: str, findings: Iterable[Finding], *, paths: bool = False) -> Iterator[str]:
    found = list(findings)
    if not found:
        return
    yield from (f"### {title} ({len(found)})", "")
    yield "| 变更 change | 位置 where | 后果 effect | 把握 | 资源 resource | 谁负责 who |"
    yield "|---|---|---|---|---|---|"
    for f in found[:SHOWN]:
        cells = (
            f"{f.change.kind} `{_text(f.change.resource)}`",
            where(f.change),
            EFFECTS[f.found.effect],
            SURE[f.found.certainty],
            f"{_text(f.found.title)} `{_text(f.found.id)}`",
            answerable(f.found),
        )
        yield (
            "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
        )
    if len(found) > SHOWN:
        yield f"\n…… 另有 {len(found) - SHOWN} 项 / more"
    yield ""
    if paths:
        yield "<details><summary>为什么 / why</summary>\n"
        for f in found[:SHOWN]:
            yield f"- {_text(f.found.title)}"
            yield from (f"  - {_text(step)}" for step in steps(f.found))
        yield "\n</details>\n"


def _text(text: str) -> str:
    """Without what Markdown or HTML would take for its own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("`", "'")
