"""Edits applied to the source's own claims, and what a change set may not say."""

from __future__ import annotations

import pytest

from ontology.changes import check, job_in, names_in, own_claims, tidy
from ontology.errors import InvalidInput
from ontology.load import load_ontology
from ontology.resource import (
    ChangeSet,
    Claim,
    Denial,
    Edit,
    Held,
    Link,
    LinkKey,
    Rank,
    ResourceId,
    Source,
)

ONTOLOGY = load_ontology()
A, B, X, Y = (ResourceId(f"dataset:{n}") for n in "abxy")
SCAN = Source("scan", Rank.SCANNED)
PERSON = Source("person", Rank.CURATED)
TO_X, TO_Y = LinkKey("derivedFrom", X), LinkKey("derivedFrom", Y)


def after(edit: Edit, *held: Held, alike: tuple[ResourceId, ...] = ()) -> dict[str, Claim | None]:
    """The person's own claims after the edit, given what is held on the group."""

    def same(one: ResourceId, other: ResourceId) -> bool:
        return one == other or {one, other} <= set(alike)

    return {
        str(name): claim
        for name, claim in own_claims(
            ChangeSet("t", PERSON, edits=(edit,)), lambda _: held, same
        ).items()
    }


def mine(name: ResourceId = A, **said: object) -> Held:
    return Held(Claim(name, None, **said), PERSON, 1)  # type: ignore[arg-type]


def theirs(name: ResourceId = A, **said: object) -> Held:
    return Held(Claim(name, "Table", **said), SCAN, 1)  # type: ignore[arg-type]


def test_set_adds_to_the_own_claim() -> None:
    found = after(Edit(A, type="Table", set={"name": "n"}), mine(attributes={"comment": "c"}))
    assert found[A] == Claim(A, "Table", {"comment": "c", "name": "n"})


def test_unset_takes_out_and_denies_what_lower_ranks_say() -> None:
    edit = Edit(A, unset=frozenset({"name", "comment", "description"}))
    found = after(edit, mine(attributes={"name": "n"}), theirs(attributes={"comment": "c"}))
    assert found[A] == Claim(A, None, denies=Denial(frozenset({"comment"})))


def test_unset_does_not_deny_a_higher_rank() -> None:
    edit = Edit(A, unset=frozenset({"comment"}))
    changes = ChangeSet("t", SCAN, edits=(edit,))
    held = [Held(Claim(A, None, {"comment": "c"}), PERSON, 1)]
    assert own_claims(changes, lambda _: held, lambda a, b: a == b) == {A: None}


def test_unlink_and_link_again() -> None:
    scanned = theirs(links=(Link("derivedFrom", X),))
    found = after(Edit(A, unlink=frozenset({TO_X})), scanned)
    denied = found[A]
    assert denied == Claim(A, None, denies=Denial(links=frozenset({TO_X})))
    assert denied
    again = after(Edit(A, link=(Link("derivedFrom", X, {"rule": "r"}),)), Held(denied, PERSON, 2))
    assert again[A] == Claim(A, None, links=(Link("derivedFrom", X, {"rule": "r"}),))


def test_unlink_means_every_name_of_the_target() -> None:
    scanned = theirs(links=(Link("derivedFrom", X), Link("derivedFrom", Y)))
    own = mine(links=(Link("derivedFrom", Y),))
    found = after(Edit(A, unlink=frozenset({TO_X})), scanned, own, alike=(X, Y))
    assert found[A] == Claim(A, None, denies=Denial(links=frozenset({TO_X, TO_Y})))


def test_an_own_claim_that_says_nothing_more_is_withdrawn() -> None:
    found = after(Edit(A, unset=frozenset({"name"})), mine(attributes={"name": "n"}))
    assert found[A] is None


def test_taking_back_reaches_the_own_claims_under_all_names() -> None:
    held = [
        mine(B, attributes={"name": "b"}, denies=Denial(frozenset({"comment"}), resource=True)),
        theirs(A),
    ]
    found = after(Edit(A, revive=True, unset=frozenset({"name"}), set={"comment": "c"}), *held)
    assert found == {A: Claim(A, None, {"comment": "c"}), B: None}


def test_allow_takes_back_only_what_it_names() -> None:
    denial = Denial(frozenset({"name", "comment"}), frozenset({TO_X, TO_Y}), True)
    allow = Denial(frozenset({"name"}), frozenset({TO_X}))
    found = after(Edit(A, allow=allow), mine(denies=denial))
    assert found[A] == Claim(
        A, None, denies=Denial(frozenset({"comment"}), frozenset({TO_Y}), True)
    )


def test_edits_of_one_set_follow_each_other_and_its_claims() -> None:
    changes = ChangeSet(
        "t",
        PERSON,
        claims=(Claim(A, "Table", {"name": "1"}),),
        edits=(Edit(A, set={"comment": "2"}), Edit(A, unset=frozenset({"name"}))),
    )
    found = own_claims(changes, lambda _: (), lambda a, b: a == b)
    assert found == {A: Claim(A, "Table", {"comment": "2"})}


def test_tidy_keeps_the_last_of_two_links_with_one_key() -> None:
    links = (Link("derivedFrom", Y), Link("derivedFrom", X, {"n": 1}), Link("derivedFrom", X))
    assert tidy(Claim(A, None, links=links)).links == (links[2], links[0])


def test_names_come_in_order_of_mention() -> None:
    job = ResourceId("job:etl/1")
    links = (Link("datasetDerivedFrom", X, {"job": str(job)}), Link("derivedFrom", Y))
    assert list(names_in(Claim(A, None, links=links))) == [A, X, job, Y]
    assert job_in({"job": "not an id"}) is None
    assert job_in({}) is None


def test_every_problem_is_told_at_once() -> None:
    claims = (
        Claim(A, "NoClass"),
        Claim(B, "Table", {"noAttribute": 1}),
        Claim(X, "Table", {}, (Link("noLink", Y),)),
        Claim(Y, "Table", {"name": "fine"}),
    )
    with pytest.raises(InvalidInput) as refused:
        check(ChangeSet("t", SCAN, claims=claims), ONTOLOGY)
    assert [p.resource for p in refused.value.problems] == [A, B, X]
    assert all(p.mend for p in refused.value.problems)
