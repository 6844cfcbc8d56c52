"""GraphQL types that do not depend on the ontology: commits, claims, conflicts, pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Self

import strawberry

from api.schema.scalars import DateTime, Long, Value
from ontology import resource as ledger


def iso(at: datetime) -> DateTime:
    return DateTime(at.isoformat())


@strawberry.type(description="页 / where a page stands among its neighbours (Relay)")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None

    @classmethod
    def of(cls, cursors: list[str], *, more: bool, after: str | None) -> Self:
        return cls(
            has_next_page=more,
            has_previous_page=bool(after),
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        )


@strawberry.type(description="一个属性或关联性质 / one attribute or property and its value")
class Property:
    name: str
    value: Value


def properties_of(values: Mapping[str, ledger.Value]) -> list[Property]:
    return [Property(name=name, value=Value(value)) for name, value in values.items()]


@strawberry.type(description="某来源的说法 / what one source says of an attribute")
class Said:
    value: Value
    source: str
    rank: str = strawberry.field(description="INFERRED < SCANNED < AUTHORITATIVE < CURATED")
    commit: int


@strawberry.type(
    description="多源校核：来源说法不一 / sources disagree on an attribute; the winner stands first"
)
class Conflict:
    attribute: str
    said: list[Said]

    @classmethod
    def of(cls, conflict: ledger.Conflict) -> Self:
        said = [
            Said(value=Value(s.value), source=s.source, rank=s.rank.name, commit=s.commit)
            for s in conflict.said
        ]
        return cls(attribute=conflict.attribute, said=said)


@strawberry.type
class LinkEdge:
    """A link with its evidence (G 7.2.3: rule, acting job, source, time)."""

    cursor: str
    link: str = strawberry.field(description="关联类型 / the link type")
    source: str = strawberry.field(description="来源 / the source whose claim shows")
    since: int = strawberry.field(description="起始提交 / the commit since which it holds")
    until: int | None = strawberry.field(description="结束提交 / the commit that ended it")
    rule: str | None = strawberry.field(description="加工规则 / the expression")
    job: str | None = strawberry.field(description="作业 / the job that made it")
    derivation: str | None = strawberry.field(
        description="派生方式 / identity, transformation, aggregation, filter, join, group …"
    )
    properties: list[Property] = strawberry.field(description="全部性质 / all its properties")


def evidence(edge: ledger.Edge, cursor: str) -> dict[str, object]:
    """The fields of a LinkEdge that do not depend on its node."""
    stated = edge.properties
    return {
        "cursor": cursor,
        "link": edge.type,
        "source": edge.source,
        "since": edge.since,
        "until": edge.until,
        "rule": _word(stated, "rule"),
        "job": _word(stated, "job"),
        "derivation": _word(stated, "derivation"),
        "properties": properties_of(stated),
    }


def _word(stated: Mapping[str, ledger.Scalar], name: str) -> str | None:
    value = stated.get(name)
    return None if value is None else str(value)


@strawberry.type(description="计数 / a value and how many")
class Count:
    value: str
    count: Long


def counts_of(pairs: Iterable[tuple[str, int]]) -> list[Count]:
    return [Count(value=value, count=Long(count)) for value, count in pairs]
