"""How one request is answered by a generation on Elasticsearch."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ontology.viewer import Viewer
from search import clause as clauses
from search import query as q
from search import tokens as t
from search.advice import Advice, Look, Seen
from search.elastic_query import Body, query, scored
from search.index import Facet, FacetCount, Hit, Request, SearchPage
from search.paging import Cursor
from search.plan import Planner
from search.question import Found, Part, Question, each_title_once, hits, visible

Ask = Callable[[Body], Awaitable[Any]]
"""Runs the body of a search on one view of the index."""


@dataclass(frozen=True, slots=True)
class List:
    """What was found of a question, in its order, and the facets of all of it."""

    found: list[Found]
    total: int
    facets: tuple[Facet, ...]


async def page(asked: Question, ask: Ask, position: int, keep: Callable[[], str]) -> SearchPage:
    """One page. `keep` keeps the view for the next pages, and names it."""
    size = asked.request.page.size
    for missing in asked.tries:
        listed = await _list(asked, ask, missing, size + 1)
        if listed.total:
            break
    else:
        missing = 0
    snapshot = keep() if asked.ranked and listed.total > size else ""
    found = listed.found[:size]
    shown = await asyncio.to_thread(asked.hits, found, missing, snapshot)
    nothing = listed.total == 0 or missing > 0
    return SearchPage(
        total=listed.total,
        hits=shown,
        facets=listed.facets,
        relaxed=missing > 0,
        suggestion=await _suggestion(asked, ask) if nothing else None,
        after=shown[-1].cursor if shown and len(listed.found) > size else None,
        position=position,
    )


async def suggest(
    prefix: str, viewer: Viewer | None, limit: int, planner: Planner, ask: Ask
) -> tuple[Hit, ...]:
    clause = clauses.Bool(must=(planner.suggestion(prefix),), filters=visible(viewer))
    found = await _best(clause, max(1, limit) * 5, ask)
    return each_title_once(hits(found, Request(q.Phrase(prefix)), planner, Cursor("")), limit)


async def _list(asked: Question, ask: Ask, missing: int, size: int) -> List:
    """Facets do not hear of the choices in themselves: these come after the counting, as a
    post filter, like the parts of an ordered list."""
    counted = [c for name, c in asked.chosen.items() if name in asked.request.facets]
    others = [c for name, c in asked.chosen.items() if name not in asked.request.facets]
    clause = clauses.Bool(
        must=(asked.clause(missing, ranked=asked.ranked),), filters=(*asked.fixed, *others)
    )
    parts = [Part(None, ("_score", t.NUMBER))] if asked.ranked else asked.parts()
    bodies = []
    for number, part in enumerate(parts):
        later = (*counted, part.condition) if part.condition else tuple(counted)
        body = _body(scored(clause) if asked.ranked else query(clause), later)
        body["aggs"] = {} if number else _aggregations(asked)
        body |= _order(part, number, asked.cursor, size)
        bodies.append(body)
    answers = await asyncio.gather(*map(ask, bodies))
    found: list[Found] = []
    for number, answer in enumerate(answers):
        found += _found(answer, number, asked)
    return List(
        found[:size],
        sum(answer["hits"]["total"]["value"] for answer in answers),
        _facets(asked, answers[0].get("aggregations", {})),
    )


def _body(asked: Body, later: Sequence[clauses.Clause] = ()) -> Body:
    body: Body = {"query": asked, "track_total_hits": True}
    if later:
        body["post_filter"] = query(clauses.Bool(filters=tuple(later)))
    return body


def _order(part: Part, number: int, cursor: Cursor | None, size: int) -> Body:
    """Which hits of a part: those after the cursor; none where it is in a later part."""
    way = "desc" if part.descending else "asc"
    sort = [{name: "desc" if name == "_score" else way} for name in part.columns]
    order: Body = {"sort": sort, "size": size, "docvalue_fields": [t.KEY], "_source": [t.SOURCE]}
    if cursor and number < cursor.part:
        order["size"] = 0
    elif cursor and number == cursor.part:
        ranked = part.columns[0] == "_score"
        order["search_after"] = [cursor.score, cursor.number] if ranked else list(cursor.key)
    return order


def _found(answer: Any, part: int, asked: Question) -> Iterator[Found]:
    before = asked.cursor.rank if asked.cursor else 0
    for rank, hit in enumerate(answer["hits"]["hits"], before + 1):
        id, source, key = hit["fields"][t.KEY][0], hit["_source"][t.SOURCE], hit["sort"]
        if asked.ranked:
            yield Found(id, source, key[1], rank=rank, score=float(key[0]))
        else:
            columns = asked.parts()[part].columns
            key = tuple(key[: len(columns)])
            yield Found(id, source, key[-1], part, key=key)


def _aggregations(asked: Question) -> Body:
    found: Body = {}
    for names, others in asked.counted():
        apart = [c for name, c in asked.chosen.items() if name in asked.request.facets]
        condition = clauses.Bool(filters=tuple(c for c in others if c in apart))
        for name in names:
            order = [{"_count": "desc"}, {"_key": "asc"}]
            field, size = t.facet_field(name), asked.request.facet_size
            terms: Body = {"terms": {"field": field, "size": size, "order": order}}
            if condition.filters:
                terms = {"filter": query(condition), "aggs": {"values": terms}}
            found[name] = terms
    return found


def _facets(asked: Question, counted: Any) -> tuple[Facet, ...]:
    facets = []
    for name in asked.request.facets:
        terms = counted[name].get("values", counted[name])
        values = [FacetCount(str(b["key"]), b["doc_count"]) for b in terms["buckets"]]
        values.sort(key=lambda one: (-one.count, one.value))
        facets.append(Facet(name, tuple(values), terms["sum_other_doc_count"]))
    return tuple(facets)


async def _best(clause: clauses.Clause, size: int, ask: Ask) -> list[Found]:
    part = Part(None, ("_score", t.NUMBER))
    answer = await ask(_body(scored(clause)) | _order(part, 0, None, size))
    return [
        Found(
            hit["fields"][t.KEY][0], hit["_source"][t.SOURCE], hit["sort"][1], score=hit["sort"][0]
        )
        for hit in answer["hits"]["hits"]
    ]


async def _suggestion(asked: Question, ask: Ask) -> str | None:
    advice = Advice(asked)
    for look in advice.looks():
        look.seen = await _seen(look, ask)
    return advice.text


async def _seen(look: Look, ask: Ask) -> Seen:
    if look.best:
        found = await _best(look.clause, look.best, ask)
        return Seen(bool(found), [one.source for one in found])
    answer = await ask(_body(query(look.clause)) | {"size": 0, "track_total_hits": 1})
    return Seen(bool(answer["hits"]["total"]["value"]))
