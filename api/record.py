"""The record as its readers may see it: what a viewer may not see is left out, and may not be
changed by them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial

from api import shown
from graph.hidden import hidden, silent, untold
from graph.links import Links, links_whole
from graph.store import GraphStore, LinkPage
from ontology.errors import Forbidden, NotFound
from ontology.model import Direction, Ontology
from ontology.resource import Alias, At, ChangeSet, Edge, Held, Resource, ResourceId
from ontology.viewer import Viewer


class Record:
    """Reads by id, each for a viewer."""

    def __init__(self, ontology: Ontology, store: GraphStore) -> None:
        self.ontology, self.store = ontology, store

    async def resources(
        self, ids: Iterable[ResourceId], viewer: Viewer, *, at: At = None
    ) -> Mapping[ResourceId, Resource]:
        """Those that exist and that the viewer may see, under the ids asked for."""
        found = await self.store.get_many(ids, at=at)
        unseen = await hidden(self.store, self.ontology, found, viewer, at)
        return {id: self.shown(r, viewer) for id, r in found.items() if id not in unseen}

    async def resource(self, id: ResourceId, viewer: Viewer, *, at: At = None) -> Resource:
        """One resource. Raises NotFound: unknown, or not for this viewer (the same words,
        so that nobody learns what is hidden)."""
        found = await self.resources([id], viewer, at=at)
        if id not in found:
            raise NotFound(f"账本中没有 / not in the ledger: {id}")
        return found[id]

    def shown(self, resource: Resource, viewer: Viewer) -> Resource:
        """The resource without the attributes that this viewer may not see."""
        return shown.resource(resource, viewer, self.ontology)

    async def links_many(
        self,
        ids: Sequence[ResourceId],
        types: Sequence[str] | None,
        way: Direction,
        viewer: Viewer,
        *,
        at: At = None,
        limit: int = 100,
    ) -> Mapping[ResourceId, tuple[Edge, ...]]:
        """The first links of each, without those whose other end the viewer may not see."""
        found = await self.store.links_many(ids, types, way, at=at, limit=limit)
        return await self._open(found, way, viewer, at)

    async def links_whole(
        self,
        ids: Sequence[ResourceId],
        types: Sequence[str] | None,
        way: Direction,
        viewer: Viewer,
        *,
        most: int,
    ) -> Links:
        """Every link of each, up to `most`, and who has more; hidden ends are left out."""
        found = await links_whole(self.store, ids, types, way, most=most)
        return Links(await self._open(found.edges, way, viewer), found.cut)

    async def links(
        self,
        id: ResourceId,
        types: Sequence[str] | None,
        way: Direction,
        viewer: Viewer,
        *,
        at: At = None,
        after: str | None = None,
        limit: int = 100,
    ) -> LinkPage:
        """One page of one resource's links; hidden ends are left out of the page."""
        page = await self.store.links(id, types, way, at=at, after=after, limit=limit)
        open_ = await self._open({id: page.edges}, way, viewer, at)
        return LinkPage(open_[id], page.after)

    async def history(
        self, id: ResourceId, viewer: Viewer, *, after: int = 0, limit: int = 100
    ) -> tuple[Held, ...]:
        """What sources have said of it, past and present, in order of commit. What was said
        while it was above the viewer's clearance, and is said no more, is left out."""
        await self.resource(id, viewer)
        told: list[Held] = []
        while len(told) < limit:
            page = await self.store.history(id, after=after, limit=limit)
            told += await self._open_then(page, viewer)
            if len(page) < limit:
                break
            after = page[-1].since
        last = max((h.since for h in told[:limit]), default=0)
        return await self._told(tuple(h for h in told if h.since <= last), viewer)

    async def _open_then(self, held: tuple[Held, ...], viewer: Viewer) -> list[Held]:
        """Those that stand, or were said at a commit at which the viewer might see it."""
        if viewer.sees_all:
            return list(held)
        past = {(h.claim.resource, h.since) for h in held if h.until is not None}
        unseen = {one for one in past if await self.hidden([one[0]], viewer, one[1])}
        return [h for h in held if h.until is None or (h.claim.resource, h.since) not in unseen]

    async def held(self, id: ResourceId, viewer: Viewer, *, at: At = None) -> tuple[Held, ...]:
        """The claims on it, highest precedence first: who says what."""
        await self.resource(id, viewer, at=at)
        return await self._told((await self.store.held([id], at=at)).get(id, ()), viewer)

    async def _told(self, held: tuple[Held, ...], viewer: Viewer) -> tuple[Held, ...]:
        """The claims as far as this viewer may see them."""
        if viewer.sees_all and viewer.personal:
            return held
        ends = shown.ends(held)
        unseen = await self.hidden(ends, viewer, None)
        named = {h.claim.resource for h in held}
        closed = await untold(self.store, self.ontology, named, viewer, None)
        return shown.claims(held, ends - unseen, closed, viewer, self.ontology)

    async def aliases(self, viewer: Viewer) -> tuple[Alias, ...]:
        """The aliases in force, of what the viewer may see."""
        found = await self.store.aliases()
        hidden = await self.hidden({a.of for a in found}, viewer, None)
        return tuple(a for a in found if a.of not in hidden)

    async def conflicts(
        self, viewer: Viewer, *, after: ResourceId | None = None, limit: int = 100
    ) -> tuple[Resource, ...]:
        """Resources on which sources disagree (多源校核), in order of id."""
        ask = partial(self.store.conflicts, limit=limit)
        return await self._pages(ask, viewer, after, limit, lambda r: bool(r.conflicts))

    async def counted(
        self, name: str, viewer: Viewer, *, after: ResourceId | None = None, limit: int = 100
    ) -> tuple[Resource, ...]:
        """The list behind a number of `store.counts`, in order of id."""
        return await self._pages(
            partial(self.store.counted, name, limit=limit), viewer, after, limit
        )

    async def _pages(
        self,
        ask: Callable[..., Awaitable[tuple[Resource, ...]]],
        viewer: Viewer,
        after: ResourceId | None,
        limit: int,
        wanted: Callable[[Resource], bool] = lambda _: True,
    ) -> tuple[Resource, ...]:
        """As many as asked for of what the viewer may see, however much lies between."""
        told: list[Resource] = []
        while len(told) < limit:
            found = await ask(after=after)
            unseen = await hidden(self.store, self.ontology, {r.id: r for r in found}, viewer, None)
            told += [s for r in found if r.id not in unseen and wanted(s := self.shown(r, viewer))]
            if len(found) < limit:
                break
            after = found[-1].id
        return tuple(told[:limit])

    async def allowed(self, changes: ChangeSet, viewer: Viewer) -> None:
        """Raises Forbidden where the changes touch what the viewer may not see: who could
        write a level of their own to it, or make it one with something else, would see it.
        What an import would withdraw is not named: its file does not name it either."""
        if viewer.sees_all:
            return
        told = {c.resource for c in changes.claims} | {e.resource for e in changes.edits}
        touched = told | {n for a in changes.called for n in (a.name, a.of)}
        touched |= set(changes.withdrawals)
        hidden = await self.hidden(touched, viewer, None)
        if hidden:
            raise Forbidden(
                f"无权修改 / {viewer.name} may not change: "
                + ("、".join(sorted(hidden & told)[:3]) or "其中的一些资源 / some of these")
            )

    async def seen(self, ids: Iterable[ResourceId], viewer: Viewer) -> None:
        if not viewer.sees_all:
            for id in ids:
                await self.resource(id, viewer)

    async def hidden(
        self, ids: Iterable[ResourceId], viewer: Viewer, at: At = None
    ) -> set[ResourceId]:
        """Those of these that the viewer may not see, at `at` or now."""
        found = await self.store.get_many(ids, at=at)
        return await hidden(self.store, self.ontology, found, viewer, at)

    async def _open(
        self,
        links: Mapping[ResourceId, tuple[Edge, ...]],
        way: Direction,
        viewer: Viewer,
        at: At = None,
    ) -> Mapping[ResourceId, tuple[Edge, ...]]:
        """The links without those whose other end the viewer may not see, and without rules
        that name such."""
        if viewer.sees_all:
            return links
        every = [edge for edges in links.values() for edge in edges]
        unseen = await self.hidden({e.end(way) for e in every}, viewer, at)
        seen = [e for e in every if e.end(way) not in unseen]
        closed = await self._closed(seen, viewer, at)
        return {
            id: tuple(
                silent(e) if e.origin in closed else e for e in edges if e.end(way) not in unseen
            )
            for id, edges in links.items()
        }

    async def legible(
        self, edges: Sequence[Edge], viewer: Viewer, at: At = None
    ) -> tuple[Edge, ...]:
        """The links, without rules that name what the viewer may not see."""
        closed = await self._closed(edges, viewer, at)
        return tuple(silent(e) if e.origin in closed else e for e in edges)

    async def _closed(self, edges: Iterable[Edge], viewer: Viewer, at: At) -> set[ResourceId]:
        ruled = {e.origin for e in edges if "rule" in e.properties}
        return await untold(self.store, self.ontology, ruled, viewer, at)
