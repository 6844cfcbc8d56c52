"""A request as every engine reads it: what is asked of the engine, and what a hit says.

Engines only run clauses and hand over what they found; which clauses, in which order of
tries, and what becomes of the finds is decided here, so that all answer alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from ontology.errors import InvalidInput, LimitExceeded
from ontology.resource import ResourceId
from ontology.viewer import Viewer
from search import clause as clauses
from search import query as q
from search import tokens as t
from search.document import visible_to
from search.highlight import Highlighter
from search.index import MAX_PAGE, Hit, Request
from search.mapping import TITLE, TYPE
from search.paging import Cursor
from search.parse import parse
from search.plan import EVERYTHING, Planner
from search.ranking import RELAXED_SHARE


@dataclass(frozen=True, slots=True)
class Found:
    """A document that an engine found: its id, what `tokens.source` made of it, and its
    place in the list (see Cursor)."""

    id: str
    source: bytes | str
    number: int
    part: int = 0
    rank: int = 0
    score: float = 0.0
    key: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an ordered list: the documents of a condition (None: all) by the columns,
    the last of which is unique."""

    condition: clauses.Clause | None
    columns: tuple[str, ...]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A request to one generation of an index. `ranked`: by score, not by columns. `chosen`:
    for each facet with a choice, its condition."""

    planner: Planner
    request: Request
    visible: tuple[clauses.Clause, ...]
    chosen: Mapping[str, clauses.Clause]
    ranked: bool
    digest: str
    cursor: Cursor | None

    @staticmethod
    def read(request: Request, viewer: Viewer | None, planner: Planner) -> Question:
        """Raises LimitExceeded and InvalidInput where there is no answer."""
        if not 0 <= request.page.size <= MAX_PAGE:
            raise LimitExceeded(f"每页 0 至 {MAX_PAGE} 条 · a page has 0 to {MAX_PAGE} hits")
        name = digest(request, viewer)
        asked = Question(
            planner=planner,
            request=request,
            visible=visible(viewer),
            chosen=_chosen(request, planner),
            ranked=request.order is None and any(q.positive(request.query)),
            digest=name,
            cursor=Cursor.read(request.page.after, name) if request.page.after else None,
        )
        if asked.cursor and not asked.ranked:
            widths = [len(part.columns) for part in asked.parts()]
            if [len(asked.cursor.key)] != widths[asked.cursor.part :][:1]:
                raise InvalidInput("分页游标无效，请从第一页开始 · not a cursor; start over")
        return asked

    @property
    def tries(self) -> list[int]:
        """How many words may be missing: none; if that finds nothing, some; then all but one."""
        if self.cursor:
            return [self.cursor.missing]
        most = self.planner.most_missing(self.request.query)
        some = most + 1 - max(1, round((most + 1) * RELAXED_SHARE))
        return sorted({0, min(some, most), most})

    @property
    def fixed(self) -> tuple[clauses.Clause, ...]:
        """The conditions that facets are under as well."""
        where = self.request.where
        return self.visible if where == q.ALL else (*self.visible, self.planner.filter(where))

    def clause(self, missing: int, *, ranked: bool) -> clauses.Clause:
        """The query itself."""
        if ranked or missing:
            return self.planner.ranked(self.request.query, missing=missing)
        return self.planner.filter(self.request.query)

    def parts(self) -> list[Part]:
        """The list in its order, where it is not ranked."""
        order = self.request.order
        if order is None:
            return [Part(None, (*t.RANK_ORDER, t.NUMBER))]
        columns = t.sorting(order.field, self.planner.mapping)
        if columns is None:
            raise InvalidInput(f"不能按 {order.field} 排序 · cannot be ordered by {order.field}")
        if order.field in (TYPE, TITLE):
            return [Part(None, (*columns, t.NUMBER), order.descending)]
        having = clauses.Has(columns[0])
        return [
            Part(having, (*columns, t.NUMBER), order.descending),
            Part(
                clauses.Bool(filters=(EVERYTHING,), without=(having,)), (*t.TITLE_ORDER, t.NUMBER)
            ),
        ]

    def counted(self) -> Iterator[tuple[Sequence[str], tuple[clauses.Clause, ...]]]:
        """Facets that are counted together, under the choices in all others but themselves."""
        names = self.request.facets
        for group in (
            [name for name in names if name not in self.chosen],
            *([name] for name in names if name in self.chosen),
        ):
            if group:
                yield group, tuple(c for name, c in self.chosen.items() if name not in group)

    def wholly(self, text: str) -> clauses.Clause:
        """What another text finds with all its words, under the same conditions."""
        query = self.planner.filter(parse(text, self.planner.mapping.typed))
        return clauses.Bool(must=(query,), filters=(*self.fixed, *self.chosen.values()))

    def hits(self, found: Iterable[Found], missing: int, snapshot: str) -> tuple[Hit, ...]:
        base = Cursor(self.digest, missing, snapshot=snapshot)
        return hits(found, self.request, self.planner, base)


def hits(
    found: Iterable[Found], request: Request, planner: Planner, base: Cursor
) -> tuple[Hit, ...]:
    """What is shown of the finds; their cursors are `base` at their places."""
    marker = Highlighter(request.query, planner.segmenter) if request.highlights else None
    shown = []
    for one in found:
        type_, title, texts = t.read_source(one.source)
        # Put together by hand: dataclasses.replace looks at every field, for every hit.
        cursor = Cursor(
            base.query,
            base.missing,
            one.part,
            one.rank,
            one.score,
            one.key,
            one.number,
            base.snapshot,
        )
        marks = marker.mark(texts) if marker else ()
        shown.append(Hit(ResourceId(one.id), type_, title, one.score, marks, str(cursor)))
    return tuple(shown)


def each_title_once(suggested: Sequence[Hit], limit: int) -> tuple[Hit, ...]:
    """The best hit of each title."""
    return tuple({hit.title: hit for hit in reversed(suggested)}.values())[::-1][:limit]


def visible(viewer: Viewer | None) -> tuple[clauses.Clause, ...]:
    """The condition of what a viewer may see, if there is one."""
    held = visible_to(viewer)
    if held is None:
        return ()
    return (clauses.Bool(should=tuple(clauses.Term(t.VISIBILITY, v) for v in held), at_least=1),)


def _chosen(request: Request, planner: Planner) -> Mapping[str, clauses.Clause]:
    for name in (*request.facets, *request.selected):
        if name not in planner.mapping.facets:
            known = ", ".join(planner.mapping.facets)
            raise InvalidInput(f"没有分面 {name} · no facet {name}; there are: {known}")
    return {
        name: planner.filter(q.OneOf(name, tuple(values)))
        for name, values in request.selected.items()
        if values
    }


def digest(request: Request, viewer: Viewer | None) -> str:
    """What a cursor belongs to: the list it is a place in."""
    selected = sorted((name, sorted(values)) for name, values in request.selected.items())
    asked = (request.query, request.where, selected, request.order, visible_to(viewer))
    return blake2b(repr(asked).encode(), digest_size=6).hexdigest()
