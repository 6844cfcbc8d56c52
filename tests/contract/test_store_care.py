"""Contract of a store: another ontology, purge, verification."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ontology.errors import NotFound, OntologyError
from ontology.model import Ontology
from ontology.resource import Denial
from tests.contract.words import FORM, SCAN, Ledger, claim, link, name, short


def without(ontology: Ontology, *, type: str = "", link: str = "", attribute: str = "") -> Ontology:
    types = {n: t for n, t in ontology.types.items() if n != type}
    if attribute:
        types = {
            n: replace(t, attributes={a: x for a, x in t.attributes.items() if a != attribute})
            for n, t in types.items()
        }
    links = {n: x for n, x in ontology.links.items() if n != link}
    return replace(ontology, types=types, links=links)


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ({"type": "View"}, "class View"),
        ({"link": "derivedFrom"}, "link derivedFrom"),
        ({"attribute": "comment"}, "attribute View.comment"),
        ({"attribute": "nullRate"}, "attribute field:.nullRate"),
    ],
)
async def test_an_ontology_that_takes_away_what_is_stored_is_refused(
    ledger: Ledger, ontology: Ontology, gone: dict[str, str], said: str
) -> None:
    await ledger.say(
        SCAN,
        claim("v", "View", link("derivedFrom", "t"), comment="x"),
        claim("w", "View", link("derivedFrom", "t"), comment="y"),
        claim("t"),
        claim("v.a", None, nullRate=0.1),
        claim("v.b", None, nullRate=0.1),
    )
    with pytest.raises(OntologyError, match=rf"{said} \(2 claims\)"):
        await ledger.store.ensure(without(ontology, **gone))
    assert (await ledger.see("v")).type == "View"


async def test_what_nobody_uses_may_go(ledger: Ledger, ontology: Ontology) -> None:
    await ledger.say(SCAN, claim("a", name="a"))
    await ledger.store.ensure(without(ontology, type="View", link="mounts", attribute="comment"))
    await ledger.store.ensure(ontology)
    assert (await ledger.see("a")).attributes == {"name": "a"}


async def test_what_only_the_past_uses_may_not_go(ledger: Ledger, ontology: Ontology) -> None:
    await ledger.say(SCAN, claim("v", "View"))
    await ledger.withdraw(SCAN, "v")
    with pytest.raises(OntologyError, match="class View"):
        await ledger.store.ensure(without(ontology, type="View"))


# --- purge ---


async def test_purge_erases_values_past_and_present(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b", rule="secret"), name="1"))
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b", rule="secret"), name="2"))
    await ledger.say(FORM, claim("c", "Table", link("derivedFrom", "a", rule="kept")))
    commit = await ledger.store.purge([name("a")], actor="me", reason="asked to")
    assert (commit.number, commit.actor, commit.reason, commit.changes) == (4, "me", "asked to", 1)
    now = await ledger.see("a")
    assert (now.retired, now.attributes, now.type, now.version) == (True, {}, "Table", 4)
    assert await ledger.edges("a") == []
    assert [(await ledger.see("a", at=n)).attributes for n in (1, 2, 3)] == [{}, {}, {}]
    (then,) = await ledger.edges("a", at=2)
    assert (then.target, then.properties) == (name("b"), {})
    assert all(not h.claim.attributes for h in await ledger.store.history(name("a")))
    assert (await ledger.edges("c"))[0].properties == {"rule": "kept"}


async def test_the_chain_verifies_after_a_purge(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="a"), claim("b", name="b"))
    await ledger.say(FORM, claim("a", name="c", denies=Denial(frozenset({"comment"}))))
    digests = [c.digest async for c in ledger.store.changes(0)]
    await ledger.store.purge([name("a")], actor="me", reason="asked to")
    lines = [c async for c in ledger.store.changes(0)]
    assert [c.digest for c in lines[:3]] == digests
    assert [(c.action, short(c.resource)) for c in lines[3:]] == [("purge", "a")]
    assert [f async for f in ledger.store.verify()] == []


async def test_purge_reaches_all_names(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", name="a"), claim("b", name="b"))
    await ledger.alias(("b", "a"))
    await ledger.store.purge([name("b")], actor="me", reason="")
    assert (await ledger.see("a", at=1)).attributes == {}
    assert (await ledger.see("b", at=1)).attributes == {}
    assert [f async for f in ledger.store.verify()] == []


async def test_what_was_purged_may_be_claimed_anew(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b"), name="a"))
    await ledger.store.purge([name("a")], actor="me", reason="")
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b"), name="a"))
    seen = await ledger.see("a")
    assert (seen.retired, seen.attributes, seen.number) == (False, {"name": "a"}, 1)
    assert await ledger.ends("a") == ["b"]
    assert [f async for f in ledger.store.verify()] == []


async def test_nothing_to_purge(ledger: Ledger) -> None:
    with pytest.raises(NotFound):
        await ledger.store.purge([name("a")], actor="me", reason="")


async def test_verify_finds_nothing_wrong_with_a_lively_ledger(ledger: Ledger) -> None:
    await ledger.say(SCAN, claim("a", "Table", link("derivedFrom", "b"), name="1"), claim("c"))
    await ledger.say(FORM, claim("a", name="2"), claim("b", None, denies=Denial(resource=True)))
    await ledger.alias(("c", "a"))
    await ledger.withdraw(SCAN, "a", "c")
    await ledger.withdraw(FORM, "a")
    assert [f async for f in ledger.store.verify()] == []
    assert [f async for f in ledger.store.verify(repair=True)] == []
