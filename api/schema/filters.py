"""Filters and order of typed lists: one input type a class, over what search keeps of it.

A filter becomes a query tree; which fields there are, and of what form, is the search
mapping's to say, so that a list never offers what the index cannot answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from enum import Enum
from typing import Any

import strawberry
from strawberry import UNSET

from api.schema.describe import paired
from api.schema.names import python_name
from api.schema.scalars import listed
from api.schema.types import Types
from ontology.errors import InvalidInput
from ontology.model import Datatype, Ontology
from search.index import Order
from search.instants import instants
from search.mapping import TITLE, TYPE, Field, Form, SearchMapping
from search.parse import parse
from search.query import And, Exists, Not, OneOf, Or, Query, Range, conjunction
from search.text import fold

COMBINING = ("and", "or", "not", "words")


_NO_NULL = "null 不是条件，没有值的用 exists: false / null is refused: exists: false asks for none"


@strawberry.input(
    description="文本或代码的条件 / a condition on text, a code, or a linked resource; " + _NO_NULL
)
class TextFilter:
    eq: str | None = UNSET
    in_: list[str] | None = strawberry.field(default=UNSET, name="in")
    not_: list[str] | None = strawberry.field(default=UNSET, name="not")
    from_: str | None = strawberry.field(
        default=UNSET,
        name="from",
        description="仅限代码，按其次序 / of codes only: they compare in their list's order",
    )
    to: str | None = strawberry.field(default=UNSET, description="仅限代码 / of codes only")
    exists: bool | None = UNSET


@strawberry.input(
    description="数的条件 / a condition on a number; bounds are included; " + _NO_NULL
)
class NumberFilter:
    eq: float | None = UNSET
    in_: list[float] | None = strawberry.field(default=UNSET, name="in")
    from_: float | None = strawberry.field(default=UNSET, name="from")
    to: float | None = UNSET
    exists: bool | None = UNSET


@strawberry.input(
    description="时间的条件 / a condition on a date or instant (2025, 2025-01, 2025-01-31 …); "
    + _NO_NULL
)
class TimeFilter:
    eq: str | None = UNSET
    from_: str | None = strawberry.field(default=UNSET, name="from")
    to: str | None = UNSET
    exists: bool | None = UNSET


@strawberry.input(description="真假的条件 / a condition on a boolean; " + _NO_NULL)
class BooleanFilter:
    eq: bool | None = UNSET
    exists: bool | None = UNSET


def condition(field: Field, asked: Any) -> Query | None:
    """One field's filter as a query; None where nothing is asked. Raises InvalidInput for what
    would be answered with something else than was meant."""
    eq, within, without = (_said(field, asked, name) for name in ("eq", "in_", "not_"))
    low, high = _said(field, asked, "from_"), _said(field, asked, "to")
    parts: list[Query] = []
    if eq is not None:
        parts.append(OneOf(field.name, (eq,)))
    if within is not None:
        parts.append(OneOf(field.name, tuple(within)))
    if without:
        parts.append(Not(OneOf(field.name, tuple(without))))
    if low is not None or high is not None:
        parts.append(Range(field.name, low, high))
    if (exists := _said(field, asked, "exists")) is not None:
        parts.append(Exists(field.name) if exists else Not(Exists(field.name)))
    return conjunction(*parts) if parts else None


def _said(field: Field, asked: Any, name: str) -> Any:
    """What the filter says under this name; None where it is left out."""
    value = getattr(asked, name, UNSET)
    if value is UNSET:
        return None
    if (wrong := _wrong(field, name, value)) is not None:
        raise InvalidInput(f"{field.name}.{name.rstrip('_')}: {wrong}")
    return value


def _wrong(field: Field, name: str, value: Any) -> str | None:
    """Why this field cannot be asked for the value, if it cannot."""
    if value is None:
        return _NO_NULL
    if name == "exists":
        return None
    bound = name in ("from_", "to")
    if bound and not field.codes and field.form in (None, Form.KEYWORD):
        return "文本没有先后，请用 words / text has no bounds: ask with words"
    for one in value if isinstance(value, list) else (value,):
        if field.form is Form.INSTANT and instants(one, UTC) is None:
            return f"{one!r} 不是日期或时间 / is no date or time (2025, 2025-01-31)"
        if field.form is Form.INTEGER and one != int(one):
            return f"{one!r} 不是整数 / is no whole number"
        if (bound or field.name == TYPE) and field.codes and fold(one) not in field.spellings:
            return f"没有 {one!r} / there is no {one!r}"
    return None


@dataclass(frozen=True, slots=True)
class Filters:
    """The filter and order inputs of one class."""

    filter: type[Any]
    order: type[Any]
    fields: Mapping[str, Field]

    def query(self, asked: Any, mapping: SearchMapping) -> Query | None:
        """What a filter asks, as a query."""
        if asked is None or asked is UNSET:
            return None
        parts = [
            condition(field, own)
            for name, field in self.fields.items()
            if (own := getattr(asked, python_name(name)))
        ]
        if words := asked.words:
            parts.append(parse(words, mapping.typed))
        if inner := asked.and_:
            parts.append(And(tuple(self._each(inner, mapping))))
        if inner := asked.or_:
            parts.append(Or(tuple(self._each(inner, mapping))))
        if (inner := asked.not_) and (query := self.query(inner, mapping)):
            parts.append(Not(query))
        return conjunction(*parts)

    def _each(self, asked: list[Any], mapping: SearchMapping) -> Iterator[Query]:
        for one in asked:
            yield self.query(one, mapping) or conjunction()

    @staticmethod
    def ordered(asked: Any) -> Order | None:
        """The order asked for."""
        if asked is None or asked is UNSET:
            return None
        return Order(asked.field.value, descending=asked.descending)


def make_filters(name: str, types: Types) -> Filters:
    """The inputs for the typed list of class `name`."""
    mapping = types.mapping
    fields = tuple(f for f in searched(name, types.ontology, mapping) if f not in COMBINING)
    own = types.reference(f"{name}Filter")
    made: dict[str, tuple[Any, Any]] = {
        python_name(field): (
            _filter_of(field, name, types.ontology, mapping) | None,
            strawberry.field(
                default=UNSET, name=field, description=_describe(field, name, types.ontology)
            ),
        )
        for field in fields
    }
    made["words"] = (
        str | None,
        strawberry.field(default=UNSET, description="检索词 / words, as in the search box"),
    )
    for combining in ("and", "or"):
        made[f"{combining}_"] = (
            listed(own) | None,
            strawberry.field(default=UNSET, name=combining),
        )
    made["not_"] = (own | None, strawberry.field(default=UNSET, name="not"))
    kind = types.ontology.types[name]
    body = types.declare(f"{name}Filter", (), made)
    filter = strawberry.input(
        body, description=f"{paired(kind.label)}: 条件 / conditions, all hold"
    )
    return Filters(filter, _order(name, fields, types), {f: mapping.fields[f] for f in fields})


def searched(name: str, ontology: Ontology, mapping: SearchMapping) -> list[str]:
    """The fields by which resources of class `name` can be filtered: what people call them,
    their class where there are several, and what search keeps of each."""
    found = dict.fromkeys((TITLE, TYPE) if len(ontology.descendants(name)) > 1 else (TITLE,))
    for below in ontology.descendants(name):
        kept = mapping.types.get(below)
        if kept is None:
            continue
        found.update(dict.fromkeys(kept.values))
        for embedding in kept.embeddings:
            if len(embedding.path) == 1:
                found[embedding.field] = None
            if embedding.facet:
                found[embedding.facet] = None
    return [field for field in found if field in mapping.fields]


def _filter_of(field: str, name: str, ontology: Ontology, mapping: SearchMapping) -> Any:
    form = mapping.fields[field].form
    if form in (Form.INTEGER, Form.DECIMAL):
        return NumberFilter
    if form is Form.INSTANT:
        return TimeFilter
    attributes = [
        a
        for below in ontology.descendants(name)
        if (a := ontology.types[below].attributes.get(field)) is not None
    ]
    boolean = attributes and all(a.datatype is Datatype.BOOLEAN for a in attributes)
    return BooleanFilter if boolean else TextFilter


def _describe(field: str, name: str, ontology: Ontology) -> str | None:
    for below in (name, *ontology.descendants(name)):
        attribute = ontology.types[below].attributes.get(field)
        if attribute is not None:
            return paired(attribute.label)
    if field in (TITLE, TYPE):
        return "名称 / what people call it" if field == TITLE else "类 / name of its class"
    link = ontology.links.get(field)
    if link is not None:
        return f"{paired(link.label)}: 对方标识 / id of the resource at the other end"
    return None


def _order(name: str, fields: tuple[str, ...], types: Types) -> type[Any]:
    sortable = [f for f in fields if f == TYPE or types.mapping.fields[f].sortable]
    values = Enum(f"{name}Field", {field: field for field in sortable})  # type: ignore[misc]  # made at run time
    values.__module__ = types.module
    enum = strawberry.enum(values, description="可排序的属性 / attributes to sort by")
    body = types.declare(
        f"{name}Order",
        (),
        {
            "field": (enum, strawberry.field()),
            "descending": (bool, strawberry.field(default=False)),
        },
    )
    return strawberry.input(body, description="排序；没有值的在后 / those without a value last")
