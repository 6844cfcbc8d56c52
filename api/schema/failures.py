"""Errors on their way out: those a caller can act on keep their words and get a code;
anything else becomes "内部错误 / internal error" with a mark that the log knows.

Where a part of the ledger is down, `extensions.missing` of the answer names it: what rests on
the others is answered all the same.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from typing import Any

from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import SchemaExtension
from strawberry.schema.exceptions import (
    CannotGetOperationTypeError,
    InvalidOperationTypeError,
)
from strawberry.types.execution import StreamExecutionResult

from ontology.errors import CatalogError, InvalidInput, LimitExceeded, Unavailable
from ontology.problem import Problem

log = logging.getLogger("mulu.api")

INVALID_QUERY = "INVALID_QUERY"
INTERNAL = "INTERNAL"


def problem_of(problem: Problem) -> dict[str, Any]:
    """A problem as clients read it; `path` is the input's field that it speaks of."""
    return {
        "path": problem.column,
        "what": problem.what,
        "mend": problem.mend,
        "severity": problem.severity.value,
        "value": problem.value,
        "rule": problem.rule,
        "resource": problem.resource,
    }


def presented(error: GraphQLError) -> GraphQLError:
    """The error as the client may see it."""
    cause = error.original_error
    if isinstance(cause, GraphQLError):
        cause = cause.original_error
    if cause is None:
        return _coded(error, error.message, _code_of(error))
    if isinstance(cause, CatalogError):
        extra: dict[str, Any] = {}
        if isinstance(cause, InvalidInput) and cause.problems:
            extra["problems"] = [problem_of(p) for p in cause.problems]
        if isinstance(cause, Unavailable) and cause.part:
            extra["part"] = cause.part
        return _coded(error, str(cause), cause.code, **extra)
    mark = uuid.uuid4().hex[:12]
    log.error("internal error %s at %s", mark, error.path, exc_info=cause)
    message = f"内部错误 / internal error ({mark})"
    return _coded(error, message, INTERNAL, id=mark)


def _code_of(error: GraphQLError) -> str:
    given = (error.extensions or {}).get("code")
    if given:
        return str(given)
    if isinstance(error, GraphQLSyntaxError) and "Parsing aborted" in error.message:
        return LimitExceeded.code  # the parser's own limits on tokens and nesting
    return INVALID_QUERY


def _coded(error: GraphQLError, message: str, code: str, **extra: Any) -> GraphQLError:
    return GraphQLError(
        message,
        nodes=error.nodes,
        source=error.source,
        positions=error.positions,
        path=error.path,
        extensions={**(error.extensions or {}), "code": code, **extra},
    )


class Failures(SchemaExtension):
    """Presents the errors of every result, streamed or not."""

    _streamed = False

    def on_operation(self) -> Iterator[None]:
        try:
            yield
        except (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError):
            raise  # requests that are none: HTTP 400
        except Exception as error:
            # From an extension (parser, clock): no result passes here, only the error.
            whole = GraphQLError(str(error), original_error=error)
            raise presented(error if isinstance(error, GraphQLError) else whole) from error
        if not self._streamed:
            self._present(self.execution_context.result)

    def on_stream_result(self, result: StreamExecutionResult) -> Iterator[None]:
        self._streamed = True
        self._present(result)
        yield None

    def get_results(self) -> dict[str, Any]:
        missing = self.execution_context.context.missing
        return {"missing": sorted(missing)} if missing else {}

    def _present(self, result: Any) -> None:
        errors = getattr(result, "errors", None)
        if errors:
            result.errors = [presented(error) for error in errors]
            told = (error.extensions.get("part") for error in result.errors)
            self.execution_context.context.missing.update(part for part in told if part)
