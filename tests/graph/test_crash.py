"""Processes are killed at random moments of a stream of commits and imports.

Whatever the moment: each acknowledged commit is there, no half commit is, the chain
verifies, and the survivors go on. MULU_CRASHES says how often (30; CI: 200).
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import signal
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from graph.open import open_store
from graph.store import GraphStore
from tests.graph.crash_stream import ONTOLOGY, stream, table

CRASHES = int(os.environ.get("MULU_CRASHES", "30"))
ROOT = Path(__file__).resolve().parents[2]
A_LEDGER = 5
"""Crashes that one ledger goes through before a new one is begun."""


class Victim:
    """A process that commits, and what it has acknowledged."""

    def __init__(self, url: str, writer: str, seed: int) -> None:
        context = multiprocessing.get_context("forkserver")
        self._reading, writing = context.Pipe(duplex=False)
        self.process: BaseProcess = context.Process(
            target=run, args=(url, writer, seed, writing), daemon=True
        )
        self.process.start()
        writing.close()
        self._text = b""

    def wait(self) -> None:
        """Until it has acknowledged something."""
        self._text += os.read(self._reading.fileno(), 1 << 20)

    def kill(self) -> dict[int, str]:
        """Kill it; all that it acknowledged before it died, by number."""
        assert self.process.pid
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.join()
        while piece := os.read(self._reading.fileno(), 1 << 20):
            self._text += piece
        self._reading.close()
        lines = (line.split() for line in self._text.decode().split("\n")[:-1])
        return {int(number): hash for number, hash in lines}


def run(url: str, writer: str, seed: int, pipe: Connection) -> None:
    stream(url, writer, seed, pipe.fileno())


async def check(store: GraphStore, acknowledged: dict[int, str]) -> None:
    """Nothing acknowledged is lost, nothing half done is there."""
    log = {c.number: c.hash async for c in store.commits(0)}
    assert list(log) == list(range(1, len(log) + 1))
    assert acknowledged.items() <= log.items()
    assert [flaw async for flaw in store.verify()] == []
    for writer in "pq":
        tables = await store.get_many([table(writer, n) for n in range(3)])
        names = {r.attributes.get("name") for r in tables.values() if not r.placeholder}
        assert len(names) <= 1, "a step of an import was kept in part"


@pytest.mark.timeout(60 + 2 * CRASHES)
async def test_nothing_acknowledged_is_lost_and_nothing_half_done_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    multiprocessing.set_forkserver_preload(["tests.graph.crash_stream"])
    random_ = random.Random(20260101)
    total = 0
    for crash in range(CRASHES):
        if crash % A_LEDGER == 0:
            folder = tmp_path / f"ledger-{crash}"
            url = f"sqlite:///{folder}/ledger.db"
            acknowledged: dict[int, str] = {}
        victims = [Victim(url, writer, crash + 1) for writer in "pq"]
        for victim in victims:
            victim.wait()  # both are under way
        await asyncio.sleep(random_.uniform(0.0, 0.1))
        random_.shuffle(victims)
        for victim in victims:
            acknowledged.update(victim.kill())
            await asyncio.sleep(random_.choice([0.0, 0.0, 0.03]))  # the survivor goes on
        store = open_store(url)
        await store.ensure(ONTOLOGY)
        await check(store, acknowledged)
        await store.close()
        total += len(acknowledged)
    assert total > CRASHES
