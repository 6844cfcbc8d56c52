"""Where a datum comes from at last, and whether that is its authoritative source (一数一源:
G 5.3, N 四(三)2, S 8.1). A second collection of the same datum is found and shown.

The datum is a data element that a field conforms to (itself, or by an item that maps to it) or
a master data entity that it refers to; for a dataset, what its origins are authoritative for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from graph.lineage import LineageAnswer, LineageQuestion, lineage
from graph.links import links_whole
from graph.names import Names
from graph.reach.answer import answering
from graph.reach.follow import rootless
from graph.reach.rows import NOW
from graph.reach.sight import Reach, Sight
from graph.store import GraphStore
from ontology.model import Direction
from ontology.naming import dataset_of
from ontology.resource import At, ResourceId, family_of
from ontology.viewer import LOCAL, Viewer

CONFORMS, MAPS, MASTER, AUTHORITY = "conformsTo", "mapsTo", "refersToMaster", "authoritativeFor"

MOST = 5_000
"""Users of one datum that are looked through for a second collection."""


class Standing(StrEnum):
    """What an origin is to the datum: its authoritative source; one behind that source, which
    it feeds; another, though there is an authoritative source; or nobody says which is."""

    AUTHORITATIVE = "authoritative"
    BEHIND = "behind"
    OTHER = "other"
    UNDECLARED = "undeclared"


@dataclass(frozen=True, slots=True)
class OriginsQuestion:
    """Of which field or dataset, as of when, through how many resources at most."""

    resource: ResourceId
    at: At = None
    room: int = 10_000


@dataclass(frozen=True, slots=True)
class Placed:
    """A resource with who answers for it. One that the viewer may not see is `hidden`, with
    an id of this answer only."""

    id: ResourceId
    type: str
    title: str
    department: ResourceId
    department_title: str
    contact: str
    retired: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """Where lineage ends, how many links away, and what it is to the datum."""

    found: Placed
    depth: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Datum:
    """What is asked about, with its authoritative sources (more than one is a fault) and the
    collections beside them: fields of the same datum that derive from nothing."""

    found: Placed
    authorities: tuple[Placed, ...]
    collections: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class OriginsAnswer:
    """`circular` are resources that derive only from each other, so that they have no origin;
    `cut` where there is more than was looked through."""

    origins: tuple[Origin, ...]
    data: tuple[Datum, ...]
    circular: tuple[ResourceId, ...]
    cut: tuple[ResourceId, ...]
    upto: int

    @property
    def complete(self) -> bool:
        return not self.cut

    @property
    def single(self) -> bool:
        """Whether 一数一源 holds as far as can be told: the datum has one authoritative source,
        all origins are it or behind it, and nobody collects the datum besides."""
        sound = (Standing.AUTHORITATIVE, Standing.BEHIND)
        return (
            bool(self.data and self.origins)
            and self.complete
            and not self.circular
            and all(origin.standing in sound for origin in self.origins)
            and all(len(d.authorities) == 1 and not d.collections for d in self.data)
        )


async def origins(
    store: GraphStore, index: Reach, question: OriginsQuestion, viewer: Viewer = LOCAL
) -> OriginsAnswer:
    """Answer from the index as it stands. Raises what `lineage` raises."""
    upward = LineageQuestion(
        question.resource, downstream=False, at=question.at, room=question.room
    )
    found = await lineage(store, index, upward)  # nothing hidden: names are taken away below
    ends, circular = _ends(found)
    asked = _Asked(store, index, question.at)
    told = [await asked.datum(id) for id in await asked.data(found.nodes[0].id, ends)]
    told = [replace(each, collections=each.beside(ends)) for each in told]
    authorities = {id for each in told for id in each.authorities}
    behind = _behind(found, authorities)
    listed = (*ends, *circular, *found.cut, *(id for each in told for id in each.ids))
    placed = await asked.placed(listed, viewer)
    return OriginsAnswer(
        tuple(
            Origin(placed[id], depth, _standing(id, authorities, behind))
            for id, depth in ends.items()
        ),
        tuple(
            Datum(
                placed[each.id],
                tuple(placed[id] for id in each.authorities),
                tuple(placed[id] for id in each.collections),
            )
            for each in told
        ),
        tuple(placed[id].id for id in circular),
        tuple(placed[id].id for id in dict.fromkeys((*found.cut, *asked.cut)) if id in placed),
        found.upto,
    )


def _ends(found: LineageAnswer) -> tuple[dict[ResourceId, int], tuple[ResourceId, ...]]:
    """The resources that derive from nothing, with their distance, unless the answer stops
    there; and those that no such resource feeds: they derive only from each other."""
    fed = {edge.use for edge in found.edges}
    ends = {n.id: n.depth for n in found.nodes if n.id not in fed and n.id not in found.cut}
    reached = _downstream(found, {*ends, *found.cut})
    return ends, tuple(n.id for n in found.nodes if n.id not in reached)


def _downstream(found: LineageAnswer, starts: Iterable[ResourceId]) -> set[ResourceId]:
    uses: dict[ResourceId, list[ResourceId]] = {}
    for edge in found.edges:
        uses.setdefault(edge.origin, []).append(edge.use)
    reached, waiting = set(starts), list(starts)
    while waiting:
        new = [use for use in uses.get(waiting.pop(), ()) if use not in reached]
        reached.update(new)
        waiting += new
    return reached


def _behind(found: LineageAnswer, authorities: Collection[ResourceId]) -> set[ResourceId]:
    """The nodes from which everything flows through an authoritative source."""
    sources = {n.id for n in found.nodes if _among(n.id, authorities)}
    kept = [e for e in found.edges if e.origin not in sources and e.use not in sources]
    past = {found.nodes[0].id}  # what the resource gets without them
    waiting = list(past)
    while waiting:
        here = waiting.pop()
        new = {e.origin for e in kept if e.use == here} - past
        past |= new
        waiting += new
    return {n.id for n in found.nodes} - past - sources


def _standing(
    id: ResourceId, authorities: Collection[ResourceId], behind: Collection[ResourceId]
) -> Standing:
    if _among(id, authorities):
        return Standing.AUTHORITATIVE
    if not authorities:
        return Standing.UNDECLARED
    return Standing.BEHIND if id in behind else Standing.OTHER


def _among(id: ResourceId, authorities: Collection[ResourceId]) -> bool:
    """Whether it is an authoritative source, or a field of one."""
    return id in authorities or dataset_of(id) in authorities


@dataclass(frozen=True, slots=True)
class _Told:
    """A datum by ids; `collections` are those that derive from nothing."""

    id: ResourceId
    authorities: tuple[ResourceId, ...]
    collections: tuple[ResourceId, ...]

    @property
    def ids(self) -> tuple[ResourceId, ...]:
        return (self.id, *self.authorities, *self.collections)

    def beside(self, ends: Collection[ResourceId]) -> tuple[ResourceId, ...]:
        """The collections that are not the one: the authoritative source, or, where nobody says
        which that is, what was asked about."""
        one = self.authorities or ends
        return tuple(id for id in self.collections if not _among(id, one))


class _Asked:
    """What is asked of the record and the index as of one moment."""

    def __init__(self, store: GraphStore, index: Reach, at: At) -> None:
        self._store, self._index, self._at = store, index, at
        self.cut: dict[ResourceId, None] = {}

    async def _ends_of(
        self, ids: Iterable[ResourceId], types: Sequence[str], way: Direction = Direction.FORWARD
    ) -> list[ResourceId]:
        ids = list(ids)
        links = await links_whole(self._store, ids, types, way, at=self._at, most=MOST)
        self.cut |= dict.fromkeys(links.cut)
        return list(dict.fromkeys(edge.end(way) for edge in links.all()))

    async def data(self, start: ResourceId, ends: Iterable[ResourceId]) -> Sequence[ResourceId]:
        """Of what the resource is, else its origins, else what they are authoritative for."""
        for ids in ([start], list(ends)):
            items = await self._ends_of(ids, [MAPS], Direction.BACKWARD)
            if found := await self._ends_of((*ids, *items), [CONFORMS, MASTER]):
                return found
        tables = [dataset_of(id) or id for id in (start, *ends)]
        return await self._ends_of(dict.fromkeys((start, *ends, *tables)), [AUTHORITY])

    async def datum(self, id: ResourceId) -> _Told:
        """The authoritative sources of a datum, and all fields of it that derive from nothing
        and not from these."""
        authorities = await self._ends_of([id], [AUTHORITY], Direction.BACKWARD)
        users = await self._ends_of([id], [CONFORMS, MASTER], Direction.BACKWARD)
        fields = [user for user in users if family_of(user) == "field"]
        items = [user for user in users if family_of(user) != "field"]
        fields += await self._ends_of(items, [MAPS])
        rest = [f for f in dict.fromkeys(fields) if not _among(f, authorities)]
        return _Told(id, tuple(authorities), tuple(await self._rootless(rest)))

    async def _rootless(self, ids: Sequence[ResourceId]) -> list[ResourceId]:
        """Those that derive from nothing."""
        numbers = await self._store.numbers(ids)
        sight, at = await self._seen()
        places = await sight.placed([numbers[id] for id in ids])
        none = await sight.look(lambda view: rootless(view, sight.transitions, places, at))
        return [id for id, alone in zip(ids, none.tolist(), strict=True) if alone]

    async def _seen(self) -> tuple[Sight, int]:
        at = None if self._at is None else await self._store.commit_at(self._at)
        return await self._index.sight(at), NOW if at is None else at

    async def placed(
        self, ids: Iterable[ResourceId], viewer: Viewer
    ) -> Mapping[ResourceId, Placed]:
        """Each with its names and who answers for it."""
        ids = list(dict.fromkeys(ids))
        numbers = await self._store.numbers(ids)
        sight, at = await self._seen()
        places = await sight.placed([numbers[id] for id in ids])
        answers = await sight.look(lambda view: answering(view, sight.transitions, places, at))
        names = await Names.read(
            self._store, self._index.ontology, sight.view, (places, answers.party), answers.way,
            viewer, self._at,
        )  # fmt: skip
        rows = zip(ids, places.tolist(), answers.party.tolist(), answers.way.tolist(), strict=True)
        return {
            id: _placed(i, place, party, way, names)
            for i, (id, place, party, way) in enumerate(rows, 1)
        }


def _placed(i: int, place: int, party: int, way: Sequence[int], names: Names) -> Placed:
    if place in names.secret:
        nothing = ResourceId("")
        return Placed(ResourceId(f"hidden:{i}"), "", "", nothing, "", "", hidden=True)
    resource = names.resources.get(names.ids[place])
    return Placed(
        names.ids[place],
        names.type(place),
        names.title(place),
        names.shown(party) if party >= 0 else ResourceId(""),
        names.title(party) if party >= 0 else "",
        names.contact(way),
        resource is not None and resource.retired,
    )
