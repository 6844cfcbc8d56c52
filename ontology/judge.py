"""The parts that compiled shapes are made of: walks along a path, and tests at its end."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rdflib import SH
from rdflib.term import Node

from ontology.resource import Scalar
from ontology.shapes import Around, Ends, Focus, Hop, Seen, values_of

Test = Callable[[Seen, Around], bool]
SetTest = Callable[[list[Seen], Seen, Around], bool]
"""(what a path arrives at, from where, around)"""
Walk = Callable[[Seen, Around], list[Seen]]


# Loops rather than `all` and `any`: each resource of an import is judged, and setting up a
# generator takes longer than most tests.


def all_of(tests: Sequence[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def every(seen: Seen, around: Around) -> bool:
        for test in tests:  # noqa: SIM110
            if not test(seen, around):
                return False
        return True

    return every


def any_of(tests: Sequence[Test]) -> Test:
    if len(tests) == 2:
        first, second = tests
        return lambda seen, around: first(seen, around) or second(seen, around)

    def some(seen: Seen, around: Around) -> bool:
        for test in tests:  # noqa: SIM110
            if test(seen, around):
                return True
        return False

    return some


def at_least(count: int) -> SetTest:
    return lambda seen, _focus, _around: len(seen) >= count


def at_most(count: int) -> SetTest:
    return lambda seen, _focus, _around: len(seen) <= count


def has_value(wanted: Scalar) -> SetTest:
    return lambda seen, _focus, _around: any(same(s, wanted) for s in seen)


def attribute_walk(name: str) -> Walk:
    def walk(seen: Seen, _around: Around) -> list[Seen]:
        if not isinstance(seen, Focus):
            return []
        value = seen.attributes.get(name)
        if value is None:
            return []
        return list(value) if isinstance(value, tuple) else [value]

    return walk


def sequence(steps: Sequence[Walk]) -> Walk:
    def walk(seen: Seen, around: Around) -> list[Seen]:
        found: list[Seen] = [seen]
        for step in steps:
            found = [n for s in found for n in step(s, around)]
            if len(found) > 1:
                found = _distinct(found)
        return found

    return walk


def alternatives(steps: Sequence[Walk]) -> Walk:
    return lambda seen, around: _distinct([n for step in steps for n in step(seen, around)])


def _distinct(seen: Iterable[Seen]) -> list[Seen]:
    """SHACL's value nodes are a set."""
    return list({(s.id if isinstance(s, Focus) else (type(s), s)): s for s in seen}.values())


def alone(toward: Walk, hop: Hop, attribute: str) -> Test:
    """Whether nobody else of the same class, at the end of the path, says the same."""
    link, way = hop

    def test(seen: Seen, around: Around) -> bool:
        if not isinstance(seen, Focus):
            return False
        own = values_of(seen, attribute)
        return not any(
            other.id != seen.id and other.type == seen.type
            for place in (toward(seen, around) if own else ())
            if isinstance(place, Focus)
            for value in own
            for other in _saying(around(place.id, link, way), attribute, value)
        )

    return test


def _saying(ends: Sequence[Focus], attribute: str, value: Scalar) -> Iterable[Focus]:
    if isinstance(ends, Ends):
        return ends.saying(attribute).get(value, ())
    return (end for end in ends if value in values_of(end, attribute))


_CODE = re.compile(r"([1-3][0-9]{5,})/[0-9]+")
"""信息资源代码 by the common rule: class, item, subject, detail / sequence."""


def fronts(seen: Iterable[Seen], codes: Iterable[Seen]) -> bool:
    """Whether the front of each code (domain/ontology.md §6) is among the category codes
    `seen`, where these are codes of that kind."""
    known = {s for s in seen if isinstance(s, str) and _CODE.fullmatch(f"{s}/1")}
    said = [found for code in codes if (found := _CODE.fullmatch(lexical(code)))]
    return not known or all(found[1] in known for found in said)


def same(seen: Seen, wanted: Scalar) -> bool:
    if isinstance(seen, Focus):
        return seen.id == wanted
    return seen == wanted and isinstance(seen, bool) == isinstance(wanted, bool)


def lexical(seen: Seen) -> str:
    if isinstance(seen, Focus):
        return seen.id
    return str(seen).lower() if isinstance(seen, bool) else str(seen)


def compared(seen: Seen, bound: Scalar, holds: Callable[[Any, Any], bool]) -> bool:
    """Numbers with numbers, ISO dates with ISO dates; what cannot be compared fails."""
    if isinstance(seen, Focus | bool) or isinstance(bound, bool):
        return False
    if isinstance(seen, str) != isinstance(bound, str):
        return False
    return holds(seen, bound)


BOUNDS: Mapping[Node, Callable[[Any, Any], bool]] = {
    SH.minInclusive: lambda a, b: a >= b,
    SH.maxInclusive: lambda a, b: a <= b,
    SH.minExclusive: lambda a, b: a > b,
    SH.maxExclusive: lambda a, b: a < b,
}
PAIRS: Mapping[Node, Callable[[list[Seen], list[Seen]], bool]] = {
    SH.equals: lambda a, b: _keys(a) == _keys(b),
    SH.disjoint: lambda a, b: not _keys(a) & _keys(b),
    SH.lessThan: lambda a, b: all(_ordered(x, y, BOUNDS[SH.maxExclusive]) for x in a for y in b),
    SH.lessThanOrEquals: lambda a, b: all(
        _ordered(x, y, BOUNDS[SH.maxInclusive]) for x in a for y in b
    ),
}


def _keys(seen: Iterable[Seen]) -> set[object]:
    return {s.id if isinstance(s, Focus) else (isinstance(s, bool), s) for s in seen}


def _ordered(a: Seen, b: Seen, holds: Callable[[Any, Any], bool]) -> bool:
    return not isinstance(b, Focus) and compared(a, b, holds)
