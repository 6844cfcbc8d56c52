"""Questions as people write them, on a command line or in an address: text → question."""

from __future__ import annotations

from collections.abc import Iterable

from graph.question import Change, Limits
from ontology.errors import InvalidInput
from ontology.model import Certainty, Kind
from ontology.resource import ResourceId
from ontology.spread import ASKED

SIZES = ("exact", "indirect", "coarse", "touched")


def change_of(text: str, kind: str) -> Change:
    """`ID`, or `retype=ID` where this resource changes in a way of its own."""
    own, sign, id = text.partition("=")
    if sign and own in ASKED:
        return Change(ResourceId(id), Kind(own))
    if kind not in ASKED:
        raise InvalidInput(f"change {kind!r}: 可用 / one of {', '.join(ASKED)}")
    return Change(ResourceId(text), Kind(kind))


def limits_of(depth: int | None, sizes: Iterable[str]) -> Limits:
    """How far to go: `exact=100`, and so on."""
    said = {"depth": depth} if depth is not None else {}
    for text in sizes:
        name, _, number = text.partition("=")
        if name not in SIZES or not number.isdecimal():
            raise InvalidInput(f"limit {text!r}: 写作 / write {' | '.join(SIZES)}=N")
        said[name] = int(number)
    return Limits(**said)


def certainties_of(texts: Iterable[str]) -> frozenset[Certainty]:
    """Those named; all where none is."""
    texts = list(texts)
    for text in texts:
        if text not in list(Certainty):
            raise InvalidInput(f"certainty {text!r}: {', '.join(Certainty)}")
    return frozenset(map(Certainty, texts)) or frozenset(Certainty)
