"""How one request is answered from one view of a tantivy index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from tantivy import DocAddress, Document
from tantivy import Order as Direction

from ontology.errors import InvalidInput, LimitExceeded
from ontology.resource import ResourceId
from ontology.viewer import Viewer
from search import plan, spelling
from search import query as q
from search import tokens as t
from search.document import visible_to
from search.highlight import Highlighter
from search.index import MAX_PAGE, Facet, FacetCount, Hit, Order, Request, SearchPage, Stored
from search.mapping import ID, TITLE, TYPE
from search.paging import Cursor
from search.ranking import RELAXED_SHARE
from search.tantivy_engine import Engine, View, translated
from search.views import Views

SLACK = 50
"""Documents by which a rank may have moved before a page has to look further for its
beginning."""
_EVERY_SEGMENT = 65_000  # facet values that a segment counts: all of them, so counts are exact
_CANDIDATES = 12
_SHORT = 40

Found = tuple[str | float, DocAddress, int, int]
"""Sort key or score, where the document is, part and rank of the list."""


@dataclass(frozen=True, slots=True)
class Search:
    """Answers requests from one generation."""

    engine: Engine
    planner: plan.Planner
    views: Views[View]
    ranks: dict[ResourceId, int] = field(default_factory=dict)
    """Where the last batch of `stored` ended, so that the next one need not look for it."""

    def page(self, request: Request, viewer: Viewer | None) -> SearchPage:
        with translated(self.engine.path):
            return self._page(request, viewer)

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
        missing, total = self._missing(view, request.query, filters, cursor)
        base = plan.Bool(must=(self._clause(request.query, ranked, missing),), filters=filters)
        wanted = size + 1 if size else 0
        found = (
            self._best(view, base, cursor, wanted)
            if ranked
            else self._ordered(view, base, request.order, cursor, wanted)
        )
        snapshot = self.views.keep(view) if ranked and total else ""
        hits = self._hits(view, found[:size], request, Cursor(name, missing, 0, 0, "", 0, snapshot))
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

    def suggest(self, prefix: str, viewer: Viewer | None, limit: int) -> tuple[Hit, ...]:
        with translated(self.engine.path):
            view = self.engine.view()
            clause = plan.Bool(
                must=(self.planner.suggestion(prefix),), filters=self._visible(viewer)
            )
            found = self._best(view, clause, None, max(1, limit) * 5)
            request = Request(q.Phrase(prefix))
            hits = self._hits(view, found, request, Cursor("", 0, 0, 0, "", 0))
            return tuple({hit.title: hit for hit in reversed(hits)}.values())[::-1][:limit]

    # --- clauses --------------------------------------------------------------------------

    def _clause(self, query: q.Query, ranked: bool, missing: int) -> plan.Clause:
        if ranked or missing:
            return self.planner.ranked(query, missing=missing)
        return self.planner.filter(query)

    def _visible(self, viewer: Viewer | None) -> tuple[plan.Clause, ...]:
        held = visible_to(viewer)
        if held is None:
            return ()
        return (plan.Bool(should=tuple(plan.Term(t.VISIBILITY, v) for v in held), at_least=1),)

    def _where(self, request: Request) -> tuple[plan.Clause, ...]:
        return () if request.where == q.ALL else (self.planner.filter(request.where),)

    def _chosen(self, request: Request) -> Mapping[str, plan.Clause]:
        for name in (*request.facets, *request.selected):
            if name not in self.planner.mapping.facets:
                known = ", ".join(self.planner.mapping.facets)
                raise InvalidInput(f"没有分面 {name} · no facet {name}; there are: {known}")
        return {
            name: self.planner.filter(q.OneOf(name, tuple(values)))
            for name, values in request.selected.items()
            if values
        }

    # --- totals and relaxing --------------------------------------------------------------

    def _missing(
        self, view: View, query: q.Query, filters: tuple[plan.Clause, ...], cursor: Cursor | None
    ) -> tuple[int, int]:
        """How many words have to be dropped until something is found, and how much is."""

        def total(missing: int) -> int:
            clause = self._clause(query, False, missing)
            return self._count(view, plan.Bool(must=(clause,), filters=filters))

        if cursor:
            return cursor.missing, total(cursor.missing)
        if strict := total(0):
            return 0, strict
        most = self.planner.most_missing(query)
        for missing in sorted({most + 1 - max(1, round((most + 1) * RELAXED_SHARE)), most} - {0}):
            if missing <= most and (relaxed := total(missing)):
                return missing, relaxed
        return 0, 0

    def _count(self, view: View, clause: plan.Clause) -> int:
        found = view.searcher.search(self.engine.query(clause), 1)
        return int(found.count)  # type: ignore[attr-defined]  # left out of the type stubs

    # --- lists ----------------------------------------------------------------------------

    def _best(
        self, view: View, clause: plan.Clause, cursor: Cursor | None, size: int
    ) -> list[Found]:
        """The best hits, after the cursor's. In the cursor's own view its rank says where to
        go on; in another one, the place of its resource, or of its score, does."""
        if not size:
            return []
        start, after = (cursor.rank, 0) if cursor else (0, 0)
        if moved := cursor is not None and self.views.get(cursor.snapshot) is not view:
            start, after = max(0, start - SLACK), 2 * SLACK
        query = self.engine.query(clause)
        found = view.searcher.search(
            query, size + after, count=False, offset=start, weight_by_field=t.PRIOR
        ).hits
        skip = _place(found, cursor, self._numbers(view, found)) if cursor and moved else 0
        return [(k, a, 0, start + i + 1) for i, (k, a) in enumerate(found)][skip : skip + size]

    def _ordered(
        self,
        view: View,
        clause: plan.Clause,
        order: Order | None,
        cursor: Cursor | None,
        size: int,
    ) -> list[Found]:
        """Hits in the order of a field, after the cursor's key; then those without it."""
        found: list[Found] = []
        for part, (part_clause, by, way) in enumerate(self._parts(clause, order)):
            if cursor and part < cursor.part:
                continue
            here = cursor if cursor and part == cursor.part else None
            keyed = self._keyed(view, part_clause, by, way, here, size - len(found))
            found += [(key, address, part, rank) for key, address, rank in keyed]
            if len(found) >= size:
                break
        return found

    def _parts(
        self, clause: plan.Clause, order: Order | None
    ) -> list[tuple[plan.Clause, str, Direction]]:
        if order is None:
            return [(clause, t.RANK_ORDER, Direction.Asc)]
        field = t.sorting(order.field, self.planner.mapping)
        if field is None:
            raise InvalidInput(f"不能按 {order.field} 排序 · cannot be ordered by {order.field}")
        way = Direction.Desc if order.descending else Direction.Asc
        if order.field in (TYPE, ID, TITLE):
            return [(clause, field, way)]
        having = plan.Has(field)
        return [
            (plan.Bool(must=(clause,), filters=(having,)), field, way),
            (plan.Bool(must=(clause,), without=(having,)), t.TITLE_ORDER, Direction.Asc),
        ]

    def _keyed(
        self,
        view: View,
        clause: plan.Clause,
        field: str,
        way: Direction,
        cursor: Cursor | None,
        size: int,
    ) -> Iterator[tuple[str, DocAddress, int]]:
        """Hits after the cursor's key. Keys are unique, so however ranks have moved since,
        nothing is left out and nothing comes twice."""
        query = self.engine.query(clause)

        def window(start: int, length: int) -> Sequence[tuple[str, DocAddress]]:
            return view.searcher.search(
                query, length, count=False, order_by_field=field, offset=start, order=way
            ).hits

        if size <= 0:
            return
        if cursor is None:
            for i, (key, address) in enumerate(window(0, size)):
                yield key, address, i + 1
            return
        last, slack = str(cursor.key), SLACK
        start = max(0, cursor.rank - slack)
        while True:
            found = window(start, size + 2 * slack)
            after = [k > last if way == Direction.Asc else k < last for k, _ in found]
            if start and (not after or after[0]):  # it moved to before the window
                slack *= 4
                start = max(0, cursor.rank - slack)
            elif len(found) == size + 2 * slack and sum(after) < size:  # … or to behind it
                start += len(found) - sum(after) - 1
                slack *= 4
            else:
                break
        for i, (key, address) in enumerate(found):
            if after[i] and size:
                size -= 1
                yield key, address, start + i + 1

    # --- hits, facets, did-you-mean -------------------------------------------------------

    def _numbers(self, view: View, found: Iterable[tuple[object, DocAddress]]) -> list[int]:
        addresses = [address for _, address in found]
        return [int(n or 0) for n in view.searcher.fast_field_values(t.NUMBER, addresses)]

    def _hits(
        self, view: View, found: Sequence[Found], request: Request, base: Cursor
    ) -> tuple[Hit, ...]:
        marker = Highlighter(request.query, self.planner.segmenter) if request.highlights else None
        numbers = self._numbers(view, ((f[0], f[1]) for f in found))
        hits = []
        for (key, address, part, rank), number in zip(found, numbers, strict=True):
            doc = view.searcher.doc(address)
            type_, title, texts = t.read_source(_stored(doc, t.SOURCE))
            cursor = Cursor(base.query, base.missing, part, rank, key, number, base.snapshot)
            hits.append(
                Hit(
                    id=ResourceId(_stored(doc, t.STORED_ID).decode()),
                    type=type_,
                    title=title,
                    score=key if isinstance(key, float) else 0.0,
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
        chosen: Mapping[str, plan.Clause],
    ) -> tuple[Facet, ...]:
        """Each facet is counted under the choices in all others but itself; those without
        a choice of their own share one count."""
        clause = self._clause(request.query, False, missing)
        fixed = (*self._visible(viewer), *self._where(request))
        counted: dict[str, Facet] = {}
        open_ = [name for name in request.facets if name not in chosen]
        for names in [open_, *([name] for name in request.facets if name in chosen)]:
            others = (c for name, c in chosen.items() if name not in names)
            base = plan.Bool(must=(clause,), filters=(*fixed, *others))
            counted |= self._count_facets(view, base, names, request.facet_size)
        return tuple(counted[name] for name in request.facets)

    def _count_facets(
        self, view: View, clause: plan.Clause, names: Sequence[str], size: int
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
            known = plan.Bool(must=(self.planner.filter(q.Words(chunk)),), filters=visible)
            if self._count(view, known):
                continue
            alike = plan.Bool(must=(self.planner.similar(chunk),), filters=visible)
            names: list[str] = []
            for _, address, _, _ in self._best(view, alike, None, _CANDIDATES):
                _, title, texts = t.read_source(_stored(view.searcher.doc(address), t.SOURCE))
                names += [title, *(text for _, text in texts if len(text) <= _SHORT)]
            if mended := spelling.mend(chunk, names):
                text = text.replace(chunk, mended)
        return text if text != str(query) else None

    # --- for verify -----------------------------------------------------------------------

    def stored(self, after: ResourceId | None, limit: int) -> list[Stored]:
        with translated(self.engine.path):
            view = self.engine.view()
            rank = self.ranks.get(after, 0) if after else 0
            cursor = Cursor("", 0, 0, rank, after, 0) if after else None
            found = list(self._keyed(view, plan.EVERYTHING, t.KEY, Direction.Asc, cursor, limit))
            self.ranks.clear()
            self.ranks.update({ResourceId(key): rank for key, _, rank in found[-1:]})
            return [
                Stored(ResourceId(id), _stored(view.searcher.doc(address), t.DIGEST).decode())
                for id, address, _ in found
            ]

    def count(self) -> int:
        with translated(self.engine.path):
            return self._count(self.engine.view(), plan.EVERYTHING)


def _stored(doc: Document, field: str) -> bytes:
    value = doc.get_first(field)
    if not isinstance(value, bytes):
        raise ValueError(f"corrupt document: no {field}")
    return value


def _place(
    found: Sequence[tuple[float, DocAddress]], cursor: Cursor, numbers: Sequence[int]
) -> int:
    """Where the list goes on after the cursor's hit, in a view that is not its own."""
    if cursor.number in numbers:
        return numbers.index(cursor.number) + 1
    score = float(cursor.key)
    return next((i for i, (key, _) in enumerate(found) if key < score), len(found))


def _digest(request: Request, viewer: Viewer | None) -> str:
    """What a cursor belongs to: the list it is a place in."""
    selected = sorted((name, sorted(values)) for name, values in request.selected.items())
    asked = (request.query, request.where, selected, request.order, visible_to(viewer))
    return blake2b(repr(asked).encode(), digest_size=6).hexdigest()
