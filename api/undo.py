"""Undoing a commit: its source says again what it said before, as a new commit.

History is never taken back; what was said in between stays readable. Only a commit whose
claims still stand as it left them can be undone: who changed one of them since meant it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.ledger import Ledger
from ontology.errors import InvalidInput, LimitExceeded, NotFound
from ontology.problem import Problem
from ontology.resource import Change, ChangeSet, Claim, Commit, Held, Source
from ontology.viewer import Viewer

MOST = 1_000
"""Lines of a commit that can be undone at once."""
HISTORY = 10_000
OTHERWISE = {
    "alias": "请用 unalias 撤销 / take an alias back by unalias",
    "unalias": "请用 alias 重建 / make an alias again by alias",
    "purge": "值已抹去 / the values are gone",
}
"""Actions that are not undone here, and what to do instead."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """One line turned back: what its source had said before (None: nothing)."""

    line: Change
    before: Claim | None
    source: Source


async def undoing(
    ledger: Ledger, number: int, viewer: Viewer, *, reason: str = "", key: str | None = None
) -> ChangeSet:
    """The change set that takes a commit back. Raises NotFound for an unknown one,
    InvalidInput with a problem for each line that cannot be taken back."""
    commit = await _commit(ledger, number)
    lines = await _lines(ledger, commit)
    found = [await _turn(ledger, line, viewer) for line in lines]
    problems = [one for one in found if isinstance(one, Problem)]
    if problems:
        raise InvalidInput(
            f"提交 {number} 不能撤销 / cannot be undone: "
            + "；".join(problem.what for problem in problems[:3]),
            problems,
        )
    turns = [one for one in found if isinstance(one, _Turn)]
    versions = await ledger.resources([turn.line.resource for turn in turns], viewer)
    return ChangeSet(
        actor=viewer.name,
        source=turns[0].source,
        reason=reason or f"撤销提交 {number} / undo",
        claims=tuple(turn.before for turn in turns if turn.before is not None),
        withdrawals=tuple(turn.line.resource for turn in turns if turn.before is None),
        expected={id: seen.version for id, seen in versions.items() if seen.id == id},
        key=key,
    )


async def _commit(ledger: Ledger, number: int) -> Commit:
    async for commit in ledger.store.commits(number - 1, number):
        return commit
    raise NotFound(f"没有提交 {number} / there is no commit {number}")


async def _lines(ledger: Ledger, commit: Commit) -> Sequence[Change]:
    if commit.changes > MOST:
        raise LimitExceeded(
            f"提交 {commit.number} 有 {commit.changes} 条变更，最多可撤销 {MOST} 条 / too many "
            "changes to undo at once: 请更正来源后重新导入 / correct the source and import again"
        )
    return [line async for line in ledger.store.changes(commit.number - 1, commit.number)]


async def _turn(ledger: Ledger, line: Change, viewer: Viewer) -> _Turn | Problem:
    if line.action in OTHERWISE:
        what = f"{line.resource}: {line.action} 不能这样撤销 / is not undone so"
        return Problem(what, OTHERWISE[line.action], resource=line.resource)
    await ledger.resource(line.resource, viewer)  # who may not see it may not change it
    own = [
        held
        for held in await ledger.store.history(line.resource, limit=HISTORY)
        if held.source.name == line.source and held.claim.resource == line.resource
    ]
    later = _later(own, line)
    if later:
        return Problem(
            f"{line.resource} 在提交 {later} 中又有变化 / was changed again in commit {later}",
            f"先撤销提交 {later}，或直接修改该资源 / undo that one first, or edit the resource",
            resource=line.resource,
        )
    before = next((held.claim for held in own if held.until == line.commit), None)
    return _Turn(line, before, own[0].source)


def _later(own: Sequence[Held], line: Change) -> int:
    """The first commit after this one that changed the source's claim; 0: none."""
    ends = {n for held in own for n in (held.since, held.until or 0) if n > line.commit}
    return min(ends, default=0)
