"""Who may write: a mutation by somebody who may only read is refused as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType

from api.signin import for_writing


class Rights(SchemaExtension):
    """Before anything is executed, so that a mutation added later is not forgotten."""

    def on_execute(self) -> Iterator[None]:
        found = self.execution_context
        if found.operation_type is OperationType.MUTATION:
            for_writing(found.context.viewer)
        yield
