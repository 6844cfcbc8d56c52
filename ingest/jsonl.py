"""The ledger's own form: one JSON object a line, written by export, read by `ingest jsonl`.

    {"mulu": "jsonl", "version": 1, "ontology": "…", "sorted": true}
    {"id": "org:…", "type": "Department", "attributes": {…}, "links": [{"type", "target"}],
     "source": "编办名录", "rank": "authoritative"}
    {"id": "entry:…", "type": "DataResource", "attributes": {…}, "links": […],
     "claims": [{"source", "rank", "id"?, "type", "attributes", "links", "denies"?}, …]}
    {"alias": "org:…", "of": "org:…"}

Where one source alone speaks of a resource its line is that claim; where several do, or one
denies, `claims` says who said what, and the line itself shows the merge, for readers that
want no more. So nothing of the current state is lost. A line without `source` and `claims`,
as others would write it, is a claim of the source that the run names. The links of a line are
those of its claim; `properties` and `key` are left out where empty. Sorted: each id once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from ontology.resource import (
    EMPTY,
    NO_DENIAL,
    Alias,
    Claim,
    Denial,
    Edge,
    Held,
    Link,
    LinkKey,
    Rank,
    Resource,
    ResourceId,
    Scalar,
    Source,
)

VERSION = 1
LINE = "line"
"""Under which a row keeps its line as it was read."""


class BadLine(ValueError):
    """A line is no line of this form; the text says why."""


@dataclass(frozen=True, slots=True)
class Header:
    """The first line: format version, digest of the ontology that wrote it, and whether
    ids ascend (each resource once)."""

    version: int = VERSION
    ontology: str = ""
    sorted: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """A claim and who said it; None: the source of the run."""

    claim: Claim
    teller: Source | None = None


# --- writing ---------------------------------------------------------------------------


def write_header(header: Header) -> bytes:
    return _line(
        {
            "mulu": "jsonl",
            "version": header.version,
            "ontology": header.ontology,
            "sorted": header.sorted,
        }
    )


def write_alias(alias: Alias) -> bytes:
    return _line({"alias": alias.name, "of": alias.of})


def write(resource: Resource, edges: Iterable[Edge | Link], held: Sequence[Held] = ()) -> bytes:
    """The line of a resource with its line end. With all claims held on it, it can be read
    back without loss; without, it is the merged view alone."""
    if is_plain(resource, held):
        source, claim = held[0].source, held[0].claim
        return _line(
            {
                **_body(claim),
                "source": source.name,
                "rank": source.rank.name.lower(),
            }
        )
    line: dict[str, Any] = {
        "id": resource.id,
        "type": resource.type,
        "attributes": dict(resource.attributes),
        "links": [_link(e.type, e.target, e.key, e.properties) for e in edges],
    }
    if resource.retired:
        line["retired"] = True
    if held:
        line["claims"] = [_claim(h, resource.id) for h in held]
    return _line(line)


def is_plain(resource: Resource, held: Sequence[Held]) -> bool:
    """Whether its line is the one claim that there is on it, links and all."""
    if len(held) != 1:
        return False
    claim = held[0].claim
    return claim.resource == resource.id and claim.type is not None and not claim.denies


def _claim(held: Held, id: ResourceId) -> dict[str, Any]:
    claim, source = held.claim, held.source
    body = {"source": source.name, "rank": source.rank.name.lower(), **written_claim(claim)}
    if claim.resource == id:
        del body["id"]
    return body


def written_claim(claim: Claim) -> dict[str, Any]:
    """All that a claim says, as `read_claim` reads it."""
    body = _body(claim)
    if claim.denies:
        body["denies"] = {
            "attributes": sorted(claim.denies.attributes),
            "links": sorted([key.type, key.target, key.key] for key in claim.denies.links),
            "resource": claim.denies.resource,
        }
    return body


def _body(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.resource,
        "type": claim.type,
        "attributes": dict(claim.attributes),
        "links": [_link(x.type, x.target, x.key, x.properties) for x in claim.links],
    }


def _link(type: str, target: str, key: str, properties: Mapping[str, Scalar]) -> dict[str, Any]:
    link: dict[str, Any] = {"type": type, "target": target}
    if properties:
        link["properties"] = dict(properties)
    if key:
        link["key"] = key
    return link


def _line(value: Mapping[str, Any]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)


# --- reading ---------------------------------------------------------------------------


def read(line: bytes | str) -> Header | Alias | list[Told]:
    """What one line says: the header, an alias, or the claims on one resource. Raises
    BadLine, with the reason, for anything else."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadLine(f"不是合法的 JSON (not JSON): {error}") from None
    if not isinstance(value, dict):
        raise BadLine("一行应当是一个 JSON 对象 (each line is a JSON object)")
    try:
        if "id" in value:
            return list(_told(value))
        if "alias" in value:
            return Alias(ResourceId(_text(value["alias"])), ResourceId(_text(value["of"])))
        if "mulu" in value:
            return _header(value)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise BadLine(f"结构不符 (malformed): {error}") from None
    raise BadLine("缺少 id (a resource line needs id and type)")


def _header(value: Mapping[str, Any]) -> Header:
    version = value.get("version", 0)
    if value["mulu"] != "jsonl" or version != VERSION:
        raise BadLine(
            f"版本 {version} 不认识 (unknown version; this one reads {VERSION})；"
            "请用同版本的 mulu 导出"
        )
    return Header(version, str(value.get("ontology", "")), bool(value.get("sorted", False)))


def _told(value: dict[str, Any]) -> Iterator[Told]:
    id = ResourceId(_text(value["id"]))
    claims = value.get("claims")
    if claims is None:
        yield Told(read_claim(id, value), _teller(value))
        return
    if claims.__class__ is not list or not claims:
        raise BadLine("claims 应是非空的列表 (a list that is not empty)")
    for claim in claims:
        own = ResourceId(_text(claim["id"])) if "id" in claim else id
        yield Told(read_claim(own, claim), _teller(claim))


def _teller(value: Mapping[str, Any]) -> Source | None:
    name = value.get("source")
    if name is None:
        return None
    try:
        return Source(_text(name), Rank[str(value.get("rank", "scanned")).upper()])
    except KeyError:
        ranks = "、".join(rank.name.lower() for rank in Rank)
        raise BadLine(f"rank 不认识: {value.get('rank')} (one of {ranks})") from None


def read_claim(id: ResourceId, value: Mapping[str, Any]) -> Claim:
    """The claim on that name. Raises BadLine."""
    type = value.get("type")
    attributes: dict[str, Any] = value.get("attributes") or {}
    for name, said in attributes.items():
        if said.__class__ is list:
            attributes[name] = _many(name, said)
        elif said is None or said.__class__ is dict:
            raise BadLine(f"属性 {name} 的值应是文本、数、是否或它们的列表 (a scalar or a list)")
    links = value.get("links")
    denies = value.get("denies")
    return Claim(
        id,
        None if type is None else _text(type),
        attributes,
        tuple([_read_link(link) for link in links]) if links else (),
        _read_denial(denies) if denies else NO_DENIAL,
    )


def _many(name: str, said: Any) -> tuple[Scalar, ...]:
    if not said or any(one is None or isinstance(one, list | dict) for one in said):
        raise BadLine(f"属性 {name} 的列表不能为空或嵌套 (no empty or nested list)")
    return tuple(said)


def _read_link(link: Mapping[str, Any]) -> Link:
    properties = link.get("properties")
    return Link(
        _text(link["type"]),
        ResourceId(_text(link["target"])),
        properties or EMPTY,
        link.get("key", ""),
    )


def _read_denial(denies: Mapping[str, Any]) -> Denial:
    return Denial(
        frozenset(_text(name) for name in _listed(denies, "attributes")),
        frozenset(_read_key(key) for key in _listed(denies, "links")),
        bool(denies.get("resource", False)),
    )


def _read_key(said: Any) -> LinkKey:
    if said.__class__ is not list or len(said) != 3 or said[2].__class__ is not str:
        raise BadLine(f"关联应写作 [类型, 目标, 键] (a list of three): {said!r:.60}")
    return LinkKey(_text(said[0]), ResourceId(_text(said[1])), said[2])


def _listed(denies: Mapping[str, Any], name: str) -> list[Any]:
    found = denies.get(name, [])
    if found.__class__ is not list:
        raise BadLine(f"denies 的 {name} 应是列表 (a list): {found!r:.60}")
    return list(found)


def _text(value: Any) -> str:
    if value.__class__ is not str or not value:
        raise BadLine(f"应是非空文本 (a non-empty string): {value!r:.60}")
    return str(value)
