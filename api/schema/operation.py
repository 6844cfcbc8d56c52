"""Which operation of a document is meant: with several, the request has to name one."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension


class OneOperation(SchemaExtension):
    """The library would run the first; the specification (6.1) wants an error. Stands after what
    validates from memory, which would overwrite it. Whether a name was said stands in a private
    attribute only: the public one falls back to the first operation's."""

    def on_validate(self) -> Iterator[None]:
        asked = self.execution_context
        found = asked.graphql_document.definitions if asked.graphql_document else ()
        operations = [d for d in found if isinstance(d, OperationDefinitionNode)]
        named = asked._provided_operation_name
        if len(operations) > 1 and not named and not asked.pre_execution_errors:
            asked.pre_execution_errors = [
                GraphQLError(
                    "有多个操作，请以 operationName 指明一个 / several operations: "
                    "name one in operationName",
                    nodes=operations,
                )
            ]
        yield
