"""The root of writing. Each mutation is one commit by the viewer, as a curated claim: it
wins over what sources say, and a later scan does not undo it.

`expectedVersion` is the version that the caller read: if somebody else changed the
resource since, nothing is written (CONFLICT). `key` makes a repeated call harmless: the
same actor asking the same again is told the first commit; asking something else under a key
that was used is refused (CONFLICT).
Problems come back in `extensions.problems`, each with the `path` of the field it is about.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, is_dataclass, replace
from dataclasses import fields as dataclass_fields
from functools import partial
from hashlib import sha256
from typing import Annotated, Any

import strawberry

from api.schema import editing
from api.schema.commits import Commit
from api.schema.context import Context, Info
from api.schema.describe import paired
from api.schema.difference import Preview
from api.schema.inputs import Form, LinkInput, PropertyInput, make_form
from api.schema.node import Node
from api.schema.queries import root_field
from api.schema.types import Types
from api.undo import undoing
from graph.guard import check_expected
from ontology import resource as ledger
from ontology.errors import CatalogError, KeyUsed
from ontology.model import ResourceType
from ontology.problem import Problem
from ontology.resource import (
    Alias,
    ChangeSet,
    Denial,
    Edit,
    LinkKey,
    ResourceId,
)

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
    found = await context.loaders.resources.load((one, None))
    return Changed(
        commit=Commit.of(made),
        resource=context.types.node(found) if found else None,
        warnings=[],
    )


async def write(
    context: Context,
    id: ResourceId,
    terms: Terms,
    *,
    edits: tuple[Edit, ...] = (),
    problems: Iterable[Problem] = (),
    alias: Alias | None = None,
    unalias: Alias | None = None,
) -> Changed:
    """Commit one change and read the resource back."""
    changes = ChangeSet(
        actor=context.viewer.name,
        source=editing.CURATED,
        reason=terms.reason,
        edits=edits,
        aliases=(alias,) if alias else (),
        unaliases=(unalias,) if unalias else (),
        expected={} if terms.expected_version is None else {id: terms.expected_version},
        key=terms.key,
    )
    commit = await _commit(context, changes, terms)
    found = await context.loaders.resources.load((id, None))
    return Changed(
        commit=Commit.of(commit) if commit else None,
        resource=context.types.node(found) if found else None,
        warnings=_warnings(problems),
    )


async def _commit(context: Context, changes: ChangeSet, terms: Terms) -> ledger.Commit | None:
    """Commit; what was loaded before is forgotten. From here on the answer to a request that
    runs out of time is that its outcome is unknown (api/schema/limits.py)."""
    context.written = True
    made = await context.ledger.commit(changes, context.viewer, wait=terms.seconds)
    context.loaders.forget()
    return made


def _warnings(problems: Iterable[Problem]) -> list[Warning]:
    return [Warning(path=p.column, what=p.what, mend=p.mend, rule=p.rule) for p in problems]


async def write_draft(context: Context, draft: editing.Draft, terms: Terms) -> Changed:
    """Commit a draft, or only tell what it would do."""
    if terms.dry_run:
        found = await context.loaders.resources.load((draft.id, None))
        if terms.expected_version is not None:
            check_expected({draft.id: terms.expected_version}, {draft.id: found} if found else {})
        return Changed(
            commit=None,
            resource=context.types.node(found) if found else None,
            warnings=[*_warnings(draft.problems), *await _unknown(draft, context)],
            preview=Preview.of(draft, context),
        )
    return await write(context, draft.id, terms, edits=draft.edits, problems=draft.problems)


async def _unknown(draft: editing.Draft, context: Context) -> list[Warning]:
    """Targets that the ledger does not know: each would become a placeholder, often a slip."""
    targets = dict.fromkeys(x.target for edit in draft.edits for x in edit.link)
    found = await context.ledger.resources(list(targets), context.viewer)
    return [
        Warning(
            path="",
            what=f"账本中没有 {id} / the ledger does not know it",
            mend="请核对标识；照写则先占位 / check the id; written so, it is a placeholder",
            rule="target",
        )
        for id in targets
        if id not in found
    ]


async def retire(info: Info, terms: Terms, id: strawberry.ID) -> Changed:
    name = await editing.existing(id, info.context)
    return await write(info.context, name, terms, edits=(Edit(name, retire=True),))


async def revive(info: Info, terms: Terms, id: strawberry.ID) -> Changed:
    name = await editing.existing(id, info.context)
    return await write(info.context, name, terms, edits=(Edit(name, revive=True),))


async def link(
    info: Info,
    terms: Terms,
    id: strawberry.ID,
    type: str,
    target: strawberry.ID,
    properties: list[PropertyInput] | None = None,
) -> Changed:
    name = await editing.existing(id, info.context)
    made = editing.link_of(type, target, properties or [], info.context.types.ontology)
    draft = await editing.drafted(Edit(name, link=(made,)), info.context)
    return await write_draft(info.context, draft, terms)


async def unlink(info: Info, terms: Terms, id: strawberry.ID, link: LinkInput) -> Changed:
    name = await editing.existing(id, info.context)
    draft = await editing.drafted(Edit(name, unlink=_keys([link])), info.context)
    return await write_draft(info.context, draft, terms)


async def deny(
    info: Info,
    terms: Terms,
    id: strawberry.ID,
    attributes: list[str] | None = None,
    links: list[LinkInput] | None = None,
) -> Changed:
    name = await editing.existing(id, info.context)
    edit = Edit(name, unset=frozenset(attributes or ()), unlink=_keys(links or []))
    return await write_draft(info.context, await editing.drafted(edit, info.context), terms)


async def allow(
    info: Info,
    terms: Terms,
    id: strawberry.ID,
    attributes: list[str] | None = None,
    links: list[LinkInput] | None = None,
) -> Changed:
    name = await editing.existing(id, info.context)
    edit = Edit(name, allow=Denial(frozenset(attributes or ()), _keys(links or [])))
    return await write(info.context, name, terms, edits=(edit,))


async def alias(info: Info, terms: Terms, name: strawberry.ID, of: strawberry.ID) -> Changed:
    pair = Alias(ResourceId(name), ResourceId(of))
    return await write(info.context, pair.of, terms, alias=pair)


async def unalias(info: Info, terms: Terms, name: strawberry.ID, of: strawberry.ID) -> Changed:
    pair = Alias(ResourceId(name), ResourceId(of))
    return await write(info.context, pair.of, terms, unalias=pair)


async def undo(info: Info, terms: Terms, commit: int) -> Changed:
    context = info.context
    changes = await undoing(
        context.ledger, commit, context.viewer, reason=terms.reason, key=terms.key
    )
    made = await _commit(context, changes, terms)
    one = next((x.resource for x in changes.claims), None) or changes.withdrawals[0]
    found = await context.loaders.resources.load((one, None))
    return Changed(
        commit=Commit.of(made) if made else None,
        resource=context.types.node(found) if found else None,
        warnings=[],
    )


def _keys(links: list[LinkInput]) -> frozenset[LinkKey]:
    return frozenset(LinkKey(x.type, ResourceId(x.target), x.key) for x in links)


ROOT: dict[str, tuple[Any, Sequence[str], str]] = {
    "retire": (retire, STATED, "注销：不抹去 / retire a resource; nothing is erased"),
    "revive": (revive, STATED, "撤销注销 / take a retirement back"),
    "link": (link, STATED, "建立关联 / make a link, with its evidence"),
    "unlink": (
        unlink,
        STATED,
        "取消关联 / take a link away, and deny it where sources still say it",
    ),
    "deny": (deny, STATED, "否认属性或关联 / say that attributes or links are not so"),
    "allow": (allow, STATED, "收回否认 / take denials back"),
    "alias": (alias, ALWAYS, "同一事物的两个标识 / two ids mean one thing"),
    "undo": (undo, ALWAYS, "撤销一个提交，作为新的提交 / take a commit back, as a new commit"),
    "unalias": (unalias, ALWAYS, "撤销同一 / two ids do not mean one thing"),
}


def make_mutation(types: Types) -> type[Any]:
    """The mutation type: the generic ones, and `create…` and `change…` for each class."""
    fields = {
        name: (None, root_field(name, on_terms(act, terms), Changed, text))
        for name, (act, terms, text) in ROOT.items()
    }
    for kind in types.ontology.types.values():
        if kind.abstract:
            continue
        form = make_form(kind, types)
        label = paired(kind.label)
        for name, act, terms, text in (
            (f"create{kind.name}", _creator(form), ALWAYS, f"新建 / create: {label}"),
            (f"change{kind.name}", _changer(form, kind), STATED, f"修改 / change: {label}"),
        ):
            resolver = on_terms(act, (*terms, "dry_run"))
            resolver.__name__ = resolver.__qualname__ = name
            fields[name] = (None, root_field(name, resolver, Changed, text))
    return strawberry.type(types.declare("Mutation", (), fields), description="写入 / writing")


def _creator(form: Form) -> Callable[..., Awaitable[Changed]]:
    async def create(
        info: Info,
        terms: Terms,
        input: Any,
        id: Annotated[
            strawberry.ID | None,
            strawberry.argument(
                description="标识，缺省由自然键生成 / the id; made of natural keys unless given"
            ),
        ] = None,
    ) -> Changed:
        draft = await editing.creation(form, form.read(input), id, info.context)
        return await write_draft(info.context, draft, terms)

    create.__annotations__["input"] = form.input
    return create


def _changer(form: Form, kind: ResourceType) -> Callable[..., Awaitable[Changed]]:
    async def change(info: Info, terms: Terms, id: strawberry.ID, input: Any) -> Changed:
        draft = await editing.change(kind, form.read(input), id, info.context)
        return await write_draft(info.context, draft, terms)

    change.__annotations__["input"] = form.input
    return change
