"""What only the store on Neo4j has to prove: names quoted, writers in turn, cut connections,
drift behind its back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest

from graph.neo4j.address import address_of
from graph.neo4j.connection import Database, Tx, rows
from graph.neo4j.cypher import label_text, quoted, type_text
from graph.neo4j.near import edges_text
from graph.neo4j.store import Neo4jStore
from ontology.errors import Busy, InvalidInput, OntologyError, Unavailable
from ontology.load import load_ontology
from ontology.model import Direction
from ontology.resource import Edit
from tests.contract.words import FORM, SCAN, Ledger, claim, key, link, name
from tests.servers.emptied import emptied

ONTOLOGY = load_ontology()


@pytest.fixture
async def store(neo4j_database: str) -> AsyncIterator[Neo4jStore]:
    made = Neo4jStore(await emptied(neo4j_database))
    await made.ensure(ONTOLOGY)
    yield made
    await made.close()


@pytest.fixture
async def database(neo4j_database: str) -> AsyncIterator[Database]:
    """The database as somebody else reaches it."""
    opened = Database(address_of(neo4j_database))
    yield opened
    await opened.close()


# --- round trips ---


async def test_an_edit_is_three_statements(
    store: Neo4jStore, caplog: pytest.LogCaptureFixture
) -> None:
    """One takes the head, one reads what is touched, one writes: more would be waited for."""
    ledger = Ledger(store)
    await ledger.say(SCAN, claim("a.x", "Field", link("conformsTo", "element:x/1"), comment="甲"))
    gone = frozenset({key("conformsTo", "element:x/1")})
    with caplog.at_level(logging.DEBUG, "neo4j.io"):
        await ledger.edit(Edit(name("a.x"), set={"comment": "乙"}, unlink=gone))
    told = [line for line in caplog.messages if "C: RUN" in line]
    asked = [line for line in told if "_Use" not in line]  # once for each word of the ontology
    assert len(asked) == 3, asked
    assert (await store.links(name("a.x"))).edges == ()


# --- names ---


@pytest.mark.parametrize(
    "attack",
    [
        "A`) DETACH DELETE n //",
        "A``",
        "`",
        "A:B",
        "A|B",
        "A {x: 1}",
        "类别",
        "A]->() DELETE r //",
        "$name",
        "a'b\"c",
    ],
)
async def test_a_name_is_only_ever_a_name(
    store: Neo4jStore, database: Database, attack: str
) -> None:
    async def create(tx: Tx) -> list[list[object]]:
        text = f"CREATE (n{label_text([attack])})-[l:{quoted(attack)}]->(n) WITH n, l "
        text += f"MATCH (n{label_text([attack])})-[l{type_text([attack])}]->() "
        return await rows(tx, text + "RETURN labels(n), type(l)")

    assert await database.write(create) == [[[attack], attack]]


@pytest.mark.parametrize("attack", ["", "A\\u0060) DETACH DELETE n //", "A\0B", "A\nB", "\\"])
def test_a_name_that_cypher_reads_otherwise_is_refused(attack: str) -> None:
    with pytest.raises(OntologyError):
        quoted(attack)


async def test_values_are_only_ever_values(store: Neo4jStore) -> None:
    ledger, odd = Ledger(store), "x'}) DETACH DELETE n // ` \\u0027 $name"
    await ledger.say(SCAN, claim(odd, "Table", link("derivedFrom", "b", odd, rule=odd), name=odd))
    assert (await ledger.see(odd)).attributes == {"name": odd}
    (edge,) = await ledger.edges(odd)
    assert (edge.key, edge.properties) == (odd, {"rule": odd})
    assert await ledger.ends(odd, types=[odd]) == []


async def test_a_name_that_no_index_holds_is_refused(store: Neo4jStore) -> None:
    ledger = Ledger(store)
    with pytest.raises(InvalidInput, match="8000 bytes"):
        await ledger.say(SCAN, claim("大" * 3000))
    assert await store.head() is None
    await ledger.say(SCAN, claim("大" * 2500))
    assert len(await ledger.scanned()) == 1


async def test_labels_follow_the_ontology(store: Neo4jStore, database: Database) -> None:
    await Ledger(store).say(SCAN, claim("v", "View"))

    async def labels(tx: Tx) -> list[list[object]]:
        return await rows(tx, "MATCH (r:_Resource) RETURN labels(r)")

    before = {"_Resource", "View", *ONTOLOGY.types["View"].ancestors}
    assert set((await database.read(labels))[0][0]) == before  # type: ignore[call-overload]
    view = replace(ONTOLOGY.types["View"], ancestors=("Table", "DataResource"))
    await store.ensure(replace(ONTOLOGY, types={**ONTOLOGY.types, "View": view}))
    after = {"_Resource", "View", "Table", "DataResource"}
    assert set((await database.read(labels))[0][0]) == after  # type: ignore[call-overload]
    await store.ensure(ONTOLOGY)
    assert set((await database.read(labels))[0][0]) == before  # type: ignore[call-overload]


# --- writers ---


@pytest.mark.parametrize("way", Direction)
@pytest.mark.parametrize("ever", [True, False])
async def test_links_of_some_names_are_found_by_index(
    store: Neo4jStore, database: Database, way: Direction, ever: bool
) -> None:
    """However large the ledger: no scan over a label, nothing gathered before it goes on."""
    text = edges_text(ONTOLOGY.links, way, ever=ever)

    async def plan(tx: Tx) -> set[str]:
        result = await tx.run(f"EXPLAIN {text}", numbers=[1, 2], at=1)
        return set(_operators((await result.consume()).plan or {}))

    operators = await database.read(plan)
    assert "NodeUniqueIndexSeek" in operators
    assert not {o for o in operators if "Scan" in o or o == "Eager" or "Cartesian" in o}


def _operators(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", ()):
        yield from _operators(child)


async def test_several_servers_may_begin_over_a_new_database(
    store: Neo4jStore, database: Database, neo4j_database: str
) -> None:
    """They make the same indexes at once, and wait for each other's locks."""
    await _without_indexes(database)
    others = [Neo4jStore(neo4j_database) for _ in range(4)]
    await asyncio.gather(*(other.ensure(ONTOLOGY) for other in others))
    for other in others:
        await other.close()
    await Ledger(store).say(SCAN, claim("t", "Table"))
    assert [f async for f in store.verify()] == []


async def _without_indexes(database: Database) -> None:
    owned = "YIELD name WHERE name STARTS WITH 'mulu_' RETURN name"
    for kind, all_of_them in (("CONSTRAINT", "CONSTRAINTS"), ("INDEX", "INDEXES")):
        for (one,) in await database.run(f"SHOW {all_of_them} {owned}"):
            await database.run(f"DROP {kind} {one}")


async def test_several_writers_leave_no_gap(store: Neo4jStore, neo4j_database: str) -> None:
    others = [Neo4jStore(neo4j_database) for _ in range(3)]
    for other in others:
        await other.ensure(ONTOLOGY)

    async def write(one: Neo4jStore, who: int) -> None:
        for n in range(5):
            await Ledger(one).say(SCAN, claim(f"t{who}_{n}", "Table", link("derivedFrom", "hub")))

    await asyncio.gather(*(write(one, who) for who, one in enumerate([store, *others])))
    for other in others:
        await other.close()
    assert [c.number async for c in store.commits(0)] == list(range(1, 21))
    assert [n.number async for n in store.numbered()] == list(range(1, 22))
    assert [f async for f in store.verify()] == []


async def test_several_writers_wait_for_the_head_and_not_for_each_other(
    store: Neo4jStore, neo4j_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is undone and tried again, not even of the first commits."""
    stores = [store, *(Neo4jStore(neo4j_database) for _ in range(5))]
    for other in stores:
        await other.ensure(ONTOLOGY)

    async def write(one: Neo4jStore, who: int) -> None:
        for n in range(8):
            await Ledger(one).say(SCAN, claim(f"t{who}_{n}", "Table", link("derivedFrom", "hub")))

    with caplog.at_level(logging.WARNING, "neo4j"):
        await asyncio.gather(*(write(one, who) for who, one in enumerate(stores)))
    assert not [line for line in caplog.messages if "retried" in line]
    for other in stores[1:]:
        await other.close()


async def test_one_key_is_one_commit_however_many_write_it(store: Neo4jStore) -> None:
    ledger = Ledger(store)
    made = await asyncio.gather(*(ledger.say(SCAN, claim("a"), key="k") for _ in range(4)))
    assert {commit.number for commit in made if commit} == {1}


async def test_who_waits_too_long_for_the_head_is_told(
    store: Neo4jStore, database: Database, neo4j_database: str
) -> None:
    hasty = Neo4jStore(f"{neo4j_database}?seconds=1")
    await hasty.ensure(ONTOLOGY)

    async def hold(tx: Tx) -> None:
        await rows(tx, "MATCH (h:_Head {id: 0}) SET h.turn = 1")
        with pytest.raises(Busy):
            await Ledger(hasty).say(SCAN, claim("a"))

    await database.write(hold)
    await Ledger(hasty).say(SCAN, claim("a"))
    await hasty.close()


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    nobody = Neo4jStore("bolt://127.0.0.1:9")
    nobody._database.patience = 0.2
    with pytest.raises(Unavailable, match=r"bolt://127\.0\.0\.1:9"):
        await nobody.head()
    await nobody.close()


async def test_encryption_is_not_given_up(neo4j_database: str) -> None:
    to = urlsplit(neo4j_database)
    store = Neo4jStore(neo4j_database.replace(to.scheme, f"{to.scheme}+s"))
    store._database.patience = 0.2
    with pytest.raises(Unavailable):
        await store.head()
    await store.close()


COMMIT = b"\xb0\x12"
"""Bolt's COMMIT: a structure of no fields."""


@asynccontextmanager
async def cutting(url: str, times: int) -> AsyncIterator[str]:
    """A way to the server that is cut where an answer to COMMIT is due, so many times."""
    to, left = urlsplit(url), [times]

    async def pipe(
        read: asyncio.StreamReader, write: asyncio.StreamWriter, cut: list[bool]
    ) -> None:
        while data := await read.read(65536):
            if cut[0]:
                break
            write.write(data)
            await write.drain()
        write.close()

    async def meet(read: asyncio.StreamReader, write: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(to.hostname, to.port)
        cut = [False]
        answers = asyncio.create_task(pipe(there, write, cut))
        while data := await read.read(65536):
            if COMMIT in data and len(data) < 16 and left[0]:
                left[0] -= 1
                cut[0] = True  # the server takes it; nobody hears of it
            back.write(data)
            await back.drain()
        await answers
        back.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield url.replace(f":{to.port}", f":{port}")


async def test_a_commit_whose_answer_was_lost_is_there_once(
    store: Neo4jStore, neo4j_database: str
) -> None:
    async with cutting(neo4j_database, times=3) as way:
        shaky = Neo4jStore(way)
        await shaky.ensure(ONTOLOGY)
        made = [await Ledger(shaky).say(SCAN, claim(f"t{n}")) for n in range(5)]
        await shaky.close()
    assert [commit.number for commit in made if commit] == [1, 2, 3, 4, 5]
    assert [c.number async for c in store.commits(0)] == [1, 2, 3, 4, 5]
    assert [f async for f in store.verify()] == []


# --- drift ---


DRIFT = {
    "a link taken away": "MATCH (:_Resource {name: $a})-[l:derivedFrom]->() "
    f"WHERE l.until = {2**63 - 1} DELETE l",
    "a past link taken away": "MATCH ()-[l:derivedFrom]->() WHERE l.until = 6 DELETE l",
    "a link put in": "MATCH (a:_Resource {name: $a}), (b:_Resource {name: $b}) "
    "CREATE (b)-[:derivedFrom {key: '', source: 'scan', rank: 1, said: 1, since: 1, "
    f"until: {2**63 - 1}}}]->(a)",
    "a link moved in time": "MATCH ()-[l:derivedFrom]->() SET l.since = 2",
    "evidence altered": 'MATCH ()-[l:derivedFrom]->() SET l.properties = \'{"rule":"y"}\'',
    "a view altered": "MATCH (r:_Resource {name: $a}) SET r.view = '[{},[],[]]'",
    "a level altered": "MATCH (r:_Resource {name: $a}) SET r.level = '公开数据'",
    "a name brought to life": "MATCH (r:_Resource {name: $b}) SET r.state = 0",
    "a label taken away": "MATCH (r:_Resource {name: $a}) REMOVE r:Dataset",
    "a stand-in taken away": "MATCH ()-[s:_STANDS_FOR]->() DELETE s",
    "counts altered": "MATCH (h:_Head) SET h.counts = '{\"Table\":7}'",
}
DAMAGE = {
    "a claim altered": 'MATCH (c:_Claim) WHERE c.since = 1 SET c.body = \'{"name":"z"}\'',
    "a claim taken away": "MATCH (c:_Claim) WHERE c.since = 1 DETACH DELETE c",
    "a commit altered": "MATCH (c:_Commit {number: 2}) SET c.actor = 'nobody'",
    "a commit taken away": "MATCH (c:_Commit {number: 2}) DELETE c",
}


async def lively(store: Neo4jStore) -> None:
    ledger = Ledger(store)
    derived = link("derivedFrom", "b", rule="x")
    await ledger.say(SCAN, claim("a", "Table", derived, name="a"), claim("c", name="c"))
    await ledger.say(FORM, claim("a", "Table", name="other", securityLevel="内部数据"))
    await ledger.say(FORM, claim("c", None, denies=replace(claim("c").denies, resource=True)))
    await ledger.say(SCAN, claim("d", "Table", link("derivedFrom", "a")), claim("e"))
    await ledger.alias(("e", "a"))
    await ledger.say(SCAN, claim("d", "Table", link("derivedFrom", "e")))


async def damage(database: Database, statement: str) -> None:
    async def alter(tx: Tx) -> None:
        await rows(tx, statement, a=name("a"), b=name("b"))

    await database.write(alter)


@pytest.mark.parametrize("what", DRIFT)
async def test_drift_is_found_and_mended(store: Neo4jStore, database: Database, what: str) -> None:
    await lively(store)
    before = [[e async for e in store.raw_edges()], [r async for r in store.scan()]]
    await damage(database, DRIFT[what])
    found = [f async for f in store.verify(repair=True)]
    assert found, what
    assert [f async for f in store.verify()] == []
    assert [[e async for e in store.raw_edges()], [r async for r in store.scan()]] == before


@pytest.mark.parametrize("what", DAMAGE)
async def test_damage_is_found_and_not_hidden(
    store: Neo4jStore, database: Database, what: str
) -> None:
    await lively(store)
    await damage(database, DAMAGE[what])
    assert any(f.part == "chain" for f in [f async for f in store.verify(repair=True)])
    assert any(f.part == "chain" for f in [f async for f in store.verify()])


async def test_the_database_of_a_newer_mulu_is_left_alone(
    store: Neo4jStore, database: Database
) -> None:
    await damage(database, "MATCH (h:_Head) SET h.form = 99")
    with pytest.raises(OntologyError, match="99"):
        await store.ensure(ONTOLOGY)
