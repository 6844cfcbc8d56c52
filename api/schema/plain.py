"""Lists of plain objects, completed at once.

For every field of every object in a list GraphQL makes an `info` and a path and asks whether
the value is to be awaited: most of what an answer costs. Where all that is asked of the objects
are attributes (no resolver, no argument), it is worked out once a list what they come to.
What is not as it should be (a null where there can be none, a value of another type) goes
the ordinary way, which tells it at its place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    TypeNameMetaFieldDef,
    Undefined,
)
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from strawberry.schema.schema_converter import GraphQLCoreConverter

Complete = Callable[[Any], Any]
"""A value → its part of the answer. Raises where it is not as it should be."""


class PlainLists(StrawberryGraphQLCoreExecutionContext):
    """Executes one request; see the module's text."""

    def __init__(self, *args: Any, **said: Any) -> None:
        super().__init__(*args, **said)
        self._known: dict[tuple[int, int], tuple[Any, Complete | None]] = {}

    def complete_list_value(
        self, return_type: GraphQLList[Any], field_details_list: Any, *rest: Any
    ) -> Any:
        result = rest[2]  # info, path, result, …
        if type(result) in (list, tuple):
            complete = self._compiled(return_type.of_type, field_details_list)
            if complete is not None:
                try:
                    return [complete(item) for item in result]
                except Exception:
                    pass  # nothing was done yet but reading: once more, the ordinary way
        return super().complete_list_value(return_type, field_details_list, *rest)

    def _compiled(self, kind: Any, asked: Any) -> Complete | None:
        """Made once a list of the request. `asked` is kept with it: its id stays its own."""
        key = id(kind), id(asked)
        if key not in self._known:
            around = self.middleware_manager and self.middleware_manager.middlewares
            self._known[key] = asked, None if around else self._of(kind, asked)
        return self._known[key][1]

    def _of(self, kind: Any, asked: Any) -> Complete | None:
        if any(details.node.directives for details in asked):
            return None
        if isinstance(kind, GraphQLNonNull | GraphQLList):
            inner = self._of(kind.of_type, asked)
            made = _present if isinstance(kind, GraphQLNonNull) else _each
            return None if inner is None else made(inner)
        if isinstance(kind, GraphQLScalarType | GraphQLEnumType):
            return _leaf(kind.coerce_output_value)
        return self._object(kind, asked) if isinstance(kind, GraphQLObjectType) else None

    def _object(self, kind: GraphQLObjectType, asked: Any) -> Complete | None:
        fields, deferred, *_ = self.collect_subfields(kind, asked)
        parts: list[tuple[str, str, Complete]] = []
        for name, details in fields.items():
            field = self.schema.get_field(kind, details[0].node.name.value)
            if field is TypeNameMetaFieldDef:
                parts.append((name, "__class__", lambda _: kind.name))
                continue
            if field is None or field.args or not getattr(field.resolve, "_is_default", False):
                return None
            complete = self._of(field.type, details)
            if complete is None:
                return None
            attribute = field.extensions[GraphQLCoreConverter.DEFINITION_BACKREF].python_name
            parts.append((name, attribute, complete))
        return None if deferred else _attributes(kind, parts)


def _attributes(kind: GraphQLObjectType, parts: list[tuple[str, str, Complete]]) -> Complete:
    is_one: Any = kind.is_type_of

    def complete(value: Any) -> Any:
        if value is None:
            return None
        if is_one is not None and not is_one(value, None):
            raise TypeError(value)
        return {name: part(getattr(value, attribute)) for name, attribute, part in parts}

    return complete


def _leaf(coerce: Complete) -> Complete:
    def complete(value: Any) -> Any:
        if value is None:
            return None
        found = coerce(value)
        if found is None or found is Undefined:
            raise TypeError(value)
        return found

    return complete


def _each(inner: Complete) -> Complete:
    def complete(value: Any) -> Any:
        if value is None:
            return None
        if type(value) not in (list, tuple):
            raise TypeError(value)
        return [inner(item) for item in value]

    return complete


def _present(inner: Complete) -> Complete:
    def complete(value: Any) -> Any:
        found = inner(value)
        if found is None:
            raise TypeError(value)
        return found

    return complete
