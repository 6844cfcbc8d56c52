"""A person's edit, thought through before it is written: what it says, and whether that
may be said.

An edit is judged by what it makes worse: what was wrong before (a scan that left a field
out) does not keep anybody from mending something else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from api.schema.around import around
from api.schema.context import Context
from api.schema.inputs import Form, PropertyInput, Said
from graph.around import MANY, Surroundings
from ontology.errors import InvalidInput, VersionConflict
from ontology.identity import resource_id
from ontology.model import Direction, LinkType, Ontology, ResourceType
from ontology.problem import Problem, Severity
from ontology.resource import (
    Claim,
    Edge,
    Edit,
    Link,
    LinkKey,
    Rank,
    Resource,
    ResourceId,
    Scalar,
    Source,
)
from ontology.validate import Policy, validate

CURATED = Source("curated", Rank.CURATED)
"""The source of what people say here; who said it is the commit's actor."""

MANY_LINKS = 10_000
"""Links of one resource that are read at a time."""

HALF_SEEN = "links"
"""The rule of a problem that says that not all neighbours were looked at."""

_PUBLISHED = "已发布"


@dataclass(frozen=True, slots=True)
class Draft:
    """Edits that may be written, and what is worth telling all the same (warnings); the
    resource as readers see it before them and after."""

    id: ResourceId
    edits: tuple[Edit, ...]
    problems: Sequence[Problem]
    before: Claim
    after: Claim


async def existing(id: str, context: Context) -> ResourceId:
    """The name that readers see for a resource. Raises NotFound."""
    return (await context.ledger.resource(ResourceId(id), context.viewer)).id


async def creation(form: Form, said: Said, id: str | None, context: Context) -> Draft:
    """A new resource: itself, and the links that make it part of something. Raises
    InvalidInput with problems, VersionConflict where it exists already."""
    ontology, kind = context.types.ontology, form.kind
    made = ResourceId(id) if id else _named(kind, said, ontology)
    told = Claim(made, kind.name, said.set, _links(said))
    near = await around(told, kind.name, context)
    claim, problems = _judged(told, near, context, published=_PUBLISHED in _state(said))
    problems = _refused(problems, kind, context)
    found = (await context.ledger.resources([made], context.viewer)).get(made)
    if found is not None and not found.placeholder:
        raise VersionConflict(
            f"{made} 已存在，请改用修改 / exists already: use change{found.type} instead"
        )
    own = Edit(made, type=kind.name, set=claim.attributes, link=claim.links)
    return Draft(made, (own, *_wholes(made, said)), problems, Claim(made, None), claim)


async def change(kind: ResourceType, said: Said, id: str, context: Context) -> Draft:
    """A change of a resource. Raises NotFound, InvalidInput with problems."""
    ontology = context.types.ontology
    found = await context.ledger.resource(ResourceId(id), context.viewer)
    refines = not ontology.is_a(found.type, kind.name)
    if refines and not ontology.is_a(kind.name, found.type):
        raise InvalidInput(
            f"{id} 是 {found.type}，不是 {kind.name} / is a {found.type}, not a {kind.name}: "
            f"use change{found.type}"
        )
    edges = await _every(found.id, tuple(said.targets), context) if said.targets else ()
    keep = {(type, target) for type, targets in said.targets.items() for target in targets}
    known = {(e.type, e.target) for e in edges}
    edit = Edit(
        found.id,
        type=kind.name if refines else None,
        set=said.set,
        unset=said.unset & found.attributes.keys(),
        link=tuple(x for x in _links(said) if (x.type, x.target) not in known),
        unlink=frozenset(
            LinkKey(e.type, e.target, e.key) for e in edges if (e.type, e.target) not in keep
        ),
    )
    draft = await drafted(edit, context)
    return replace(draft, edits=(*draft.edits, *_wholes(found.id, said)))


async def drafted(edit: Edit, context: Context) -> Draft:
    """The edit with normalised values, if what it makes of the resource has no errors that
    were not there before; who publishes is judged by all of them. Raises InvalidInput."""
    ontology = context.types.ontology
    found = await context.ledger.resource(edit.resource, context.viewer)
    _refuse_unknown(edit, found, ontology)
    before = _whole(found, await _every(found.id, None, context))
    after, published = _after(before, edit), _PUBLISHED in _state(edit)
    moved = (after.type, after.links) != (before.type, before.links)
    # What these attributes do not matter to says afterwards what it said before.
    touched = None if moved or published else edit.set.keys() | edit.unset
    near = await _near(before, context, touched)
    _, known = _judged(before, near, context, touched)
    if moved:
        near = await _near(after, context)
    claim, problems = _judged(after, near, context, touched, published=published)
    if not published:
        problems = [p for p in problems if p not in known or p.rule == HALF_SEEN]
    problems = _refused(problems, ontology.types[edit.type or found.type], context)
    values = {name: claim.attributes.get(name, value) for name, value in edit.set.items()}
    told = {(x.type, x.target): x for x in claim.links}
    links = tuple(told.get((x.type, x.target), x) for x in edit.link)
    return Draft(found.id, (replace(edit, set=values, link=links),), problems, before, claim)


async def _near(
    claim: Claim, context: Context, touched: Collection[str] | None = None
) -> Surroundings | None:
    return await around(claim, claim.type, context, touched) if claim.type else None


def _judged(
    claim: Claim,
    near: Surroundings | None,
    context: Context,
    touched: Collection[str] | None = None,
    *,
    published: bool = False,
) -> tuple[Claim, list[Problem]]:
    policy, ontology = Policy.PUBLISH if published else Policy.EDIT, context.types.ontology
    if near is None:
        return validate(ontology, claim, policy=policy, neighbours=None)
    judged, problems = validate(
        ontology, claim, policy=policy, neighbours=near.around, touched=touched
    )
    return judged, [*problems, *(_half_seen(id) for id in sorted(near.cut))]


def _refuse_unknown(edit: Edit, found: Resource, ontology: Ontology) -> None:
    """Raises InvalidInput for what cannot be taken away: nobody would notice that it was not."""
    kind = ontology.types[edit.type or found.type]
    unknown = edit.unset - kind.attributes.keys() - found.attributes.keys()
    unknown |= {key.type for key in edit.unlink} - ontology.links.keys()
    if unknown:
        raise InvalidInput(
            f"{kind.label.zh}没有属性或关联 {', '.join(sorted(unknown))} / "
            "there is no such attribute or link"
        )


def _half_seen(id: ResourceId) -> Problem:
    """Rules over neighbours were held against the first of them only."""
    return Problem(
        f"关联超过 {MANY} 条，只按前 {MANY} 条核对 / more than {MANY} links: judged by the first",
        "其余在其来源下次导入时核对 / the others are judged when their source is imported",
        Severity.WARNING,
        rule=HALF_SEEN,
        resource=id,
    )


def _state(said: Said | Edit) -> tuple[object, ...]:
    return (said.set.get("lifecycleState"),)


def link_of(
    type: str, target: str, properties: Sequence[PropertyInput], ontology: Ontology
) -> Link:
    """A link as asked for. Raises InvalidInput for a type or property there is not."""
    link = ontology.links.get(type)
    if link is None:
        raise InvalidInput(f"没有关联类型 {type!r} / there is no link type {type!r}")
    stated: dict[str, Scalar] = {}
    for given in properties:
        if given.name not in link.properties or not isinstance(given.value, Scalar):
            raise InvalidInput(
                f"关联 {type} 没有性质 {given.name!r} / the link has no such property; "
                f"可用 / there are: {', '.join(link.properties) or '—'}"
            )
        stated[given.name] = given.value
    return Link(type, ResourceId(target), stated, _key(link, stated))


def _key(link: LinkType, stated: dict[str, Scalar]) -> str:
    return "|".join(str(stated.get(name, "")) for name in link.keyed_by).strip("|")


def _links(said: Said) -> tuple[Link, ...]:
    return tuple(Link(type, target) for type, targets in said.targets.items() for target in targets)


def _named(kind: ResourceType, said: Said, ontology: Ontology) -> ResourceId:
    scope = {type: str(targets[0]) for type, targets in said.targets.items() if targets}
    scope |= {type: str(whole) for type, whole in said.wholes.items()}
    named = resource_id(ontology, kind.name, said.set, scope)
    if named is None:
        needed = " · ".join(
            " + ".join((*scheme.attributes, *scheme.scope)) for scheme in kind.identifiers
        )
        raise InvalidInput(
            f"缺少自然键，无法生成标识 / no natural key to make an id of: "
            f"give id, or one of {needed}"
        )
    return named[0]


def _wholes(part: ResourceId, said: Said) -> Iterable[Edit]:
    """What the resource is said to be part of holds the link."""
    for type, whole in said.wholes.items():
        yield Edit(whole, link=(Link(type, part),))


async def _every(id: ResourceId, types: tuple[str, ...] | None, context: Context) -> list[Edge]:
    """Every link of these types, however many: what is replaced must go to the last one."""
    found: list[Edge] = []
    after: str | None = None
    while True:
        page = await context.ledger.links(
            id, types, Direction.FORWARD, context.viewer, after=after, limit=MANY_LINKS
        )
        found += page.edges
        after = page.after
        if after is None:
            return found


def _whole(found: Resource, edges: Iterable[Edge]) -> Claim:
    links = tuple(Link(e.type, e.target, e.properties, e.key) for e in edges)
    return Claim(found.id, found.type, found.attributes, links)


def _after(before: Claim, edit: Edit) -> Claim:
    kept = {n: v for n, v in before.attributes.items() if n not in edit.unset}
    gone = {(k.type, k.target) for k in edit.unlink}
    links = tuple(x for x in before.links if (x.type, x.target) not in gone)
    return replace(
        before,
        type=edit.type or before.type,
        attributes=kept | dict(edit.set),
        links=(*links, *edit.link),
    )


def _refused(problems: Iterable[Problem], kind: ResourceType, context: Context) -> list[Problem]:
    """The problems, each with the path of its field. Raises InvalidInput for errors."""
    told = [_pathed(p, kind, context) for p in problems]
    errors = [p for p in told if p.severity is Severity.ERROR]
    if errors:
        raise InvalidInput(
            f"有 {len(errors)} 处不符合要求 / {len(errors)} things are not as they should be: "
            + "；".join(p.what for p in errors[:3]),
            errors,
        )
    return told


def _pathed(problem: Problem, kind: ResourceType, context: Context) -> Problem:
    """The problem with the input's field in place of the label that people read."""
    for attribute in kind.attributes.values():
        if attribute.label.zh == problem.column:
            return replace(problem, column=f"input.{attribute.name}")
    for link in context.types.ontology.links_from(kind.name):
        if link.label.zh == problem.column:
            name = context.types.link_names(link.name, Direction.FORWARD)
            return replace(problem, column=f"input.{name}")
    return problem
