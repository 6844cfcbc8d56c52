"""Digests: equal when the same is said, different when anything differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.digest import (
    canonical,
    chain_flaws,
    claim_digest,
    commit_hash,
    content_digest,
)
from ontology.errors import InvalidInput
from ontology.resource import (
    Change,
    Claim,
    Commit,
    Denial,
    Link,
    LinkKey,
    Rank,
    ResourceId,
    Source,
)

A, B = ResourceId("dataset:a"), ResourceId("dataset:b")
SCAN = Source("scan", Rank.SCANNED)
CLAIM = Claim(
    A,
    "Table",
    {"name": "甲", "altTitle": ("x", "y"), "recordCount": 3},
    (Link("derivedFrom", B, {"rule": "r"}), Link("hasField", ResourceId("field:a#b"), {}, "k")),
    Denial(frozenset({"comment"}), frozenset({LinkKey("derivedFrom", A)})),
)
AT = datetime(2026, 1, 1, tzinfo=UTC)
COMMIT = Commit(1, AT, "me", "scan", "why", 2, "c", "", "", None)


def test_equal_values_give_equal_bytes() -> None:
    assert (
        canonical({"b": 1, "a": ("x",)}) == canonical({"a": ["x"], "b": 1}) == b'{"a":["x"],"b":1}'
    )
    assert canonical(MappingProxyType({"a": 1})) == canonical({"a": 1})
    assert canonical(frozenset({"b", "a"})) == b'["a","b"]'


@pytest.mark.parametrize("value", [2**64, -(2**63) - 1, "\udc80", object(), b"bytes"])
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput) as refused:
        canonical({"x": value}, "dataset:a")
    assert refused.value.problems[0].resource == "dataset:a"


def test_the_order_in_which_things_are_said_does_not_matter() -> None:
    turned = replace(
        CLAIM,
        attributes=dict(reversed(CLAIM.attributes.items())),
        links=CLAIM.links[::-1],
    )
    assert claim_digest(turned, SCAN) == claim_digest(CLAIM, SCAN)


@pytest.mark.parametrize(
    "other",
    [
        replace(CLAIM, resource=B),
        replace(CLAIM, type=None),
        replace(CLAIM, type="View"),
        replace(CLAIM, attributes={**CLAIM.attributes, "name": "乙"}),
        replace(CLAIM, attributes={**CLAIM.attributes, "altTitle": ("y", "x")}),
        replace(CLAIM, attributes={**CLAIM.attributes, "recordCount": 3.0}),
        replace(CLAIM, attributes={**CLAIM.attributes, "recordCount": "3"}),
        replace(CLAIM, links=CLAIM.links[:1]),
        replace(CLAIM, links=(replace(CLAIM.links[0], properties={}), CLAIM.links[1])),
        replace(CLAIM, links=(replace(CLAIM.links[0], key="k"), CLAIM.links[1])),
        replace(CLAIM, denies=Denial()),
        replace(CLAIM, denies=replace(CLAIM.denies, resource=True)),
    ],
)
def test_whatever_differs_shows(other: Claim) -> None:
    assert claim_digest(other, SCAN) != claim_digest(CLAIM, SCAN)


def test_who_says_it_and_how_trusted_shows() -> None:
    digests = {
        claim_digest(CLAIM, source)
        for source in (SCAN, Source("scan", Rank.CURATED), Source("form", Rank.SCANNED))
    }
    assert len(digests) == 3


def test_content_is_of_the_changes_whatever_their_order() -> None:
    lines = [Change(1, A, "claim", "s", "1"), Change(1, B, "withdraw", "s", "")]
    assert content_digest(lines) == content_digest(lines[::-1])
    assert content_digest(lines) != content_digest(lines[:1])
    assert content_digest(lines) != content_digest([replace(lines[0], digest="2"), lines[1]])


@pytest.mark.parametrize(
    "other",
    [
        replace(COMMIT, number=2),
        replace(COMMIT, at=AT + timedelta(microseconds=1)),
        replace(COMMIT, actor="you"),
        replace(COMMIT, source="form"),
        replace(COMMIT, reason=""),
        replace(COMMIT, changes=3),
        replace(COMMIT, content="d"),
        replace(COMMIT, parent="p"),
        replace(COMMIT, key="k"),
    ],
)
def test_the_hash_covers_every_word_of_a_commit(other: Commit) -> None:
    assert commit_hash(other) != commit_hash(COMMIT)


def test_the_hash_does_not_depend_on_the_zone() -> None:
    beijing = replace(COMMIT, at=AT.astimezone(timezone(timedelta(hours=8))))
    assert commit_hash(beijing) == commit_hash(COMMIT)


def test_a_chain_and_its_flaws() -> None:
    first = replace(COMMIT, hash=commit_hash(COMMIT))
    second = replace(first, number=2, parent=first.hash)
    second = replace(second, hash=commit_hash(second))
    assert chain_flaws(None, first, "c") == []
    assert chain_flaws(first, second, "c") == []
    assert chain_flaws(None, second, "c") != []
    assert chain_flaws(first, second, "other") != []
    assert chain_flaws(first, replace(second, reason="altered"), "c") != []
    backwards = replace(second, at=AT - timedelta(days=1))
    assert "its time runs backwards" in chain_flaws(first, backwards, "c")


text = st.text(max_size=5)


@given(st.dictionaries(text, st.one_of(text, st.integers(-(2**63), 2**63 - 1), st.booleans())))
def test_canonical_bytes_do_not_depend_on_the_order_of_keys(found: dict[str, object]) -> None:
    assert canonical(found) == canonical(dict(reversed(found.items())))
