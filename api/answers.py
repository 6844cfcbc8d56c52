"""Answers as plain values: the JSON that `--json` and /export give. Stable and documented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ontology.errors import InvalidInput
from ontology.resource import Commit, Edge, Held, Resource, Scalar, Value

if TYPE_CHECKING:
    from graph.affected import Affected
    from graph.comparison import ComparisonAnswer, Shifted
    from graph.difference import DiffAnswer, Difference
    from graph.lineage import LineageAnswer
    from graph.origins import OriginsAnswer, Placed
    from graph.question import Cut, ImpactAnswer
    from search.index import Hit, SearchPage


def hit(found: Hit) -> dict[str, Any]:
    """One search hit; a highlight is a text and the spans in it that match."""
    return {
        "id": found.id,
        "type": found.type,
        "title": found.title,
        "score": round(found.score, 4),
        "highlights": [
            {"field": h.field, "text": h.text, "spans": [list(span) for span in h.spans]}
            for h in found.highlights
        ],
    }


def search_page(page: SearchPage, head: int) -> dict[str, Any]:
    """`complete`: the answer reflects every commit."""
    return {
        "total": page.total,
        "complete": page.position >= head,
        "relaxed": page.relaxed,
        "hits": [hit(h) for h in page.hits],
        "facets": {
            f.name: [{"value": v.value, "count": v.count} for v in f.values] for f in page.facets
        },
        "suggestion": page.suggestion,
        "after": page.after,
    }


def resource(
    found: Resource, title: str, forward: Sequence[Edge], backward: Sequence[Edge]
) -> dict[str, Any]:
    """A resource with its links both ways."""
    return {
        "id": found.id,
        "type": found.type,
        "title": title,
        "attributes": dict(found.attributes),
        "links": [edge(e) for e in forward],
        "linkedFrom": [edge(e) for e in backward],
        "names": list(found.names),
        "sources": list(found.sources),
        "conflicts": conflicts(found),
        "version": found.version,
        "placeholder": found.placeholder,
        "retired": found.retired,
    }


def conflicts(found: Resource) -> list[dict[str, Any]]:
    """Who says what, the winner first (多源校核)."""
    return [
        {
            "attribute": c.attribute,
            "said": [
                {
                    "value": s.value,
                    "source": s.source,
                    "rank": s.rank.name.lower(),
                    "commit": s.commit,
                }
                for s in c.said
            ],
        }
        for c in found.conflicts
    ]


def edge(found: Edge) -> dict[str, Any]:
    return {
        "from": found.origin,
        "type": found.type,
        "to": found.target,
        "properties": dict(found.properties),
        "source": found.source,
        "since": found.since,
        "until": found.until,
    }


def commit(found: Commit) -> dict[str, Any]:
    return {
        "number": found.number,
        "at": found.at.isoformat(),
        "actor": found.actor,
        "source": found.source,
        "reason": found.reason,
        "changes": found.changes,
        "hash": found.hash,
        "parent": found.parent,
    }


def held(one: Held) -> dict[str, Any]:
    claim = one.claim
    return {
        "source": one.source.name,
        "rank": one.source.rank.name.lower(),
        "since": one.since,
        "until": one.until,
        "name": claim.resource,
        "type": claim.type,
        "attributes": dict(claim.attributes),
        "links": [
            {"type": x.type, "target": x.target, "properties": dict(x.properties)}
            for x in claim.links
        ],
        "denies": {
            "attributes": sorted(claim.denies.attributes),
            "links": sorted([k.type, k.target, k.key] for k in claim.denies.links),
            "resource": claim.denies.resource,
        },
    }


def facet_of(said: Sequence[str]) -> Mapping[str, list[str]]:
    """`name=value` options, grouped by name. Raises InvalidInput for any other text."""
    chosen: dict[str, list[str]] = {}
    for text in said:
        name, sign, value = text.partition("=")
        if not sign:
            raise InvalidInput(f"--facet {text!r}: 写作 名=值 / write name=value")
        chosen.setdefault(name, []).append(value)
    return chosen


def impact(answer: ImpactAnswer) -> dict[str, Any]:
    """The shape of `mulu impact --json`. `path` only where it was asked for (`--why`)."""
    return {
        **impact_head(answer),
        "affected": [reached(a) for a in answer.affected],
        "touched": [reached(a) for a in answer.touched],
    }


def impact_head(answer: ImpactAnswer) -> dict[str, Any]:
    """An impact answer but for its results: the first line of JSON Lines."""
    return {
        "complete": answer.complete,
        "cut": cuts(answer.cut),
        "counts": dict(answer.counts),
        "hidden": dict(answer.hidden),
        "departments": [
            {
                "department": d.id or None,
                "departmentTitle": d.title or None,
                "contact": d.contact or None,
                "counts": dict(d.counts),
            }
            for d in answer.departments
        ],
        "toTell": answer.to_tell,
        "next": answer.next,
        "upto": answer.upto,
    }


def cuts(found: Sequence[Cut]) -> list[dict[str, Any]]:
    """Where an answer stops short; `ask` is the limit to raise, and what to."""
    return [
        {
            "limit": c.limit,
            "among": c.among,
            "count": c.count,
            "resources": list(c.resources),
            "ask": {c.ask: c.to} if c.ask else {},
        }
        for c in found
    ]


def reached(found: Affected) -> dict[str, Any]:
    """One resource of an impact answer."""
    told: dict[str, Any] = {
        "id": found.id,
        "type": found.type,
        "title": found.title,
        "depth": found.depth,
        "effect": found.effect,
        "certainty": str(found.certainty),
        "kinds": [str(kind) for kind in found.kinds],
        "via": found.via,
        "due": found.due or None,
        "department": found.department or None,
        "departmentTitle": found.department_title or None,
        "contact": found.contact or None,
    }
    if found.path:
        told["path"] = [
            {
                "from": step.origin,
                "to": step.target,
                "type": step.type,
                "rule": step.rule,
                "job": step.job,
                "kind": step.kind,
                "source": step.source,
                "commit": step.commit,
            }
            for step in found.path
        ]
    return told


def lineage(answer: LineageAnswer) -> dict[str, Any]:
    """The shape of `mulu lineage --json`: from = origin, to = use."""
    return {
        "complete": answer.complete,
        "cut": list(answer.cut),
        "hidden": answer.hidden,
        "upto": answer.upto,
        "nodes": [
            {"id": n.id, "type": n.type, "title": n.title, "depth": n.depth, "hidden": n.hidden}
            for n in answer.nodes
        ],
        "edges": [
            {
                "from": e.origin,
                "to": e.use,
                "type": e.type,
                "rule": e.rule,
                "job": e.job,
                "kind": e.kind,
                "source": e.source,
                "commit": e.commit,
                "coarse": e.coarse,
                "brought": e.brought,
                "certainty": str(e.certainty),
            }
            for e in answer.edges
        ],
    }


def diff(answer: DiffAnswer) -> dict[str, Any]:
    """The shape of `mulu diff --json`."""
    return {
        **diff_head(answer),
        "complete": answer.complete,
        "counts": dict(answer.counts),
        "cut": list(answer.cut),
        "next": answer.next,
        "differences": [difference(d) for d in answer.differences],
    }


def diff_head(answer: DiffAnswer) -> dict[str, Any]:
    """What is known before the differences are: the first line of JSON Lines."""
    return {"start": answer.start, "end": answer.end, "touched": answer.touched}


def difference(found: Difference) -> dict[str, Any]:
    """One resource that is not as it was."""
    return {
        "id": found.id,
        "type": found.type,
        "title": found.title,
        "what": str(found.what),
        "of": found.of,
        "attributes": [
            {"name": a.name, "before": a.before, "after": a.after} for a in found.attributes
        ],
        "added": [_changed(e) for e in found.added],
        "removed": [_changed(e) for e in found.removed],
        "cut": found.cut,
    }


def _changed(found: Edge) -> dict[str, Any]:
    return {
        "type": found.type,
        "target": found.target,
        "source": found.source,
        "properties": dict(found.properties),
    }


def flat(value: Value | None) -> Scalar | None:
    """A value in one cell of a table."""
    return "、".join(map(str, value)) if isinstance(value, tuple) else value


def comparison(answer: ComparisonAnswer) -> dict[str, Any]:
    """The shape of `mulu impact --against --json`."""
    return {**comparison_head(answer), "shifted": [shifted(each) for each in answer.shifted]}


def comparison_head(answer: ComparisonAnswer) -> dict[str, Any]:
    """A comparison but for its results: the first line of JSON Lines."""
    return {
        "start": answer.start,
        "end": answer.end,
        "complete": answer.complete,
        "counts": dict(answer.counts),
        "before": dict(answer.before),
        "after": dict(answer.after),
        "cut": cuts(answer.cut),
        "next": answer.next,
    }


def shifted(found: Shifted) -> dict[str, Any]:
    """One result that differs."""
    return {
        "id": found.id,
        "shift": str(found.shift),
        "before": None if found.before is None else reached(found.before),
        "after": None if found.after is None else reached(found.after),
    }


def origins(answer: OriginsAnswer) -> dict[str, Any]:
    """The shape of `mulu origins --json`."""
    return {
        "complete": answer.complete,
        "single": answer.single,
        "origins": [
            {"found": placed(o.found), "depth": o.depth, "standing": str(o.standing)}
            for o in answer.origins
        ],
        "data": [
            {
                "found": placed(d.found),
                "authorities": [placed(found) for found in d.authorities],
                "collections": [placed(found) for found in d.collections],
            }
            for d in answer.data
        ],
        "circular": list(answer.circular),
        "cut": list(answer.cut),
        "upto": answer.upto,
    }


def placed(found: Placed) -> dict[str, Any]:
    """A resource with who answers for it."""
    return {
        "id": found.id,
        "type": found.type,
        "title": found.title,
        "department": found.department or None,
        "departmentTitle": found.department_title or None,
        "contact": found.contact or None,
        "retired": found.retired,
        "hidden": found.hidden,
    }
