"""The commit log: pages of it, what each commit touched, and the stream of coming ones."""

from __future__ import annotations

from collections.abc import AsyncIterator

import strawberry

from api.schema.context import Context, Info
from api.schema.describe import resolved
from api.schema.limits import page_size
from api.schema.node import First, Node
from api.schema.records import PageInfo, iso
from api.schema.scalars import DateTime
from graph.page import count_in
from ontology import resource as ledger
from ontology.errors import InvalidInput


@strawberry.type(description="变更 / one line of a commit: what was done to which resource")
class CommitChange:
    id: strawberry.ID
    action: str = strawberry.field(description="claim, withdraw, alias, unalias, purge")
    source: str
    resource: Node | None = strawberry.field(description="此提交之时的资源 / as of this commit")


@strawberry.type(description="提交：一次原子写入 / one atomic write, chained by its hash")
class Commit:
    number: int
    at: DateTime
    actor: str
    source: str
    reason: str
    changes: int = strawberry.field(description="变更条数 / how many lines it has")
    hash: str
    parent: str
    key: str | None

    @classmethod
    def of(cls, commit: ledger.Commit) -> Commit:
        return cls(
            number=commit.number,
            at=iso(commit.at),
            actor=commit.actor,
            source=commit.source,
            reason=commit.reason,
            changes=commit.changes,
            hash=commit.hash,
            parent=commit.parent,
            key=commit.key and (commit.key.rpartition("#")[0] or commit.key),  # as its caller said
        )

    @resolved("其变更 / what it changed, as far as the viewer may see")
    async def lines(self, info: Info, first: First = 100) -> list[CommitChange]:
        page_size(first, info.context.limits.page)
        found: list[ledger.Change] = []
        async for change in info.context.ledger.store.changes(self.number - 1, self.number):
            if len(found) == first:
                break
            found.append(change)
        return await _shown(found, self.number, info.context)


async def _shown(changes: list[ledger.Change], number: int, context: Context) -> list[CommitChange]:
    context.budget.spend(len(changes))
    keys = [(change.resource, number) for change in changes]
    resources = await context.loaders.resources.load_many(keys)
    return [
        CommitChange(
            id=strawberry.ID(change.resource),
            action=change.action,
            source=change.source,
            resource=context.types.node(resource, number) if resource else None,
        )
        for change, resource in zip(changes, resources, strict=True)
        if resource is not None or context.viewer.sees_all
    ]


@strawberry.type
class CommitEdge:
    cursor: str
    node: Commit


@strawberry.type(description="一页提交 / a page of the commit log")
class CommitConnection:
    edges: list[CommitEdge]
    nodes: list[Commit]
    page_info: PageInfo
    total_count: int


async def commits(
    info: Info, first: First = 50, after: str | None = None, oldest_first: bool = False
) -> CommitConnection:
    page_size(first, info.context.limits.page)
    log, top = info.context.ledger, await info.context.ledger.reaching.top()
    place = _number(after)
    if oldest_first:
        low = place or 0
        high = min(low + first, top)
    else:
        high = top if place is None else min(place - 1, top)
        low = max(high - first, 0)
    found = [Commit.of(c) async for c in log.store.commits(low, high)] if high > low else []
    if not oldest_first:
        found.reverse()
    more = high < top if oldest_first else low > 0
    edges = [CommitEdge(cursor=str(commit.number), node=commit) for commit in found]
    return CommitConnection(
        edges=edges,
        nodes=found,
        page_info=PageInfo.of([e.cursor for e in edges], more=more, after=after),
        total_count=top,
    )


def _number(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if (number := count_in(cursor)) is None:
        raise InvalidInput(f"{cursor!r} 不是提交号 / is no commit number")
    return number


async def feed(info: Info, after: int | None = None) -> AsyncIterator[Commit]:
    """Every commit after `after` (none given: those to come), as it is made."""
    start = await info.context.ledger.reaching.top() if after is None else after
    async for commit in info.context.ledger.projections.feed(start):
        yield Commit.of(commit)
