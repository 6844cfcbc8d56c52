"""Answers to searches, kept while nothing changes: a portal's many readers ask the same.

Most of a search's time goes into completing the answer field by field, so the whole answer
is kept, for one viewer and one state of ledger and index, for a moment. Only what rests on
the index and the record alone is: `search` and `suggest`, without the resources behind.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import orjson
from graphql import DocumentNode, FieldNode, OperationDefinitionNode, parse
from graphql.language import OperationType, Visitor, visit
from strawberry.extensions import SchemaExtension

from api.schema.context import Context

if TYPE_CHECKING:
    from api.ledger import Ledger

SECONDS = 5.0
"""How long at most: what is mended in the index is seen then, though no commit tells of it."""
MOST = 512
LASTING = frozenset({"search", "suggest"})


class Answers:
    """The most recent answers of each ledger, by what was asked and when."""

    def __init__(self) -> None:
        self._of: WeakKeyDictionary[Ledger, OrderedDict[Any, tuple[float, Any]]]
        self._of = WeakKeyDictionary()

    def get(self, ledger: Ledger, key: Any) -> Any:
        until, result = self._of.get(ledger, {}).get(key, (0.0, None))
        return result if monotonic() < until else None

    def keep(self, ledger: Ledger, key: Any, result: Any) -> None:
        kept = self._of.setdefault(ledger, OrderedDict())
        kept[key] = monotonic() + SECONDS, result
        kept.move_to_end(key)
        if len(kept) > MOST:
            kept.popitem(last=False)


def answered(answers: Answers) -> type[SchemaExtension]:
    """The extension that answers from these."""

    class Answered(SchemaExtension):
        async def on_execute(self) -> AsyncIterator[None]:
            asked, context = self.execution_context, self.execution_context.context
            state = await _state(context) if _lasts(asked.query or "") else None
            if state is None:
                yield
                return
            variables = orjson.dumps(asked.variables, option=orjson.OPT_SORT_KEYS, default=str)
            key = (asked.query, asked.operation_name, variables, context.viewer, context.limits)
            kept = answers.get(context.ledger, (*key, state))
            if kept is not None:
                asked.result = kept
            yield
            if kept is not None or getattr(asked.result, "errors", True):
                return
            if await _state(context) == state:
                answers.keep(context.ledger, (*key, state), asked.result)

    return Answered


async def _state(context: Context) -> int | None:
    """The commit that record and index stand at; None while they differ, or one is down."""
    fresh = await context.ledger.projections.freshness()
    return fresh.head if fresh.search == fresh.head and not fresh.missing else None


@lru_cache(256)
def _lasts(query: str) -> bool:
    """Whether the answer to a valid query rests on index and record alone."""
    document = parse(query)
    roots = list(_roots(document))
    return bool(roots) and LASTING.issuperset(roots) and "resource" not in _names(document)


def _roots(document: DocumentNode) -> Iterator[str]:
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        if operation.operation is not OperationType.QUERY:
            yield ""
        for node in operation.selection_set.selections:
            yield node.name.value if isinstance(node, FieldNode) else ""


def _names(document: DocumentNode) -> set[str]:
    """Every field that the document names, in fragments too."""
    found: set[str] = set()

    class Fields(Visitor):
        def enter_field(self, node: FieldNode, *_: Any) -> None:
            found.add(node.name.value)

    visit(document, Fields())
    return found
