"""The log: commits, the lock before them, and the changes that they are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import orjson

from graph.chain import micros, moment_of, next_commit
from graph.guard import number_of
from graph.neo4j.connection import Tx, row, rows
from graph.neo4j.cypher import NOW
from graph.neo4j.writes import WRITE, Writes
from ontology.digest import canonical
from ontology.errors import Unavailable
from ontology.resource import At, Change, ChangeSet, Commit


@dataclass(frozen=True, slots=True)
class Head:
    """The head as its holder finds it: nobody else writes until the transaction ends."""

    commit: Commit | None
    names: int  # numbers given
    claims: int  # ids of claims given
    counts: Mapping[str, int]
    made: Commit | None  # what this very change set made before, if it was taken already

    @property
    def next(self) -> int:
        return self.commit.number + 1 if self.commit else 1


LOCK = """
MATCH (h:_Head {id: 0}) SET h.turn = $token
WITH h
OPTIONAL MATCH (c:_Commit {number: h.number})
OPTIONAL MATCH (k:_Commit {key: $key})
OPTIONAL MATCH (t:_Commit {token: $token})
RETURN h.names, h.claims, h.counts, properties(c), properties(coalesce(k, t))
"""


async def lock(tx: Tx, token: str, key: str | None = None) -> Head:
    """Take the head: a statement of its own, so that nothing is read before it is held. Nor is
    what it sets: writers that read the head first and then want it for themselves wait for each
    other, and the database breaks the knot by undoing all but one.
    `token` is of one attempt to commit, `key` of the change set."""
    found = await row(tx, LOCK, key=key, token=token)
    if found is None:
        raise Unavailable("数据库尚未建立 / the database has no ledger: call `ensure` first.")
    names, claims, counts, last, made = found
    return Head(_commit(last), names, claims, orjson.loads(counts), _commit(made))


def _commit(found: Mapping[str, Any] | None) -> Commit | None:
    if found is None:
        return None
    return Commit(
        number=found["number"],
        at=moment_of(found["at"]),
        actor=found["actor"],
        source=found["source"],
        reason=found["reason"],
        changes=found["changes"],
        content=found["content"],
        parent=found["parent"],
        hash=found["hash"],
        key=found.get("key"),
    )


async def append(
    tx: Tx,
    head: Head,
    changes: ChangeSet,
    lines: Sequence[Change],
    writes: Writes,
    *,
    token: str,
    names: int,
    counts: Mapping[str, int],
) -> Commit:
    """Add the commit to the log, with all that is left to write."""
    made = next_commit(head.commit, changes, lines)
    await insert(tx, made, lines, writes, token=token, names=names, counts=counts)
    return made


async def insert(
    tx: Tx,
    made: Commit,
    lines: Sequence[Change],
    writes: Writes,
    *,
    token: str,
    names: int,
    counts: Mapping[str, int],
) -> None:
    """Add this very commit."""
    untold = [[c.action, c.resource, c.digest] for c in lines if c.action in _UNTOLD]
    stored = {
        "number": made.number,
        "at": micros(made.at),
        "actor": made.actor,
        "source": made.source,
        "reason": made.reason,
        "changes": made.changes,
        "content": made.content,
        "parent": made.parent,
        "hash": made.hash,
        "key": made.key,
        "token": token,
        "lines": canonical(untold).decode() if untold else None,
    }
    left = {name: count for name, count in counts.items() if count}
    await rows(
        tx,
        WRITE,
        **{field.name: getattr(writes, field.name) for field in fields(writes)},
        commit=stored,
        now=made.number,
        names=names,
        counts=canonical(left).decode(),
    )


_UNTOLD = {"alias", "unalias", "purge"}
"""Actions that no claim tells of."""


async def head(tx: Tx) -> Commit | None:
    found = await row(
        tx, "MATCH (h:_Head {id: 0}) MATCH (c:_Commit {number: h.number}) RETURN properties(c)"
    )
    return _commit(found[0]) if found else None


async def first_of_keys(tx: Tx, beginning: str) -> Commit | None:
    found = await row(
        tx,
        "MATCH (c:_Commit) WHERE c.key STARTS WITH $key RETURN properties(c) "
        "ORDER BY c.number LIMIT 1",
        key=beginning,
    )
    return _commit(found[0]) if found else None


COMMITS = """
MATCH (c:_Commit) WHERE c.number > $after AND c.number <= $until
RETURN properties(c) ORDER BY c.number LIMIT $limit
"""


async def commits(tx: Tx, after: int, until: int | None, limit: int) -> list[Commit]:
    found = await rows(tx, COMMITS, after=after, until=NOW if until is None else until, limit=limit)
    return [commit for (stored,) in found if (commit := _commit(stored))]


async def moment(tx: Tx, at: At) -> int:
    """The commit number that `at` means."""
    last = await head(tx)
    number = number_of(at, last.number if last else 0)
    return await _dated(tx, at) if number is None else number


async def _dated(tx: Tx, at: At) -> int:
    assert isinstance(at, datetime)
    found = await row(
        tx,
        "MATCH (c:_Commit) WHERE c.at <= $at RETURN c.number ORDER BY c.at DESC, c.number DESC "
        "LIMIT 1",
        at=micros(at),
    )
    return int(found[0]) if found else 0


async def when(tx: Tx, at: At) -> int:
    """The commit to compare intervals with; NOW for the present."""
    return NOW if at is None else await moment(tx, at)


CLAIMED = """
MATCH (c:_Claim) WHERE c.since > $after AND c.since <= $until
MATCH (r:_Resource)-[:_SAID]->(c)
RETURN c.since, r.name, c.digest
"""
WITHDRAWN = """
MATCH (c:_Claim) WHERE c.until > $after AND c.until <= $until
MATCH (r:_Resource)-[:_SAID]->(c)
WHERE NOT EXISTS { (r)-[:_SAID]->(d:_Claim) WHERE d.since = c.until AND d.source = c.source }
RETURN c.until, r.name
"""


async def changes(tx: Tx, after: int, until: int) -> list[Change]:
    """The lines of the commits in (after, until], by commit, action, name and digest."""
    sources, lines, purged = {}, [], set()
    for one in await rows(tx, COMMITS, after=after, until=until, limit=until - after):
        number, source = one[0]["number"], one[0]["source"]
        sources[number] = source
        for action, name, digest in orjson.loads(one[0].get("lines") or "[]"):
            lines.append(Change(number, name, action, source, digest))
            if action == "purge":
                purged.add((number, name))
    for number, name, digest in await rows(tx, CLAIMED, after=after, until=until):
        lines.append(Change(number, name, "claim", sources.get(number, ""), digest))
    for number, name in await rows(tx, WITHDRAWN, after=after, until=until):
        if (number, name) not in purged:
            lines.append(Change(number, name, "withdraw", sources.get(number, ""), ""))
    return sorted(lines, key=lambda c: (c.commit, c.action, c.resource, c.digest))


async def counts(tx: Tx) -> dict[str, int]:
    """Living resources by class, placeholders and retired ones, as they were counted."""
    found = await row(tx, "MATCH (h:_Head {id: 0}) RETURN h.counts")
    counted: dict[str, int] = orjson.loads(found[0]) if found else {}
    return counted
