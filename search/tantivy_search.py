"""How one request is answered from one view of a tantivy index."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tantivy import DocAddress, Document, SearchResult
from tantivy import Order as Direction

from ontology.resource import ResourceId
from ontology.viewer import Viewer
from search import clause as clauses
from search import query as q
from search import tokens as t
from search.advice import Advice, Look, Seen
from search.index import Facet, FacetCount, Hit, Request, SearchPage, Stored
from search.pages import LARGEST, Pages, Recent
from search.paging import Cursor
from search.plan import EVERYTHING, Planner
from search.question import (
    Found,
    Part,
    Question,
    digest,
    each_title_once,
    hits,
    visible,
)
from search.tantivy_engine import LEAST_PRIOR, Engine, View, translated
from search.tantivy_order import column, in_order
from search.views import Views

SLACK = 50
"""Documents by which a rank may have moved before a page has to look further for its
beginning."""
AHEAD = 4
"""Pages of a list in order that are read at once from its second page on: each reading is several
searches, however few hits it gives, and who asked for the second page asks for the third."""
STRETCHES = 64
_EVERY_SEGMENT = 65_000  # facet values that a segment counts: all of them, so counts are exact
_STORED_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hit is in the index, and in the list (see Cursor)."""

    address: DocAddress
    number: int
    part: int = 0
    rank: int = 0
    score: float = 0.0
    key: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a list in order that was read ahead; `last`: nothing comes after it."""

    places: Sequence[Place]
    total: int
    last: bool

    def after(self, cursor: Cursor, size: int) -> Sequence[Place] | None:
        """The places behind the cursor's; None where they are not all here."""
        for number, place in enumerate(self.places, 1):
            if place.key == cursor.key and place.part == cursor.part:
                enough = self.last or number + size <= len(self.places)
                return self.places[number : number + size] if enough else None
        return None


@dataclass(frozen=True, slots=True)
class Search:
    """Answers requests from one generation."""

    engine: Engine
    planner: Planner
    views: Views[View]
    listed: list[Stored] = field(default_factory=list)
    """All ids in order, while `stored` hands them out."""
    pages: Pages = field(default_factory=Pages)
    ahead: Recent[Stretch] = field(default_factory=lambda: Recent(STRETCHES))

    def page(self, request: Request, viewer: Viewer | None) -> SearchPage:
        with translated(self.engine.path):
            stamp = self.engine.view().stamp
            shown = (request.facets, request.facet_size, request.highlights)
            asked = (digest(request, viewer), request.page, shown)
            page = self.pages.get(stamp, asked)
            if page is None:
                page = self._page(Question.read(request, viewer, self.planner))
                self.pages.keep(stamp, asked, page)
            return page

    def _page(self, asked: Question) -> SearchPage:
        size, cursor = asked.request.page.size, asked.cursor
        view = (self.views.get(cursor.snapshot) if cursor else None) or self.engine.view()
        filters = (*asked.fixed, *asked.chosen.values())
        found: Sequence[Place]
        for missing in asked.tries:
            clause = asked.clause(missing, ranked=asked.ranked)
            base = clauses.Bool(must=(clause,), filters=filters)
            if asked.ranked:
                found, total = self._best(view, base, cursor, size + 1)
            else:
                found, total = self._listed(view, base, asked, missing)
            if total:
                break
        else:
            missing = 0
        snapshot = self.views.keep(view) if asked.ranked and total > size else ""
        shown = asked.hits(self._found(view, found[:size]), missing, snapshot)
        nothing = total == 0 or missing > 0
        return SearchPage(
            total=total,
            hits=shown,
            facets=self._facets(view, asked, missing),
            relaxed=missing > 0,
            suggestion=self._suggestion(view, asked) if nothing else None,
            after=shown[-1].cursor if shown and len(found) > size else None,
            position=view.position,
        )

    def suggest(self, prefix: str, viewer: Viewer | None, limit: int) -> tuple[Hit, ...]:
        with translated(self.engine.path):
            view = self.engine.view()
            clause = clauses.Bool(must=(self.planner.suggestion(prefix),), filters=visible(viewer))
            places, _ = self._best(view, clause, None, max(1, limit) * 5)
            found = self._found(view, places)
            request = Request(q.Phrase(prefix))
            return each_title_once(hits(found, request, self.planner, Cursor("")), limit)

    # --- lists ----------------------------------------------------------------------------

    def _count(self, view: View, clause: clauses.Clause) -> int:
        return _total(view.searcher.search(self.engine.query(clause), 1))

    def _best(
        self, view: View, clause: clauses.Clause, cursor: Cursor | None, size: int
    ) -> tuple[list[Place], int]:
        """The best hits, after the cursor's, and how many there are. In the cursor's own view
        its rank says where to go on; in another one, the place of its resource, or of its
        score, does."""
        # Not beyond the last document: the engine makes room for all that it skips.
        start = min(cursor.rank, view.searcher.num_docs) if cursor else 0
        length = size
        if moved := cursor is not None and self.views.get(cursor.snapshot) is not view:
            start, length = max(0, start - SLACK), size + 2 * SLACK
        result = view.searcher.search(
            self.engine.query(clause), length, offset=start, weight_by_field=t.PRIOR
        )
        numbers = column(view, t.NUMBER, [address for _, address in result.hits])
        found = [
            Place(address, number, rank=rank, score=score * LEAST_PRIOR)
            for rank, ((score, address), number) in enumerate(
                zip(result.hits, numbers, strict=True), start + 1
            )
        ]
        if cursor and moved:
            found = found[_place(found, cursor) :]
        return found[:size], _total(result)

    def _listed(
        self, view: View, clause: clauses.Clause, asked: Question, missing: int
    ) -> tuple[Sequence[Place], int]:
        """Hits in order after the cursor's, one more than the page has, and how many in all."""
        cursor, size, parts = asked.cursor, asked.request.page.size + 1, asked.parts()
        if cursor is None or size > LARGEST:  # a first page, or an export
            return self._ordered(view, clause, parts, cursor, size)
        stretch = self.ahead.get(view.stamp, (asked.digest, missing))
        found = stretch.after(cursor, size) if stretch else None
        if stretch is None or found is None:
            places, total = self._ordered(view, clause, parts, cursor, AHEAD * size)
            stretch = Stretch(places, total, last=len(places) < AHEAD * size)
            self.ahead.keep(view.stamp, (asked.digest, missing), stretch)
            found = places[:size]
        return found, stretch.total

    def _ordered(
        self,
        view: View,
        clause: clauses.Clause,
        parts: Sequence[Part],
        cursor: Cursor | None,
        size: int,
    ) -> tuple[list[Place], int]:
        """Hits in the order of a field, after the cursor's key; then those without it."""
        found: list[Place] = []
        for number, part in enumerate(parts):
            if len(found) < size and not (cursor and number < cursor.part):
                after = cursor.key if cursor and number == cursor.part else None
                narrowed = clause
                if part.condition:
                    narrowed = clauses.Bool(must=(clause,), filters=(part.condition,))
                way = Direction.Desc if part.descending else Direction.Asc
                keys = in_order(
                    self.engine, view, narrowed, part.columns, way, after, size - len(found)
                )
                found += [Place(address, key[-1], number, key=key) for key, address in keys]
        return found, self._count(view, clause)

    # --- hits, facets, did-you-mean -------------------------------------------------------

    def _found(self, view: View, places: Sequence[Place]) -> Iterator[Found]:
        for one in places:
            doc = view.searcher.doc(one.address)
            id, source = _stored(doc, t.STORED_ID).decode(), _stored(doc, t.SOURCE)
            yield Found(id, source, one.number, one.part, one.rank, one.score, one.key)

    def _facets(self, view: View, asked: Question, missing: int) -> tuple[Facet, ...]:
        """Each facet is counted under the choices in all others but itself; those without
        a choice of their own share one count."""
        clause = asked.clause(missing, ranked=False)
        counted: dict[str, Facet] = {}
        for names, others in asked.counted():
            base = clauses.Bool(must=(clause,), filters=(*asked.fixed, *others))
            counted |= self._count_facets(view, base, names, asked.request.facet_size)
        return tuple(counted[name] for name in asked.request.facets)

    def _count_facets(
        self, view: View, clause: clauses.Clause, names: Sequence[str], size: int
    ) -> dict[str, Facet]:
        asked = {
            name: {
                "terms": {
                    "field": t.facet_field(name),
                    "size": size,
                    "segment_size": _EVERY_SEGMENT,
                }
            }
            for name in names
        }
        answer = view.searcher.aggregate(self.engine.query(clause), asked)
        facets = {}
        for name in names:
            counts = [FacetCount(b["key"], b["doc_count"]) for b in answer[name]["buckets"]]
            counts.sort(key=lambda c: (-c.count, c.value))
            others = int(answer[name]["sum_other_doc_count"])
            facets[name] = Facet(name, tuple(counts), others)
        return facets

    def _suggestion(self, view: View, asked: Question) -> str | None:
        advice = Advice(asked)
        for look in advice.looks():
            look.seen = self._seen(view, look)
        return advice.text

    def _seen(self, view: View, look: Look) -> Seen:
        if not look.best:
            return Seen(bool(self._count(view, look.clause)))
        places, total = self._best(view, look.clause, None, look.best)
        return Seen(bool(total), [one.source for one in self._found(view, places)])

    # --- for verify -----------------------------------------------------------------------

    def stored(self, after: ResourceId | None, limit: int) -> list[Stored]:
        with translated(self.engine.path):
            if after is None or not self.listed:
                self.listed[:] = sorted(self._all_stored(), key=lambda one: one.id)
            start = bisect_right(self.listed, after or "", key=lambda one: one.id)
            found = self.listed[start : start + limit]
            if not found:
                self.listed.clear()
            return found

    def _all_stored(self) -> Iterator[Stored]:
        view, after = self.engine.view(), None
        while True:
            keys = in_order(
                self.engine, view, EVERYTHING, (t.NUMBER,), Direction.Asc, after, _STORED_BATCH
            )
            for _, address in keys:
                doc = view.searcher.doc(address)
                id = ResourceId(_stored(doc, t.STORED_ID).decode())
                yield Stored(id, _stored(doc, t.DIGEST).decode())
            if len(keys) < _STORED_BATCH:
                return
            after = keys[-1][0]

    def count(self) -> int:
        with translated(self.engine.path):
            return self._count(self.engine.view(), EVERYTHING)


def _stored(doc: Document, field: str) -> bytes:
    value = doc.get_first(field)
    if not isinstance(value, bytes):
        raise ValueError(f"corrupt document: no {field}")
    return value


def _total(result: SearchResult) -> int:
    return int(result.count)  # type: ignore[attr-defined]  # left out of the type stubs


def _place(found: Sequence[Place], cursor: Cursor) -> int:
    """Where the list goes on after the cursor's hit, in a view that is not its own."""
    for place, one in enumerate(found):
        if one.number == cursor.number:
            return place + 1
    return next((i for i, one in enumerate(found) if one.score < cursor.score), len(found))
