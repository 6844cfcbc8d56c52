"""How one request is answered from one view of a tantivy index."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from tantivy import DocAddress, Document, SearchResult
from tantivy import Order as Direction

from ontology.errors import InvalidInput, LimitExceeded
from ontology.resource import ResourceId
from ontology.viewer import Viewer
from search import clause as clauses
from search import query as q
from search import spelling
from search import tokens as t
from search.document import visible_to
from search.highlight import Highlighter
from search.index import MAX_PAGE, Facet, FacetCount, Hit, Order, Request, SearchPage, Stored
from search.mapping import TITLE, TYPE
from search.pages import Pages
from search.paging import Cursor
from search.plan import EVERYTHING, Planner
from search.ranking import RELAXED_SHARE
from search.tantivy_engine import LEAST_PRIOR, Engine, View, translated
from search.tantivy_order import column, in_order
from search.views import Views

SLACK = 50
"""Documents by which a rank may have moved before a page has to look further for its
beginning."""
_EVERY_SEGMENT = 65_000  # facet values that a segment counts: all of them, so counts are exact
_CANDIDATES = 12
_STORED_BATCH = 20_000
_SHORT = 40


@dataclass(frozen=True, slots=True)
class Found:
    """Where a hit is in the index, and in the list (see Cursor)."""

    address: DocAddress
    number: int
    part: int = 0
    rank: int = 0
    score: float = 0.0
    key: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """Answers requests from one generation."""

    engine: Engine
    planner: Planner
    views: Views[View]
    listed: list[Stored] = field(default_factory=list)
    """All ids in order, while `stored` hands them out."""
    pages: Pages = field(default_factory=Pages)

    def page(self, request: Request, viewer: Viewer | None) -> SearchPage:
        with translated(self.engine.path):
            stamp = self.engine.view().stamp
            shown = (request.facets, request.facet_size, request.highlights)
            asked = (_digest(request, viewer), request.page, shown)
            page = self.pages.get(stamp, asked)
            if page is None:
                page = self._page(request, viewer)
                self.pages.keep(stamp, asked, page)
            return page

    def _page(self, request: Request, viewer: Viewer | None) -> SearchPage:
        size = request.page.size
        if not 0 <= size <= MAX_PAGE:
            raise LimitExceeded(f"每页 0 至 {MAX_PAGE} 条 · a page has 0 to {MAX_PAGE} hits")
        ranked = request.order is None and any(q.positive(request.query))
        name = _digest(request, viewer)
        cursor = Cursor.read(request.page.after, name) if request.page.after else None
        view = (self.views.get(cursor.snapshot) if cursor else None) or self.engine.view()
        chosen = self._chosen(request)
        filters = (*self._visible(viewer), *self._where(request), *chosen.values())
        for missing in [cursor.missing] if cursor else self._tries(request.query):
            clause = self._clause(request.query, ranked, missing)
            base = clauses.Bool(must=(clause,), filters=filters)
            if ranked:
                found, total = self._best(view, base, cursor, size + 1)
            else:
                found, total = self._ordered(view, base, request.order, cursor, size + 1)
            if total:
                break
        else:
            missing = 0
        snapshot = self.views.keep(view) if ranked and total > size else ""
        hits = self._hits(view, found[:size], request, Cursor(name, missing, snapshot=snapshot))
        nothing = total == 0 or missing > 0
        return SearchPage(
            total=total,
            hits=hits,
            facets=self._facets(view, request, missing, viewer, chosen),
            relaxed=missing > 0,
            suggestion=self._suggestion(view, request.query, viewer) if nothing else None,
            after=hits[-1].cursor if hits and len(found) > size else None,
            position=view.position,
        )

    def _tries(self, query: q.Query) -> list[int]:
        """How many words may be missing: none; if that finds nothing, some; then all but one."""
        most = self.planner.most_missing(query)
        some = most + 1 - max(1, round((most + 1) * RELAXED_SHARE))
        return sorted({0, min(some, most), most})

    def suggest(self, prefix: str, viewer: Viewer | None, limit: int) -> tuple[Hit, ...]:
        with translated(self.engine.path):
            view = self.engine.view()
            clause = clauses.Bool(
                must=(self.planner.suggestion(prefix),), filters=self._visible(viewer)
            )
            found, _ = self._best(view, clause, None, max(1, limit) * 5)
            hits = self._hits(view, found, Request(q.Phrase(prefix)), Cursor(""))
            return tuple({hit.title: hit for hit in reversed(hits)}.values())[::-1][:limit]

    # --- clauses --------------------------------------------------------------------------

    def _clause(self, query: q.Query, ranked: bool, missing: int) -> clauses.Clause:
        if ranked or missing:
            return self.planner.ranked(query, missing=missing)
        return self.planner.filter(query)

    def _visible(self, viewer: Viewer | None) -> tuple[clauses.Clause, ...]:
        held = visible_to(viewer)
        if held is None:
            return ()
        return (
            clauses.Bool(should=tuple(clauses.Term(t.VISIBILITY, v) for v in held), at_least=1),
        )

    def _where(self, request: Request) -> tuple[clauses.Clause, ...]:
        return () if request.where == q.ALL else (self.planner.filter(request.where),)

    def _chosen(self, request: Request) -> Mapping[str, clauses.Clause]:
        for name in (*request.facets, *request.selected):
            if name not in self.planner.mapping.facets:
                known = ", ".join(self.planner.mapping.facets)
                raise InvalidInput(f"没有分面 {name} · no facet {name}; there are: {known}")
        return {
            name: self.planner.filter(q.OneOf(name, tuple(values)))
            for name, values in request.selected.items()
            if values
        }

    # --- lists ----------------------------------------------------------------------------

    def _count(self, view: View, clause: clauses.Clause) -> int:
        return _total(view.searcher.search(self.engine.query(clause), 1))

    def _best(
        self, view: View, clause: clauses.Clause, cursor: Cursor | None, size: int
    ) -> tuple[list[Found], int]:
        """The best hits, after the cursor's, and how many there are. In the cursor's own view
        its rank says where to go on; in another one, the place of its resource, or of its
        score, does."""
        start, length = (cursor.rank, size) if cursor else (0, size)
        if moved := cursor is not None and self.views.get(cursor.snapshot) is not view:
            start, length = max(0, start - SLACK), size + 2 * SLACK
        result = view.searcher.search(
            self.engine.query(clause), length, offset=start, weight_by_field=t.PRIOR
        )
        numbers = column(view, t.NUMBER, [address for _, address in result.hits])
        found = [
            Found(address, number, rank=rank, score=score * LEAST_PRIOR)
            for rank, ((score, address), number) in enumerate(
                zip(result.hits, numbers, strict=True), start + 1
            )
        ]
        if cursor and moved:
            found = found[_place(found, cursor) :]
        return found[:size], _total(result)

    def _ordered(
        self,
        view: View,
        clause: clauses.Clause,
        order: Order | None,
        cursor: Cursor | None,
        size: int,
    ) -> tuple[list[Found], int]:
        """Hits in the order of a field, after the cursor's key; then those without it."""
        found: list[Found] = []
        for part, (part_clause, columns, way) in enumerate(self._parts(clause, order)):
            if len(found) < size and not (cursor and part < cursor.part):
                after = cursor.key if cursor and part == cursor.part else None
                left = size - len(found)
                keys = in_order(self.engine, view, part_clause, columns, way, after, left)
                found += [Found(address, key[-1], part, key=key) for key, address in keys]
        return found, self._count(view, clause)

    def _parts(
        self, clause: clauses.Clause, order: Order | None
    ) -> list[tuple[clauses.Clause, tuple[str, ...], Direction]]:
        if order is None:
            return [(clause, (*t.RANK_ORDER, t.NUMBER), Direction.Asc)]
        columns = t.sorting(order.field, self.planner.mapping)
        if columns is None:
            raise InvalidInput(f"不能按 {order.field} 排序 · cannot be ordered by {order.field}")
        way = Direction.Desc if order.descending else Direction.Asc
        if order.field in (TYPE, TITLE):
            return [(clause, (*columns, t.NUMBER), way)]
        having = clauses.Has(columns[0])
        return [
            (clauses.Bool(must=(clause,), filters=(having,)), (*columns, t.NUMBER), way),
            (
                clauses.Bool(must=(clause,), without=(having,)),
                (*t.TITLE_ORDER, t.NUMBER),
                Direction.Asc,
            ),
        ]

    # --- hits, facets, did-you-mean -------------------------------------------------------

    def _hits(
        self, view: View, found: Sequence[Found], request: Request, base: Cursor
    ) -> tuple[Hit, ...]:
        marker = Highlighter(request.query, self.planner.segmenter) if request.highlights else None
        hits = []
        for one in found:
            doc = view.searcher.doc(one.address)
            type_, title, texts = t.read_source(_stored(doc, t.SOURCE))
            cursor = replace(
                base,
                part=one.part,
                rank=one.rank,
                score=one.score,
                key=one.key,
                number=one.number,
            )
            hits.append(
                Hit(
                    id=ResourceId(_stored(doc, t.STORED_ID).decode()),
                    type=type_,
                    title=title,
                    score=one.score,
                    highlights=marker.mark(texts) if marker else (),
                    cursor=str(cursor),
                )
            )
        return tuple(hits)

    def _facets(
        self,
        view: View,
        request: Request,
        missing: int,
        viewer: Viewer | None,
        chosen: Mapping[str, clauses.Clause],
    ) -> tuple[Facet, ...]:
        """Each facet is counted under the choices in all others but itself; those without
        a choice of their own share one count."""
        clause = self._clause(request.query, False, missing)
        fixed = (*self._visible(viewer), *self._where(request))
        counted: dict[str, Facet] = {}
        open_ = [name for name in request.facets if name not in chosen]
        for names in [open_, *([name] for name in request.facets if name in chosen)]:
            others = (c for name, c in chosen.items() if name not in names)
            base = clauses.Bool(must=(clause,), filters=(*fixed, *others))
            counted |= self._count_facets(view, base, names, request.facet_size)
        return tuple(counted[name] for name in request.facets)

    def _count_facets(
        self, view: View, clause: clauses.Clause, names: Sequence[str], size: int
    ) -> dict[str, Facet]:
        if not names:
            return {}
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

    def _suggestion(self, view: View, query: q.Query, viewer: Viewer | None) -> str | None:
        """The query with its unknown pieces mended, if any of them can be."""
        text, visible = str(query), self._visible(viewer)
        for chunk in spelling.chunks(query):
            known = clauses.Bool(must=(self.planner.filter(q.Words(chunk)),), filters=visible)
            if self._count(view, known):
                continue
            alike = clauses.Bool(must=(self.planner.similar(chunk),), filters=visible)
            names: list[str] = []
            for one in self._best(view, alike, None, _CANDIDATES)[0]:
                doc = view.searcher.doc(one.address)
                _, title, texts = t.read_source(_stored(doc, t.SOURCE))
                names += [title, *(text for _, text in texts if len(text) <= _SHORT)]
            if mended := spelling.mend(chunk, names):
                text = text.replace(chunk, mended)
        return text if text != str(query) else None

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


def _place(found: Sequence[Found], cursor: Cursor) -> int:
    """Where the list goes on after the cursor's hit, in a view that is not its own."""
    for place, one in enumerate(found):
        if one.number == cursor.number:
            return place + 1
    return next((i for i, one in enumerate(found) if one.score < cursor.score), len(found))


def _digest(request: Request, viewer: Viewer | None) -> str:
    """What a cursor belongs to: the list it is a place in."""
    selected = sorted((name, sorted(values)) for name, values in request.selected.items())
    asked = (request.query, request.where, selected, request.order, visible_to(viewer))
    return blake2b(repr(asked).encode(), digest_size=6).hexdigest()
