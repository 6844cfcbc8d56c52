"""Servers of their own that are paused (SIGSTOP), killed (SIGKILL), stopped and started again
under a stream of writes and reads. MULU_FAULTS says how many faults each test makes (25), one
in eight of which ends the process; the others leave it paused for a while.
"""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.settings import settings
from api.wiring import followed, open_ledger
from graph.open import open_store
from ontology.errors import Unavailable
from tests.faults.stream import COUNT, DEADLINE, Stream, streaming
from tests.servers.servers import FOLDER, KINDS, Failed, Server

pytestmark = pytest.mark.timeout(300 + 20 * COUNT)
ENDS, PAUSE = 8, 0.4
"""One fault in so many ends the process; seconds that a pause lasts at most."""


def own(name: str, folder: Path) -> Iterator[Server]:
    """A server that only this test uses, of the jars that `make servers` has found."""
    kind = KINDS[name]
    if not (FOLDER / f"{kind.pom}-{kind.version}.jars").exists():
        pytest.skip(f"{name} runs elsewhere; `make servers` makes one that a test may kill")
    server = Server(name, folder / name, heap="512m")
    try:
        server.start()
        server.wait()
    except Failed as failure:
        server.stop()
        pytest.fail(str(failure))
    yield server
    server.stop()


@pytest.fixture
def elastic(elastic_url: str, tmp_path: Path) -> Iterator[Server]:
    yield from own("elastic", tmp_path)


@pytest.fixture
def neo4j(neo4j_url: str, tmp_path: Path) -> Iterator[Server]:
    yield from own("neo4j", tmp_path)


def end(server: Server, sign: signal.Signals) -> None:
    """End the process, and wait until it has."""
    server.send(sign)
    until = time.monotonic() + DEADLINE
    while server.pid and time.monotonic() < until:
        time.sleep(0.02)
    assert not server.pid


def begin(server: Server) -> None:
    server.start()
    server.wait()


async def trouble(server: Server, stream: Stream, *, writes_go_on: bool, seed: int = 1) -> None:
    """Faults one after the other; between two of them all is well for a moment."""
    chance = random.Random(seed)
    for number in range(COUNT):
        await stream.more(1)
        if number % ENDS == 1:
            sign = (signal.SIGKILL, signal.SIGTERM)[number // ENDS % 2]
            await asyncio.to_thread(end, server, sign)
            if writes_go_on:
                await stream.more()
                assert (await stream.ledger.projections.freshness()).missing == ("search",)
            await asyncio.to_thread(begin, server)
        else:
            server.send(signal.SIGSTOP)
            try:
                if writes_go_on:
                    await stream.more(1)
                await asyncio.sleep(PAUSE * chance.random())
            finally:
                server.send(signal.SIGCONT)


async def test_search_is_paused_killed_and_started_again(elastic: Server, tmp_path: Path) -> None:
    chosen = settings(data=tmp_path / "data", search=f"{elastic.url}/faults")
    async with (
        open_ledger(chosen) as ledger,
        followed(ledger),
        streaming(ledger) as stream,
    ):
        await trouble(elastic, stream, writes_go_on=True)
        assert stream.refused["write"] == 0
        assert stream.refused["resource"] == 0


async def test_the_record_is_paused_killed_and_started_again(neo4j: Server, tmp_path: Path) -> None:
    chosen = settings(data=tmp_path / "data", graph=neo4j.url)
    async with (
        open_ledger(chosen) as ledger,
        followed(ledger),
        streaming(ledger) as stream,
    ):
        await trouble(neo4j, stream, writes_go_on=False)
    # Paused for long: nobody waits beyond the time that a transaction may take.
    store = open_store(f"{neo4j.url}?seconds=1")
    store._database.patience = 2.0  # type: ignore[attr-defined]
    assert await store.head() is not None
    neo4j.send(signal.SIGSTOP)
    try:
        async with asyncio.timeout(DEADLINE):
            with pytest.raises(Unavailable, match="did not answer"):
                await store.head()
    finally:
        neo4j.send(signal.SIGCONT)
    assert await store.head() is not None
    await store.close()
