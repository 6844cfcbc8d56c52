"""The root of writing. Each mutation is one commit by the viewer, as a curated claim: it
wins over what sources say, and a later scan does not undo it. What may be said with any of
them is in terms.py.

Problems come back in `extensions.problems`, each with the `path` of the field it is about.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Annotated, Any

import strawberry

from api.schema import editing
from api.schema.context import Context, Info
from api.schema.describe import paired
from api.schema.difference import Preview
from api.schema.inputs import Form, LinkInput, PropertyInput, make_form
from api.schema.queries import root_field
from api.schema.terms import ALWAYS, STATED, Changed, Terms, Warning, on_terms
from api.schema.types import Types
from api.undo import undoing
from graph.guard import check_expected
from ontology import resource as ledger
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
    return Changed.of(context, commit, found, _warnings(problems))


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
        warnings = [*_warnings(draft.problems), *await _unknown(draft, context)]
        return Changed.of(context, None, found, warnings, Preview.of(draft, context))
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
    return Changed.of(context, made, await context.loaders.resources.load((one, None)))


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
