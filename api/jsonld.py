"""One resource as JSON-LD: GET /jsonld?id=…

What stands in it is what the viewer sees, under mulu's own terms and, where the ontology
aligns a class, an attribute or a link with DCAT, Dublin Core, PROV-O, ORG …, under those too;
so a harvester that knows only them reads it. Ids become addresses of this server, relative to
the document's own, so that they hold behind any proxy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from api.signin import viewer_of
from ontology.errors import InvalidInput
from ontology.model import CodeList, Datatype, Direction, Ontology
from ontology.resource import Edge, Resource, ResourceId

MEDIA = "application/ld+json"
MOST = 1_000
"""Links in one document; one that has more says so (`mulu:complete`)."""
PREFIXES = {
    "mulu": "https://w3id.org/mulu#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
TYPED = {
    Datatype.DATE: "xsd:date",
    Datatype.DATETIME: "xsd:dateTime",
    Datatype.DECIMAL: "xsd:decimal",
    Datatype.URI: "xsd:anyURI",
}
"""Datatypes whose values JSON cannot tell by itself."""


async def jsonld(request: Request) -> Response:
    """Raises InvalidInput without an id, NotFound for what the viewer does not see."""
    ledger, viewer = request.app.state.ledger, viewer_of(request)
    id = request.query_params.get("id")
    if not id:
        raise InvalidInput("缺少参数 id / the parameter id is missing: /jsonld?id=entry:…")
    resource = await ledger.resource(ResourceId(id), viewer)
    links = await ledger.links_whole([resource.id], None, Direction.FORWARD, viewer, most=MOST)
    edges = links.edges.get(resource.id, ())
    told = document(resource, edges, ledger.ontology, complete=not links.cut)
    return Response(orjson.dumps(told, option=orjson.OPT_INDENT_2), media_type=MEDIA)


def document(
    resource: Resource, edges: Sequence[Edge], ontology: Ontology, *, complete: bool = True
) -> dict[str, Any]:
    """The resource and its links as a JSON-LD document."""
    kind = ontology.types.get(resource.type)
    found: dict[str, list[Any]] = {}
    for name, value in resource.attributes.items():
        attribute = kind.attributes.get(name) if kind else None
        if attribute is not None:
            values = [_value(one, attribute.datatype) for one in _each(value)]
            codes = ontology.code_lists.get(attribute.code_list or "")
            outside = [_concept(one, codes) for one in _each(value)] if codes else values
            _add(found, (attribute.iri,), values)
            _add(found, attribute.aligned, outside)
    for edge in edges:
        link = ontology.links[edge.type]
        _add(found, (link.iri, *link.aligned), [{"@id": address(edge.target)}])
    types = _types(resource.type, ontology)
    _add(found, ("dct:identifier",), [resource.id])
    if "dcat:Distribution" in types:  # mandatory in DCAT-AP: its own address, or its page here
        found["dcat:accessURL"] = found.get("dcat:landingPage") or [{"@id": address(resource.id)}]
    return {
        "@context": PREFIXES,
        "@id": address(resource.id),
        "@type": types,
        "mulu:id": resource.id,
        **({} if complete else {"mulu:complete": False}),
        **{term: values[0] if len(values) == 1 else values for term, values in found.items()},
    }


def _types(name: str, ontology: Ontology) -> list[str]:
    """Its class and the outside ones that it, or a class above it, stands for."""
    kind = ontology.types.get(name)
    if kind is None:
        return []
    above = (ontology.types[one].aligned for one in kind.ancestors)
    iris = (kind.iri, *kind.aligned, *(iri for aligned in above for iri in aligned))
    return list(dict.fromkeys(map(_short, iris)))


def address(id: str) -> str:
    """Where the portal shows it, seen from /jsonld."""
    return f"resource?{urlencode({'id': id})}"


def _add(found: dict[str, list[Any]], iris: Iterable[str], values: Sequence[Any]) -> None:
    for iri in iris:
        known = found.setdefault(_short(iri), [])
        known.extend(value for value in values if value not in known)


def _value(value: object, datatype: Datatype) -> object:
    if datatype not in TYPED:
        return value
    if datatype is Datatype.URI:
        return {"@id": str(value)}
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    bare = len(str(value)) == len("2026-01-31")  # a source that gave a day, and no time
    typed = Datatype.DATE if datatype is Datatype.DATETIME and bare else datatype
    return {"@value": str(value), "@type": TYPED[typed]}


def _concept(value: object, codes: CodeList) -> object:
    """A code as a concept with its labels, by the outside vocabulary's IRI where it has one: a
    harvester counts frequencies and the like by these. What is no code stays text."""
    code = next((code for code in codes.codes if code.notation == value), None)
    if code is None:
        return value
    own = f"{PREFIXES['mulu']}{codes.name}/{quote(code.notation, safe='')}"
    return {
        "@id": code.aligned[0] if code.aligned else own,
        "@type": "skos:Concept",
        "skos:notation": code.notation,
        "skos:prefLabel": [
            {"@value": code.label.zh, "@language": "zh"},
            {"@value": code.label.en, "@language": "en"},
        ],
    }


def _each(value: object) -> Sequence[object]:
    return value if isinstance(value, tuple | list) else (value,)


def _short(iri: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    return next(
        (f"{short}:{iri[len(long) :]}" for short, long in prefixes.items() if iri.startswith(long)),
        iri,
    )
