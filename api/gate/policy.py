"""What blocks a change and what only warns, and who has agreed to an exception.

    block:
      - {name: exact-break, effect: [breaks], certainty: [exact], own: false}
      - {name: core-level, type: [CatalogEntry], where: {securityLevel: [核心数据]}}
      - {name: scenario, type: [Scenario]}
    warn:
      - {name: less-sure, certainty: [indirect, coarse]}
    waivers:
      - resource: api:…              # what would break
        change: field:…              # optional: only by this change
        owner: 李四
        reason: 已约定 12 月切换
        expires: 2026-12-31          # the last day on which it holds

A part that is left out keeps its default. The first rule that fits counts, `block` before `warn`;
within a rule all that is said must fit, and what is not said fits always.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from api.gate.change import once
from ontology.errors import InvalidInput
from ontology.model import Certainty, Ontology
from ontology.resource import ResourceId
from ontology.spread import ASKED

EFFECTS = frozenset(("breaks", "must adapt", "stale", "notify"))


@dataclass(frozen=True, slots=True)
class Rule:
    """Which results a rule is about; an empty set is all. `own`: only within (True) or only
    outside (False) one's own departments."""

    name: str
    effect: frozenset[str] = frozenset()
    certainty: frozenset[str] = frozenset()
    type: frozenset[str] = frozenset()
    change: frozenset[str] = frozenset()
    where: Mapping[str, frozenset[str]] = field(default_factory=dict)
    own: bool | None = None


@dataclass(frozen=True, slots=True)
class Waiver:
    """An exception that `owner` answers for, until the end of the day `expires`."""

    resource: ResourceId
    owner: str
    reason: str
    expires: date
    change: ResourceId | None = None


BLOCK = (Rule("exact-break", frozenset(("breaks",)), frozenset((Certainty.EXACT,)), own=False),)
WARN = (
    Rule("own-break", frozenset(("breaks",)), frozenset((Certainty.EXACT,))),
    Rule("must-adapt", frozenset(("must adapt",)), frozenset((Certainty.EXACT,))),
    Rule(
        "less-sure",
        frozenset(("breaks", "must adapt")),
        frozenset((Certainty.INDIRECT, Certainty.COARSE)),
    ),
)


@dataclass(frozen=True, slots=True)
class Policy:
    """What is judged by. `file` is where it is written ("": the default)."""

    block: tuple[Rule, ...] = BLOCK
    warn: tuple[Rule, ...] = WARN
    waivers: tuple[Waiver, ...] = ()
    file: str = ""

    @property
    def attributes(self) -> bool:
        """Whether a rule looks at attributes of what is reached."""
        return any(rule.where for rule in (*self.block, *self.warn))


def read_policy(path: Path, ontology: Ontology) -> Policy:
    """The policy of a file. Raises InvalidInput for whatever it does not understand: a rule
    that is misspelled must not let things pass."""
    try:
        text = path.read_text("utf-8")
        once(yaml.compose(text, Loader=yaml.SafeLoader))
        told = yaml.safe_load(text)
        told = {} if told is None else told
        _only(told, {"block", "warn", "waivers"}, "policy")
        for key, value in told.items():
            if not isinstance(value, list):
                raise TypeError(f"{key}: 应为列表（没有就写 []）/ needs a list ([] for none)")
        return Policy(
            _rules(told["block"], ontology) if "block" in told else BLOCK,
            _rules(told["warn"], ontology) if "warn" in told else WARN,
            tuple(_waiver(each) for each in told.get("waivers", ())),
            str(path),
        )
    except (
        OSError,
        UnicodeDecodeError,
        yaml.YAMLError,
        ValueError,
        TypeError,
        KeyError,
        RecursionError,
    ) as error:
        raise InvalidInput(
            f"规则文件读不懂 / cannot understand the policy {path}: {error}"
        ) from error


def _rules(told: Iterable[dict[str, Any]], ontology: Ontology) -> tuple[Rule, ...]:
    return tuple(_rule(each, ontology) for each in told)


def _rule(told: dict[str, Any], ontology: Ontology) -> Rule:
    _only(told, {"name", "effect", "certainty", "type", "change", "where", "own"}, "rule")
    types = _words(told, "type", ontology.types)
    own = told.get("own")
    if own not in (None, True, False):
        raise ValueError(f"own: true | false, 不是 / not {own!r}")
    where = told.get("where", {})
    if not isinstance(where, dict) or ("where" in told and not where):
        raise ValueError("where: 空 / is empty")
    for name in where:
        if not any(name in kind.attributes for kind in ontology.types.values()):
            raise ValueError(f"没有这个属性 / no such attribute: {name}")
    return Rule(
        name=str(told["name"]),
        effect=_words(told, "effect", EFFECTS),
        certainty=_words(told, "certainty", frozenset(Certainty)),
        type=frozenset(sub for name in types for sub in ontology.descendants(name)),
        change=_words(told, "change", frozenset(ASKED)),
        where={name: frozenset(map(str, _list(value))) for name, value in where.items()},
        own=own,
    )


def _words(told: Mapping[str, Any], key: str, known: Iterable[str]) -> frozenset[str]:
    found, known = frozenset(_list(told.get(key, ()))), frozenset(known)
    if key in told and not found:
        raise ValueError(f"{key}: 空 / is empty")
    if unknown := found - known:
        raise ValueError(f"{key}: 不认识 / unknown {', '.join(map(str, sorted(unknown)))}")
    return found


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _waiver(told: dict[str, Any]) -> Waiver:
    _only(told, {"resource", "owner", "reason", "expires", "change"}, "waiver")
    for key in ("resource", "owner", "reason", "expires"):
        if not told.get(key):
            raise ValueError(f"豁免缺少 / the waiver lacks {key}: {told}")
    expires = told["expires"]
    return Waiver(
        ResourceId(str(told["resource"])),
        str(told["owner"]),
        str(told["reason"]),
        expires if type(expires) is date else date.fromisoformat(str(expires)),
        ResourceId(str(told["change"])) if told.get("change") else None,
    )


def _only(told: Any, known: set[str], what: str) -> None:
    if not isinstance(told, dict):
        raise TypeError(f"{what}: 应为键值 / expected keys and values")
    if unknown := told.keys() - known:
        raise ValueError(f"{what}: 不认识 / unknown {', '.join(map(str, sorted(unknown)))}")
