"""Scalars beyond GraphQL's own five, and how a datatype of the ontology becomes one.

Values travel as the ledger holds them: dates and instants are ISO 8601 text, so nothing
is parsed and printed again on its way out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import partial
from types import GenericAlias
from typing import TYPE_CHECKING, Any, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from ontology.errors import InvalidInput
from ontology.model import Datatype
from ontology.moment import moment

Date = NewType("Date", str)
DateTime = NewType("DateTime", str)
Long = NewType("Long", int)
Value = NewType("Value", object)
Spans = NewType("Spans", object)
if TYPE_CHECKING:
    Moment = int | datetime
else:
    Moment = NewType("Moment", object)  # a name of its own for the scalar At


def _moment(value: object, home: tzinfo) -> int | datetime:
    """A commit number, or an instant; a bare date means the end of that day. Raises
    InvalidInput for anything else."""
    return value if type(value) is int else moment(value if type(value) is str else "", home)


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise InvalidInput(f"{value!r} 应为 ISO 8601 文本 / should be ISO 8601 text")


def _whole(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise InvalidInput(f"{value!r} 应为整数 / should be a whole number")


def _plain(value: object) -> object:
    if isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list) and all(isinstance(v, str | int | float | bool) for v in value):
        return tuple(value)
    raise InvalidInput(f"{value!r} 应为文本、数、真假 / should be text, a number or a boolean")


_SCALARS: dict[object, ScalarDefinition] = {
    Date: strawberry.scalar(
        name="Date", description="日期 / a date, ISO 8601: 2025-01-31", parse_value=_text
    ),
    DateTime: strawberry.scalar(
        name="DateTime",
        description="时刻 / an instant, ISO 8601: 2025-01-31T12:00:00+08:00",
        parse_value=_text,
    ),
    Long: strawberry.scalar(
        name="Long",
        description="整数，可超过 32 位 / a whole number of any size",
        parse_value=_whole,
    ),
    Value: strawberry.scalar(
        name="Value",
        description="任一属性值 / any attribute's value: text, number, boolean, or a list of them",
        parse_value=_plain,
    ),
    Spans: strawberry.scalar(
        name="Spans",
        description="匹配的区间 / spans that match: [[from, to], …], counted in characters",
    ),
}


def scalars(home: tzinfo) -> Mapping[object, ScalarDefinition]:
    """All of them, where dates without a zone are of this one."""
    at = strawberry.scalar(
        name="At",
        description="提交号或时刻 / a commit number, or a date or instant (ISO 8601)",
        serialize=str,
        parse_value=partial(_moment, home=home),
    )
    return {**_SCALARS, Moment: at}


_BY_DATATYPE: dict[Datatype, Any] = {
    Datatype.STRING: str,
    Datatype.TEXT: str,
    Datatype.INTEGER: Long,
    Datatype.DECIMAL: float,
    Datatype.BOOLEAN: bool,
    Datatype.DATE: Date,
    Datatype.DATETIME: DateTime,
    Datatype.URI: str,
    Datatype.CODE: str,
}


def scalar_of(datatype: Datatype) -> Any:
    """The annotation that stands for one value of this datatype."""
    return _BY_DATATYPE[datatype]


def listed(annotation: Any) -> Any:
    """`list[annotation]`, of an annotation that is only known when it runs."""
    return GenericAlias(list, (annotation,))
