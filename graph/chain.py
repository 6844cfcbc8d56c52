"""The next link of the commit chain, the same on every store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from graph.guard import utc
from ontology.digest import commit_hash, content_digest
from ontology.resource import Change, ChangeSet, Commit, Rank, Source

LEDGER = Source("mulu", Rank.CURATED)
"""The source of what the ledger does itself."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(at: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (utc(at) - EPOCH) // timedelta(microseconds=1)


def moment_of(micros: int) -> datetime:
    """The reverse of `micros`."""
    return EPOCH + timedelta(microseconds=micros)


def next_commit(before: Commit | None, changes: ChangeSet, lines: Sequence[Change]) -> Commit:
    """The commit that these lines make behind the one before."""
    moment = utc(changes.at or datetime.now(UTC))
    made = Commit(
        number=before.number + 1 if before else 1,
        at=max(moment, before.at) if before else moment,
        actor=changes.actor,
        source=changes.source.name,
        reason=changes.reason,
        changes=len(lines),
        content=content_digest(lines),
        parent=before.hash if before else "",
        hash="",
        key=changes.key,
    )
    return replace(made, hash=commit_hash(made))
