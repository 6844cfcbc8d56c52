"""The small language in which the ontology says how a change spreads.

    rule   = direction way flag* [ "[" derivation ("," derivation)* "]" ] ":" item ("," item)*
    item   = kind | kind "→" kind | "*"
    flag   = "start" | "adapt" | "indirect" | "coarse" | "coarse-only" | "due" days

    "backward flow [identity]: remove→broken, rename→broken, retype, values"
    "backward use start adapt due 15: *"

A kind without an arrow arrives as itself by flow and part, and as `notify` by use; a use may
say `→stale`. "*" stands for every kind that can pass: all that can be asked, `broken`, and,
by a use that is not start-only, `stale` and `notify` as themselves (R3: what is merely
touched goes on along use links only, and never through a start-only one). The derivation
"none" is a link that states no derivation.
"""

from __future__ import annotations

import re

from ontology.model import Certainty, Direction, Kind, Spread, Way

ASKED = tuple(k for k in Kind if k not in (Kind.BROKEN, Kind.STALE, Kind.NOTIFY))
"""The kinds that a person can ask about; the others are only reached."""

DERIVATIONS = frozenset(
    {"identity", "transformation", "aggregation", "filter", "join", "group", "sort", "window"}
)
"""How a derived field uses its origin; the last five make the result indirect (R4)."""

_RULE = re.compile(
    r"(?P<direction>forward|backward)\s+(?P<way>flow|part|use)\b(?P<flags>[^:\[\]]*)"
    r"(?:\[(?P<derivations>[^\]]*)\])?\s*:(?P<items>.+)",
    re.DOTALL,
)
_FLAG = re.compile(r"start|adapt|indirect|coarse-only|coarse|due\s+\d+")


def parse_spread(text: str) -> Spread:
    """One rule. Raises ValueError with what is wrong with it."""
    rule = _RULE.fullmatch(text.strip())
    if rule is None:
        raise ValueError(
            f'spread rule "{text}": expected "forward|backward flow|part|use [flags] '
            '[derivations]: kinds"'
        )
    flags = _flags(rule["flags"], text)
    way = Way(rule["way"])
    start = "start" in flags
    certainty = Certainty.EXACT
    if "coarse" in flags:
        certainty = Certainty.COARSE
    elif "indirect" in flags:
        certainty = Certainty.INDIRECT
    return Spread(
        direction=Direction(rule["direction"]),
        way=way,
        kinds=_kinds(rule["items"], way, start=start, text=text),
        start_only=start,
        adapt="adapt" in flags,
        derivations=_derivations(rule["derivations"], text),
        certainty=certainty,
        coarse_only="coarse-only" in flags,
        due=next((int(f.split()[1]) for f in flags if f.startswith("due")), 0),
    )


def print_spread(spread: Spread) -> str:
    """The rule in its language; `parse_spread` of it gives an equal spread."""
    words: list[str] = [spread.direction, spread.way]
    if spread.start_only:
        words.append("start")
    if spread.adapt:
        words.append("adapt")
    if spread.certainty is not Certainty.EXACT:
        words.append(spread.certainty)
    if spread.coarse_only:
        words.append("coarse-only")
    if spread.due:
        words.append(f"due {spread.due}")
    if spread.derivations:
        words.append("[" + ", ".join(d or "none" for d in spread.derivations) + "]")
    return " ".join(words) + ": " + ", ".join(f"{a}→{b}" for a, b in spread.kinds.items())


def _flags(text: str, rule: str) -> frozenset[str]:
    left = _FLAG.sub("", text).strip()
    if left:
        raise ValueError(f'spread rule "{rule}": unknown flag "{left}"')
    return frozenset(_FLAG.findall(text))


def _derivations(text: str | None, rule: str) -> tuple[str, ...]:
    if text is None:
        return ()
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name != "none" and name not in DERIVATIONS:
            raise ValueError(f'spread rule "{rule}": unknown derivation "{name}"')
    return tuple("" if name == "none" else name for name in names)


def _kinds(items: str, way: Way, *, start: bool, text: str) -> dict[Kind, Kind]:
    kinds: dict[Kind, Kind] = {}
    for item in items.split(","):
        before, arrow, after = (part.strip() for part in item.replace("->", "→").partition("→"))
        if before == "*" and not arrow:
            for kind in _all(way, start=start):
                kinds.setdefault(kind, _arrives(kind, way))
            continue
        kind = _kind(before, text)
        if start and kind not in ASKED:
            raise ValueError(f'spread rule "{text}": {kind} is never a start')
        reached = _kind(after, text) if arrow else _arrives(kind, way)
        if way is Way.USE and reached not in (Kind.NOTIFY, Kind.STALE):
            raise ValueError(f'spread rule "{text}": a use arrives as notify or stale')
        kinds[kind] = reached
    return kinds


def _all(way: Way, *, start: bool) -> tuple[Kind, ...]:
    if start:
        return ASKED
    if way is Way.USE:
        return tuple(Kind)
    return (*ASKED, Kind.BROKEN)


def _arrives(kind: Kind, way: Way) -> Kind:
    if way is not Way.USE:
        return kind
    return Kind.STALE if kind is Kind.STALE else Kind.NOTIFY


def _kind(word: str, rule: str) -> Kind:
    try:
        return Kind(word)
    except ValueError:
        raise ValueError(f'spread rule "{rule}": unknown kind "{word}"') from None
