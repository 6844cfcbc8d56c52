"""Claims as history and "who says what" show them, as far as the viewer may see."""

from __future__ import annotations

from typing import Self

import strawberry

from api.schema.commits import Commit
from api.schema.context import Context, Info
from api.schema.describe import resolved
from api.schema.limits import page_size
from api.schema.records import Property, properties_of
from ontology import resource as ledger
from ontology.resource import At, ResourceId


@strawberry.type(description="主张中的一条关联 / a link as a claim holds it")
class ClaimedLink:
    type: str
    target: strawberry.ID
    properties: list[Property]

    @classmethod
    def of(cls, link: ledger.Link) -> Self:
        return cls(
            type=link.type,
            target=strawberry.ID(link.target),
            properties=properties_of(link.properties),
        )


@strawberry.type(description="否认 / what a claim says is not so")
class Denial:
    attributes: list[str]
    links: list[ClaimedLink]
    resource: bool

    @classmethod
    def of(cls, denial: ledger.Denial) -> Self:
        return cls(
            attributes=sorted(denial.attributes),
            links=[
                ClaimedLink(type=k.type, target=strawberry.ID(k.target), properties=[])
                for k in sorted(denial.links, key=lambda k: (k.type, k.target, k.key))
            ],
            resource=denial.resource,
        )


@strawberry.type(
    description="主张：一个来源在一段时间内对一个资源的说法 / all that one source said of a "
    "resource, from one commit to another"
)
class Claim:
    resource: strawberry.ID
    type: str | None
    source: str
    rank: str
    since: int = strawberry.field(description="起始提交 / the commit that made it")
    until: int | None = strawberry.field(
        description="结束提交 / the commit that replaced or withdrew it; null: it stands"
    )
    attributes: list[Property]
    links: list[ClaimedLink]
    denies: Denial

    @resolved("作出它的提交 / the commit that made it: when, by whom, why")
    async def commit(self, info: Info) -> Commit | None:
        found = await info.context.loaders.commits.load(self.since)
        return None if found is None else Commit.of(found)

    @classmethod
    def of(cls, held: ledger.Held) -> Self:
        claim = held.claim
        return cls(
            resource=strawberry.ID(claim.resource),
            type=claim.type,
            source=held.source.name,
            rank=held.source.rank.name,
            since=held.since,
            until=held.until,
            attributes=properties_of(claim.attributes),
            links=[ClaimedLink.of(link) for link in claim.links],
            denies=Denial.of(claim.denies),
        )


async def history(id: ResourceId, context: Context, first: int, after: int) -> list[Claim]:
    """Claims on the resource, past and present, in order of commit."""
    page_size(first, context.limits.page)
    held = await context.ledger.history(id, context.viewer, after=after, limit=first)
    context.budget.spend(len(held))
    return [Claim.of(claim) for claim in held]


async def present(id: ResourceId, context: Context, at: At) -> list[Claim]:
    """Claims that stand at `at`, highest precedence first."""
    held = await context.ledger.held(id, context.viewer, at=at)
    return [Claim.of(claim) for claim in held]
