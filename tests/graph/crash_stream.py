"""What the processes of the crash test do until they are killed (tests/graph/test_crash.py).

A module of its own, so that the fork server loads it and the ontology once.
"""

from __future__ import annotations

import asyncio
import os
import random

from graph.open import open_store
from ontology.load import load_ontology
from ontology.resource import Alias, ChangeSet, Claim, Edit, Link, Rank, ResourceId, Source

ONTOLOGY = load_ontology()


def table(writer: str, n: int) -> ResourceId:
    return ResourceId(f"dataset:pg://h/{writer}{n}")


def step(writer: str, turn: int, random_: random.Random) -> ChangeSet:
    """A step of an import (all tables of the writer get the turn's number), an edit, or an
    alias made or withdrawn."""
    source = Source(writer, Rank.SCANNED)
    kind = random_.random()
    if kind < 0.5:
        count = random_.choice([3, 3, 200])
        claims = tuple(
            Claim(
                table(writer, n),
                "Table",
                {"name": str(turn), "comment": "字" * random_.randint(0, 60)},
                (Link("derivedFrom", table(writer, random_.randrange(300))),),
            )
            for n in range(count)
        )
        return ChangeSet(writer, source, claims=claims, key=f"{writer}-{turn}")
    if kind < 0.8:
        edit = Edit(table(writer, random_.randrange(300)), set={"description": str(turn)})
        return ChangeSet(writer, Source(f"{writer}-person", Rank.CURATED), edits=(edit,))
    alias = (Alias(table(writer, 400 + random_.randrange(3)), table(writer, 0)),)
    if kind < 0.9:
        return ChangeSet(writer, source, aliases=alias)
    return ChangeSet(writer, source, unaliases=alias)


def stream(url: str, writer: str, seed: int, acknowledge: int) -> None:
    """Commit without end; a line "number hash" goes to the pipe once a commit is acknowledged."""

    async def work() -> None:
        store = open_store(url)
        await store.ensure(ONTOLOGY)
        random_ = random.Random(seed)
        turn = seed * 1_000_000
        while True:
            turn += 1
            commit = await store.commit(step(writer, turn, random_))
            if commit is not None:
                os.write(acknowledge, f"{commit.number} {commit.hash}\n".encode())

    asyncio.run(work())
