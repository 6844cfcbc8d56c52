"""What differs between two states of a resource: before an edit and after it, or two commits.

Readers see the merge of all sources, so that is what is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Self

import strawberry

from api.schema.commits import Commit
from api.schema.context import Context, Info
from api.schema.describe import resolved
from api.schema.impact import ChangeKind, Impact, reached
from api.schema.limits import page_size
from api.schema.node import AsOf, Node
from api.schema.scalars import Moment, Value
from graph.question import Change, Question
from ontology.consequence import kinds_of_edit
from ontology.errors import NotFound
from ontology.model import Direction
from ontology.resource import At, Claim, Link, Resource, ResourceId
from ontology.resource import Value as Stored

if TYPE_CHECKING:
    from api.schema.editing import Draft

MANY = 10_000
COMMITS = 100


@strawberry.type(description="一处变化 / one attribute, before and after; null where absent")
class AttributeChange:
    name: str
    before: Value | None
    after: Value | None


@strawberry.type(description="一条关联的增减 / a link that came or went")
class LinkChange:
    type: str
    target: strawberry.ID

    @resolved("另一端 / the other end")
    async def node(self, info: Info) -> Node | None:
        found = await info.context.loaders.resources.load((ResourceId(self.target), None))
        return None if found is None else info.context.types.node(found)


@strawberry.type(
    name="StateDifference", description="差异 / what differs between two states of a resource"
)
class Difference:
    attributes: list[AttributeChange]
    linked: list[LinkChange]
    unlinked: list[LinkChange]

    @classmethod
    def between(cls, before: Claim, after: Claim) -> Self:
        was, now = _targets(before.links), _targets(after.links)
        return cls(
            attributes=_attributes(before.attributes, after.attributes),
            linked=[_link(*key) for key in now if key not in was],
            unlinked=[_link(*key) for key in was if key not in now],
        )

    def __bool__(self) -> bool:
        return bool(self.attributes or self.linked or self.unlinked)


@strawberry.type(description="预览 / what an edit would change, and whom that touches")
class Preview(Difference):
    kinds: list[ChangeKind] = strawberry.field(
        description="变化的性质 / kinds of change that this is to others; none: it touches nobody"
    )
    id: strawberry.Private[ResourceId]

    @classmethod
    def of(cls, draft: Draft, context: Context) -> Self:
        before, after = draft.before, draft.after
        found = Difference.between(before, after)
        ontology = context.types.ontology
        name = after.type or before.type or ""
        kinds = kinds_of_edit(
            (name, *ontology.types[name].ancestors),
            (change.name for change in found.attributes),
            (change.type for change in (*found.linked, *found.unlinked)),
        )
        return cls(
            attributes=found.attributes,
            linked=found.linked,
            unlinked=found.unlinked,
            kinds=[ChangeKind(kind) for kind in kinds],
            id=before.resource,
        )

    @resolved("影响 / what the change reaches; null: nothing, or the resource is new")
    async def impact(self, info: Info, first: int = 50) -> Impact | None:
        known = await info.context.ledger.store.numbers([self.id])
        if not self.kinds or self.id not in known:
            return None
        page_size(first, info.context.limits.page)
        changes = tuple(Change(self.id, kind.value) for kind in self.kinds)
        return await reached(info.context, Question(changes, first=first))


@strawberry.type(
    name="StateComparison", description="比较 / how a resource came from one state to another"
)
class Comparison(Difference):
    commits: list[Commit] = strawberry.field(
        description="其间的提交，新的在后 / the commits between, oldest first: who, when and why"
    )


async def state(id: ResourceId, context: Context, at: At = None) -> Claim:
    """The resource as readers see it, with its links, as one claim. Raises NotFound."""
    found = await context.ledger.resource(id, context.viewer, at=at)
    return await state_of(found, context, at)


async def state_of(found: Resource, context: Context, at: At = None) -> Claim:
    page = await context.ledger.links(
        found.id, None, Direction.FORWARD, context.viewer, at=at, limit=MANY
    )
    links = tuple(Link(e.type, e.target, e.properties, e.key) for e in page.edges)
    return Claim(found.id, found.type, found.attributes, links)


async def compare(
    info: Info,
    id: strawberry.ID,
    since: Annotated[Moment, strawberry.argument(name="from", description="提交号或时刻 / from")],
    to: AsOf = None,
) -> Comparison:
    context, name = info.context, ResourceId(id)
    after = await state(name, context, to)
    try:
        before = await state(name, context, since)
    except NotFound:
        before = Claim(name, None)  # it came between the two
    found = Difference.between(before, after)
    return Comparison(
        attributes=found.attributes,
        linked=found.linked,
        unlinked=found.unlinked,
        commits=await _between(name, context, since, to),
    )


async def _between(id: ResourceId, context: Context, since: At, to: At) -> list[Commit]:
    """The commits that made or ended a claim on it. A change of a neighbour is none."""
    store = context.ledger.store
    low, high = await store.commit_at(since), await store.commit_at(to)
    held = await context.ledger.history(id, context.viewer, limit=MANY)
    numbers = {n for h in held for n in (h.since, h.until or 0) if low < n <= high}
    chosen = sorted(numbers)[-COMMITS:]
    commits = await context.loaders.commits.load_many(chosen)
    return [Commit.of(commit) for commit in commits if commit is not None]


def _attributes(before: Mapping[str, Stored], after: Mapping[str, Stored]) -> list[AttributeChange]:
    names = [*before, *(name for name in after if name not in before)]
    return [
        AttributeChange(name=name, before=_value(before.get(name)), after=_value(after.get(name)))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _value(value: Stored | None) -> Any:
    return None if value is None else Value(value)


def _targets(links: Iterable[Link]) -> Sequence[tuple[str, str]]:
    return list(dict.fromkeys((link.type, link.target) for link in links))


def _link(type: str, target: str) -> LinkChange:
    return LinkChange(type=type, target=strawberry.ID(target))


ROOT: dict[str, tuple[Any, Any, str]] = {
    "compare": (compare, Comparison, "比较两个时点 / what changed between two states, and who did"),
}
"""Field → resolver, type, description."""
