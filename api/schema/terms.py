"""The terms of a write, which all mutations share: what may be said besides, what is answered.

`expectedVersion` is the version that the caller read: if somebody else changed the
resource since, nothing is written (CONFLICT). `key` makes a repeated call harmless: the
same actor asking the same again is told the first commit; asking something else under a key
that was used is refused (CONFLICT).
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, is_dataclass, replace
from dataclasses import fields as dataclass_fields
from functools import partial
from hashlib import sha256
from typing import Annotated, Any, Self

import strawberry

from api.schema.commits import Commit
from api.schema.context import Context
from api.schema.difference import Preview
from api.schema.node import Node
from ontology import resource as ledger
from ontology.errors import CatalogError, KeyUsed

Expected = Annotated[
    int | None,
    strawberry.argument(description="读到的版本 / the version that the caller read (0: none yet)"),
]
Reason = Annotated[str, strawberry.argument(description="事由 / why, for the log")]
Key = Annotated[
    str | None,
    strawberry.argument(description="幂等键 / the same key again returns the first commit"),
]
Wait = Annotated[
    bool,
    strawberry.argument(description="等到可检索 / return once search and impact show it"),
]

DryRun = Annotated[
    bool,
    strawberry.argument(description="只检查不写入 / check only: nothing is written"),
]

WAIT_SECONDS = 2.0


@strawberry.type(description="提醒 / what is not quite as it should be, and how to mend it")
class Warning:
    path: str
    what: str
    mend: str
    rule: str


@strawberry.type(description="写入的结果 / what a mutation did")
class Changed:
    commit: Commit | None = strawberry.field(description="空：没有变化 / null: nothing changed")
    resource: Node | None
    warnings: list[Warning] = strawberry.field(
        description="已写入，但应补正 / written all the same, but worth mending"
    )
    preview: Preview | None = strawberry.field(
        default=None, description="只检查时给出 / what it would change; only for a dry run"
    )

    @classmethod
    def of(
        cls,
        context: Context,
        commit: ledger.Commit | None,
        resource: ledger.Resource | None,
        warnings: Sequence[Warning] = (),
        preview: Preview | None = None,
    ) -> Self:
        return cls(
            commit=Commit.of(commit) if commit else None,
            resource=context.types.node(resource) if resource else None,
            warnings=list(warnings),
            preview=preview,
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """The conditions of one write: arguments that mutations share."""

    expected_version: Expected = None
    reason: Reason = ""
    key: Key = None
    wait: Wait = False
    dry_run: DryRun = False

    @property
    def seconds(self) -> float:
        return WAIT_SECONDS if self.wait else 0.0


ALWAYS = ("reason", "key", "wait")
STATED = ("expected_version", *ALWAYS)
"""The terms of what names no version, and of what changes a resource that somebody read."""


def on_terms(act: Callable[..., Awaitable[Changed]], names: Sequence[str]) -> Callable[..., Any]:
    """The resolver of an act: its own arguments, then those of the terms that it knows."""
    shared = inspect.signature(Terms, eval_str=True).parameters
    own = inspect.signature(act, eval_str=True).parameters
    taken = [p for p in own.values() if p.name != "terms"] + [shared[name] for name in names]
    signature = inspect.Signature(
        [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in taken], return_annotation=Changed
    )

    async def resolve(**said: Any) -> Changed:
        terms = Terms(**{name: said.pop(name) for name in names if name in said})
        if terms.key is None or terms.dry_run:
            return await act(terms=terms, **said)
        context = said["info"].context
        called = sorted((n, plain(v)) for n, v in said.items() if n != "info")
        whose = f"{terms.key}#{_digest([context.viewer.name])[:12]}"
        key = f"{whose}{_digest([resolve.__name__, called])[:20]}"
        made = await _once(context, whose, partial(act, terms=replace(terms, key=key), **said))
        if isinstance(made, Changed):
            return made
        if made.key != key:
            raise KeyUsed(
                f"key {terms.key!r} 已用于提交 {made.number} / was used for another call "
                f"(commit {made.number}): take a new key"
            )
        return await _again(context, made)

    resolve.__name__ = resolve.__qualname__ = act.__name__
    resolve.__signature__ = signature  # type: ignore[attr-defined]
    resolve.__annotations__ = {p.name: p.annotation for p in taken} | {"return": Changed}
    return resolve


async def _once(
    context: Context, whose: str, act: Callable[[], Awaitable[Changed]]
) -> Changed | ledger.Commit:
    """What the act did, or the commit that was made under the caller's key: before, or beside
    it by the same call, which was faster."""
    committed = context.ledger.store.committed
    if made := await committed(whose):
        return made
    try:
        changed = await act()
    except CatalogError:
        if made := await committed(whose):
            return made
        raise
    if changed.commit and not changed.resource and (made := await committed(whose)):
        return made  # it had an id of its own
    return changed


def _digest(told: list[Any]) -> str:
    """Of a caller's name, of a call: the log keeps both behind the caller's key."""
    return sha256(repr(told).encode()).hexdigest()


def plain(value: Any) -> Any:
    """An argument without what it leaves out: a class that gains a field is no other ask."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if not is_dataclass(value):
        return value
    told = {field.name: getattr(value, field.name) for field in dataclass_fields(value)}
    return sorted((n, plain(v)) for n, v in told.items() if v is not strawberry.UNSET)


async def _again(context: Context, made: ledger.Commit) -> Changed:
    """What the first call did, without its warnings; of its resources the one that it made,
    else the first."""
    lines = context.ledger.store.changes(made.number - 1, made.number)
    ids = list(dict.fromkeys([line.resource async for line in lines]))
    context.loaders.forget()
    old = await context.ledger.resources(ids, context.viewer, at=made.number - 1)
    one = next((id for id in ids if id not in old or old[id].placeholder), ids[0])
    return Changed.of(context, made, await context.loaders.resources.load((one, None)))
