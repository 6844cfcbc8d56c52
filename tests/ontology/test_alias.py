"""Aliases: which name readers see, and what a source's word becomes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.alias import HeldAlias, effective, settle, stand_ins
from ontology.resource import Alias, ChangeSet, Rank, ResourceId, Source

SCAN = Source("scan", Rank.SCANNED)
FORM = Source("form", Rank.AUTHORITATIVE)
PERSON = Source("person", Rank.CURATED)


def alias(pair: str) -> Alias:
    return Alias(ResourceId(f"dataset:{pair[0]}"), ResourceId(f"dataset:{pair[1]}"))


def held(pair: str, source: Source = SCAN, since: int = 1, *, denied: bool = False) -> HeldAlias:
    return HeldAlias(alias(pair), source, since, denied=denied)


def seen(*claims: HeldAlias) -> str:
    """The names that readers see for a, b, c, d, as one word."""
    stand = stand_ins(claims)
    return "".join(str(stand.get(ResourceId(f"dataset:{n}"), f"dataset:{n}"))[-1] for n in "abcd")


@pytest.mark.parametrize(
    ("claims", "word"),
    [
        ([], "abcd"),
        ([held("ab")], "bbcd"),
        ([held("ab"), held("bc")], "cccd"),
        ([held("ab"), held("bc"), held("cd")], "dddd"),
        ([held("ab"), held("ba")], "aacd"),  # a circle shows its first name
        ([held("bc"), held("cd"), held("db")], "abbb"),
        ([held("ab"), held("bc"), held("cb")], "bbbd"),  # a way into a circle
        ([held("ab", SCAN, 1), held("ac", SCAN, 2)], "cbcd"),  # the newest
        ([held("ab", FORM, 1), held("ac", SCAN, 2)], "bbcd"),  # the higher rank
        ([held("ab"), held("ab", PERSON, denied=True)], "abcd"),
        ([held("ab", PERSON), held("ab", FORM, denied=True)], "bbcd"),
        ([held("ab"), held("ab", Source("other", Rank.SCANNED), denied=True)], "abcd"),
        ([held("ab", SCAN), held("ac", SCAN), held("ab", FORM, denied=True)], "cbcd"),
    ],
)
def test_which_name_is_seen(claims: list[HeldAlias], word: str) -> None:
    assert seen(*claims) == word
    assert seen(*reversed(claims)) == word


def test_effective_keeps_chains() -> None:
    assert effective([held("ab"), held("bc")]) == {
        ResourceId("dataset:a"): ResourceId("dataset:b"),
        ResourceId("dataset:b"): ResourceId("dataset:c"),
    }


@pytest.mark.parametrize(
    ("before", "made", "unmade", "words"),
    [
        ([], ["ab"], [], {"ab": True}),
        ([held("ab")], ["ab"], [], {}),
        ([held("ab")], [], ["ab"], {"ab": None}),
        ([], [], ["ab"], {}),
        ([held("ab", FORM)], [], ["ab"], {}),  # a higher one says so: no use denying
        ([held("ab", Source("low", Rank.INFERRED))], [], ["ab"], {"ab": False}),
        ([held("ab"), held("ab", Source("low", Rank.INFERRED))], [], ["ab"], {"ab": False}),
        ([held("ab", denied=True)], [], ["ab"], {}),  # a denial stays
        ([held("ab", denied=True)], ["ab"], [], {"ab": True}),
        ([], ["ab"], ["ab"], {"ab": True}),  # made after unmade
    ],
)
def test_what_a_sources_word_becomes(
    before: list[HeldAlias], made: list[str], unmade: list[str], words: dict[str, bool | None]
) -> None:
    found = settle(
        before,
        ChangeSet(
            "扫描", SCAN, aliases=tuple(map(alias, made)), unaliases=tuple(map(alias, unmade))
        ),
    )
    assert found == {alias(pair): word for pair, word in words.items()}


@pytest.mark.parametrize(
    ("before", "words"),
    [
        ([held("ab")], {"ab": None}),
        ([held("ab"), held("ab", Source("low", Rank.INFERRED))], {"ab": None}),  # no denial
        ([held("ab", denied=True)], {}),
        ([], {}),
    ],
)
def test_a_source_may_fall_silent(before: list[HeldAlias], words: dict[str, None]) -> None:
    found = settle(before, ChangeSet("扫描", SCAN, unsaid=(alias("ab"),)))
    assert found == {alias(pair): word for pair, word in words.items()}


@given(st.lists(st.builds(held, st.permutations("abcd").map(lambda p: f"{p[0]}{p[1]}"))))
def test_what_is_seen_is_seen_for_itself(claims: list[HeldAlias]) -> None:
    stand = stand_ins(claims)
    assert not set(stand) & set(stand.values())
