"""The mapping of an Elasticsearch index, and clauses as its queries.

Texts come cut, so the built-in whitespace analyser is all that is needed. Facet values are
kept as they are: `document.keywords` has normalised them for every engine.
"""

from __future__ import annotations

from typing import Any

from search import clause as clauses
from search import tokens as t
from search.mapping import FORMAT, Form, SearchMapping
from search.text import sound

META, KEPT = "meta", "kept"
"""Fields of the two documents that are no resources: their name, and what they keep."""
POSITION, GENERATION, PLACE = "position", "generation", "place"
"""Where the index is in the commit log; what it was built for."""

LEAST_PRIOR = 1 / 16

Body = dict[str, Any]

_KEYWORDS = (t.KINDS, t.VISIBILITY, t.REFS, t.KEYS, t.SPELLINGS, META)
_POSITIONS = (t.NAMES, t.GRAMS, t.NAMED, t.SOUNDS)
_FORMS = {Form.INTEGER: "long", Form.INSTANT: "long", Form.DECIMAL: "double"}


def fields(mapping: SearchMapping) -> Body:
    """The mapping, as the cluster takes it. Of the source only what a hit shows is stored."""
    sought = {"type": "keyword", "doc_values": False}
    found: Body = dict.fromkeys(_KEYWORDS, sought)
    found |= {t.KEY: {"type": "keyword"}, t.DIGEST: {"type": "keyword", "index": False}}
    for name in (*(t.band_field(weight) for weight in mapping.bands), t.SHORTS):
        found[name] = {"type": "text", "analyzer": "whitespace", "index_options": "freqs"}
    for name in _POSITIONS:
        found[name] = {"type": "text", "analyzer": "whitespace"}
    for name, form in t.typed_fields(mapping).items():
        found[name] = {"type": _FORMS.get(form, "keyword")}
    for name in t.columns(mapping):
        found[name] = {"type": "long", "index": False}
    for name in mapping.facets:  # counted from the first search after a change on
        if found[t.facet_field(name)]["type"] == "keyword":
            found[t.facet_field(name)] = {"type": "keyword", "eager_global_ordinals": True}
    found[t.PRIOR] = {"type": "float", "index": False}
    return {
        "dynamic": False,
        "_meta": {"format": FORMAT, "version": mapping.version},
        "_source": {"includes": [t.SOURCE, KEPT]},
        "properties": found,
    }


SETTINGS: Body = {
    "number_of_shards": 1,  # counts are exact and scores comparable; one holds tens of millions
    "auto_expand_replicas": "0-1",
    "refresh_interval": "-1",  # documents and position come to light together, by our refresh
}


def body(physical: t.Physical) -> Body:
    """A document as it is sent."""
    sent = {name: value for name, value in physical.items() if name not in (t.SOURCE, t.DIGEST)}
    sent[t.PRIOR] = max(LEAST_PRIOR, physical[t.PRIOR])
    sent[t.DIGEST] = physical[t.DIGEST].decode()
    sent[t.SOURCE] = physical[t.SOURCE].decode()
    return sent


def scored(clause: clauses.Clause) -> Body:
    """The clause, its score times the prior of the document."""
    by_prior = {"field": t.PRIOR, "missing": 1.0}
    return {"function_score": {"query": query(clause), "field_value_factor": by_prior}}


def query(clause: clauses.Clause) -> Body:
    """The clause in the words of Elasticsearch."""
    match clause:
        case clauses.Nothing():
            return {"match_none": {}}
        case clauses.Bool():
            return {"bool": _bool(clause)}
        case clauses.Best(inner, others):
            return {"dis_max": {"queries": [query(c) for c in inner], "tie_breaker": others}}
        case clauses.Scaled(inner, factor):
            return _scaled(inner, factor)
        case clauses.Flat(inner, score):
            return {"constant_score": {"filter": query(inner), "boost": score}}
        case clauses.Term(field, value):
            return {"term": {field: {"value": _typed(value)}}}
        case clauses.Near(field, tokens):
            return {"match_phrase": {field: {"query": sound(" ".join(tokens))}}}
        case clauses.Starts(field, prefix):
            return {"prefix": {field: {"value": sound(prefix)}}}
        case clauses.Between():
            return _between(clause)
        case clauses.Has(field):
            return {"exists": {"field": field}}


def _bool(clause: clauses.Bool) -> Body:
    members = {
        "must": [query(c) for c in clause.must],
        "should": [query(c) for c in clause.should],
        "filter": [query(c) for c in clause.filters],
        "must_not": [query(c) for c in clause.without],
    }
    found: Body = {kind: queries for kind, queries in members.items() if queries}
    if clause.should:  # said even where it is none: without it, one is wanted if nothing else is
        found["minimum_should_match"] = clause.at_least
    return found


def _scaled(clause: clauses.Clause, factor: float) -> Body:
    match clause:
        case clauses.Term(field, value):
            return {"term": {field: {"value": _typed(value), "boost": factor}}}
        case _:
            return {"bool": {"must": [query(clause)], "boost": factor}}


def _between(clause: clauses.Between) -> Body:
    bounds: Body = {}
    if clause.low is not None:
        bounds["gte" if clause.include_low else "gt"] = _typed(clause.low)
    if clause.high is not None:
        bounds["lte" if clause.include_high else "lt"] = _typed(clause.high)
    return {"range": {clause.field: bounds}}


def _typed(value: object) -> object:
    return sound(value) if isinstance(value, str) else value
