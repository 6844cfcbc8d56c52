"""How large a question may be. Counted before it runs where the text tells, while it
runs where only the answer tells; every refusal says which limit and what to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
)
from strawberry.extensions import SchemaExtension

from graph.hurry import hurried
from ontology.errors import LimitExceeded, OutcomeUnknown


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one request. `breadth` counts fields with fragments written out;
    `nodes` counts resources in the answer; `seconds` is wall time of a query or
    mutation (a subscription may stay)."""

    depth: int = 15
    breadth: int = 2_000
    tokens: int = 8_000
    aliases: int = 60
    nodes: int = 20_000
    page: int = 500
    seconds: float = 10.0


@dataclass(slots=True)
class Budget:
    """What one request may still load."""

    left: int
    whole: int

    def spend(self, resources: int) -> None:
        """Count resources that are about to enter the answer. Raises LimitExceeded."""
        self.left -= resources
        if self.left < 0:
            raise LimitExceeded(
                f"结果超过 {self.whole} 个资源，请减小 first 或层数 / the answer holds more than "
                f"{self.whole} resources: ask for smaller pages (first) or fewer levels"
            )


def page_size(first: int, limit: int) -> int:
    """`first`, if it is within bounds. Raises LimitExceeded."""
    if not 0 <= first <= limit:
        raise LimitExceeded(
            f"first 应在 0 到 {limit} 之间，此处为 {first} / first must be between 0 and {limit}, "
            f"not {first}; page on with after"
        )
    return first


@dataclass(slots=True)
class _Size:
    depth: int = 0
    fields: int = 0
    aliases: int = 0

    def add(self, other: _Size, *, level: int = 0) -> None:
        self.depth = max(self.depth, other.depth + level)
        self.fields += other.fields
        self.aliases += other.aliases


class _Measure:
    """Sizes of selections. Each fragment is measured once, however often it is spread,
    so a document that doubles itself with every fragment costs no more than its text."""

    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, _Size] = {}

    def of(self, selections: SelectionSetNode | None) -> _Size:
        size = _Size()
        for node in selections.selections if selections else ():
            if isinstance(node, FieldNode):
                if node.name.value.startswith("__"):
                    continue  # introspection: bounded by the schema and graphql-core's own rule
                size.fields += 1
                size.aliases += node.alias is not None
                size.add(self.of(node.selection_set), level=1)
                size.depth = max(size.depth, 1)
            elif isinstance(node, FragmentSpreadNode):
                size.add(self._fragment(node.name.value))
            elif isinstance(node, InlineFragmentNode):
                size.add(self.of(node.selection_set))
        return size

    def _fragment(self, name: str) -> _Size:
        if name not in self._known:
            self._known[name] = _Size()  # a cycle ends here; its own rule refuses it
            fragment = self._fragments.get(name)
            self._known[name] = self.of(fragment.selection_set if fragment else None)
        return self._known[name]


def limit_rule(limits: Limits) -> type[ValidationRule]:
    """The validation rule for what the text of a request tells: depth, breadth, aliases."""

    class WithinLimits(ValidationRule):
        def __init__(self, context: ValidationContext) -> None:
            super().__init__(context)
            definitions = context.document.definitions
            measure = _Measure(
                {d.name.value: d for d in definitions if isinstance(d, FragmentDefinitionNode)}
            )
            for operation in definitions:
                if isinstance(operation, OperationDefinitionNode):
                    for message in _excess(measure.of(operation.selection_set), limits):
                        context.report_error(_refusal(message, [operation]))

    return WithinLimits


def _excess(size: _Size, limits: Limits) -> Iterator[str]:
    for zh, en, found, allowed in (
        ("嵌套层数", "depth", size.depth, limits.depth),
        ("字段总数", "number of fields", size.fields, limits.breadth),
        ("别名个数", "number of aliases", size.aliases, limits.aliases),
    ):
        if found > allowed:
            yield (
                f"{zh}为 {found}，最多 {allowed} / {en} is {found}, at most {allowed} is allowed: "
                "请拆成几次查询 / split the query"
            )


def _refusal(message: str, nodes: list[Any] | None = None) -> GraphQLError:
    return GraphQLError(message, nodes=nodes, extensions={"code": LimitExceeded.code})


def _unknown(seconds: float) -> GraphQLError:
    """A write that was handed over goes on, whoever waits for it."""
    return GraphQLError(
        f"{seconds:g} 秒内未完成，写入与否尚不可知：请以同一 key 重试，或先读取核对 / "
        f"not done within {seconds:g} seconds, and it may yet be written: repeat it with the "
        "same key, or read before you repeat it",
        extensions={"code": OutcomeUnknown.code},
    )


def within(limits: Limits) -> type[SchemaExtension]:
    """The extension for tokens (while parsing) and time (while executing)."""

    class WithinTokensAndTime(SchemaExtension):
        def on_operation(self) -> Iterator[None]:
            self.execution_context.parse_options["max_tokens"] = limits.tokens
            hurried.set(True)  # what is found of the answer must be told before time is up
            yield

        async def on_execute(self) -> AsyncIterator[None]:
            try:
                async with asyncio.timeout(limits.seconds):
                    yield
            except TimeoutError:
                if self.execution_context.context.written:
                    raise _unknown(limits.seconds) from None
                raise _refusal(
                    f"超过 {limits.seconds:g} 秒，已停止 / stopped after {limits.seconds:g} "
                    "seconds: "
                    "请缩小范围 / ask for less"
                ) from None

    return WithinTokensAndTime
