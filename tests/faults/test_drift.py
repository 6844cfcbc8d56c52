"""Whatever is altered behind mulu's back, in whichever engine: `verify` finds all of it, and what
follows from the claims is repaired while readers go on asking."""

from __future__ import annotations

import asyncio
import sqlite3
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import neo4j
import pytest

from api.ledger import Ledger
from api.settings import settings
from api.wiring import kept_up, open_ledger
from ontology.resource import ChangeSet, Claim, Link, ResourceId
from ontology.viewer import LOCAL
from tests.faults.stream import DEADLINE, SCAN, until
from tests.servers.emptied import emptied

COUNT, HURT = 40, 5
"""Tables, each derived from the one before it; how many of them each kind of drift meets."""


def table(number: int) -> ResourceId:
    return ResourceId(f"dataset:postgres://h:5432/d.s.t{number:03d}")


def tables() -> ChangeSet:
    claims = [
        Claim(
            table(n),
            "Table",
            {"name": f"d.s.t{n:03d}", "comment": f"登记表{n}"},
            links=(Link("derivedFrom", table(n - 1)),) if n else (),
        )
        for n in range(COUNT)
    ]
    return ChangeSet("t", SCAN, claims=tuple(claims))


Alter = Callable[[Ledger, str], Awaitable[set[str]]]
"""Does damage behind the ledger's back (address of the record); gives the ids it must name."""


async def documents(ledger: Ledger, address: str) -> set[str]:
    """Documents removed, altered and added, as another program could."""
    ids = [table(n) for n in range(COUNT)]
    removed, others = ids[:HURT], ids[HURT : 3 * HURT]
    docs, _ = await ledger.projections._projector.documents(others)
    altered = [replace(doc, prior=doc.prior + 1) for doc in docs[:HURT]]
    added = [replace(doc, id=ResourceId(f"{doc.id}-ghost")) for doc in docs[HURT:]]
    upto = await ledger.index.position()
    async with ledger.index.lease.hold() as granted:
        assert granted
        await ledger.index.put([*altered, *added], upto=upto, deleted=removed)
        await ledger.index.release()
    return {*removed, *(d.id for d in altered), *(d.id for d in added)}


async def links(ledger: Ledger, address: str) -> set[str]:
    """Links that readers see, hidden or taken away."""
    if address.startswith("sqlite"):
        hide = (
            "INSERT INTO hidden "
            "SELECT l.origin, l.type, l.target, l.key, l.source, l.since, 1, NULL "
            "FROM link l JOIN resource r ON r.number = l.origin WHERE r.name IN (?, ?, ?, ?, ?)"
        )
        return await asyncio.to_thread(_execute, address, hide)
    take = "MATCH (r:_Resource)-[l:derivedFrom]->() WHERE r.name IN $names DELETE l"
    return await _run(address, take)


async def claims(ledger: Ledger, address: str) -> set[str]:
    """What a source said, altered."""
    if address.startswith("sqlite"):
        alter = (
            'UPDATE claim SET body = \'{"name":"x"}\' WHERE resource IN '
            "(SELECT number FROM resource WHERE name IN (?, ?, ?, ?, ?))"
        )
        return await asyncio.to_thread(_execute, address, alter)
    alter = (
        "MATCH (r:_Resource)-[:_SAID]->(c:_Claim) WHERE r.name IN $names "
        'SET c.body = \'{"name":"x"}\''
    )
    return await _run(address, alter)


NAMES = [table(n) for n in range(10, 10 + HURT)]


def _execute(address: str, statement: str) -> set[str]:
    with sqlite3.connect(address.removeprefix("sqlite:///"), timeout=DEADLINE) as db:
        assert db.execute(statement, NAMES).rowcount == HURT
    return set(NAMES)


async def _run(address: str, statement: str) -> set[str]:
    plain, _, rest = address.partition("://")
    credentials, _, host = rest.rpartition("@")
    user, _, password = credentials.partition(":")
    driver = neo4j.AsyncGraphDatabase.driver(f"{plain}://{host}", auth=(user, password))
    async with driver:
        await driver.execute_query(statement, names=NAMES)  # type: ignore[arg-type]
    return set(NAMES)


@pytest.fixture(params=["sqlite-tantivy", "sqlite-elastic", "neo4j-tantivy"])
def engines(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    record, search = request.param.split("-")
    graph_url = f"sqlite:///{tmp_path / 'ledger.db'}"
    if record == "neo4j":
        graph_url = request.getfixturevalue("neo4j_database")
    search_url = f"tantivy://{tmp_path / 'search'}"
    if search == "elastic":
        search_url = f"{request.getfixturevalue('elastic_url')}/drift-{uuid.uuid4().hex[:8]}"
    return graph_url, search_url


@asynccontextmanager
async def asked(ledger: Ledger) -> AsyncIterator[None]:
    """A reader who asks all the time, and is answered each time."""
    stopped, answers = False, 0

    async def ask() -> None:
        nonlocal answers
        while not stopped:
            page = await ledger.search(ledger.query("登记表"), LOCAL)
            assert page.total >= COUNT - HURT
            assert await ledger.resource(table(COUNT - 1), LOCAL)
            answers += 1
            await asyncio.sleep(0.01)

    asking = asyncio.create_task(ask())
    try:
        yield
        before = answers

        async def again() -> bool:
            return asking.done() or answers > before

        await until(again)
    finally:
        stopped = True
        await asking


@pytest.mark.parametrize("drift", [documents, links, claims])
async def test_verify_finds_all_of_it(
    drift: Alter, engines: tuple[str, str], tmp_path: Path
) -> None:
    graph, search = engines
    if not graph.startswith("sqlite"):
        await emptied(graph)
    chosen = settings(data=tmp_path, graph=graph, search=search)
    async with open_ledger(chosen) as ledger, kept_up(ledger):
        projections = ledger.projections
        await ledger.commit(tables(), wait=DEADLINE)
        assert [flaw async for flaw in projections.verify()] == []
        async with asked(ledger):
            hurt = await drift(ledger, graph)
            found = [flaw async for flaw in projections.verify(repair=True)]
            assert hurt <= {flaw.where for flaw in found}, "every one of them"
            left = [flaw async for flaw in projections.verify()]
        if drift is claims:  # nobody else knows what was said: a backup does
            assert {flaw.part for flaw in left} == {"chain"}
        else:
            assert left == []
            page = await ledger.search(ledger.query("登记表"), LOCAL)
            assert page.total == COUNT
