"""What a change set comes to, given what is held: checked, and edits applied. Pure.

Order inside one change set: withdrawals, claims, edits (as the group of names stands
before the commit), then aliases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ontology.errors import InvalidInput
from ontology.merge import key_of
from ontology.model import Ontology
from ontology.problem import Problem
from ontology.resource import (
    ChangeSet,
    Claim,
    Denial,
    Edit,
    Held,
    Link,
    LinkKey,
    ResourceId,
    Scalar,
    family_of,
)

Group = Callable[[ResourceId], Sequence[Held]]
"""A name → the claims held on all names of its group."""

Same = Callable[[ResourceId, ResourceId], bool]
"""Whether two names mean one thing."""


def check(changes: ChangeSet, ontology: Ontology) -> None:
    """Raise InvalidInput, with a Problem each, for what no store can hold: an unknown
    class, attribute or link type, a class of another family, an empty value, two claims
    on one resource, an alias across families."""
    problems = list(_problems(changes, ontology))
    if problems:
        first = problems[0]
        where = f"{first.resource}: " if first.resource else ""
        raise InvalidInput(f"{where}{first.what}", problems)


def _problems(changes: ChangeSet, ontology: Ontology) -> Iterable[Problem]:
    if changes.at is not None and changes.at.tzinfo is None:
        yield Problem("时间缺少时区 / an instant needs a time zone", f"如 {changes.at}+08:00。")
    claimed: set[ResourceId] = set()
    for claim in changes.claims:
        if claim.resource in claimed:
            yield Problem("同一批次中重复主张", "每批每个资源只保留一条。", resource=claim.resource)
        claimed.add(claim.resource)
        yield from _shape(claim.resource, claim.type, claim.attributes, claim.links, ontology)
    for edit in changes.edits:
        yield from _shape(edit.resource, edit.type, edit.set, edit.link, ontology)
    for alias in changes.called:
        if alias.name == alias.of or family_of(alias.name) != family_of(alias.of):
            yield Problem(
                f"别名不成立：{alias.name} → {alias.of}",
                "别名须连接同一族的两个不同名称。",
                resource=alias.name,
            )


def _shape(
    id: ResourceId,
    kind: str | None,
    attributes: Mapping[str, object],
    links: Sequence[Link],
    ontology: Ontology,
) -> Iterable[Problem]:
    family = family_of(id)
    root = ontology.families.get(family)
    if root is None or len(id) == len(family) + 1 or "\0" in id:
        yield Problem(f"标识的族未知：{family}", "标识写作“族:键”。", resource=id)
        return
    if kind is not None:
        declared = ontology.types.get(kind)
        if declared is None or declared.family != family:
            yield Problem(f"类别不适用：{kind}", f"须为 {root} 或其子类。", resource=id)
            return
    known = ontology.types[kind].attributes.keys() if kind else _attributes(family, ontology)
    if not attributes.keys() <= known:
        names = "、".join(sorted(attributes.keys() - known))
        yield Problem(f"属性未在本体中声明：{names}", f"见类别 {kind or root}。", resource=id)
    for name, value in attributes.items():
        if value is None or value == () or value != value:
            yield Problem("属性值为空", "去掉该属性，或给出值。", column=name, resource=id)
    for link in links:
        if link.type not in ontology.links:
            yield Problem(f"关联类型未知：{link.type}", "见本体的关联类型。", resource=id)
        elif family_of(link.target) not in ontology.families or "\0" in link.target:
            yield Problem(f"关联目标的族未知：{link.target}", "标识写作“族:键”。", resource=id)


def _attributes(family: str, ontology: Ontology) -> set[str]:
    """What any class of the family may say: for a claim that names no class."""
    return {n for t in ontology.types.values() if t.family == family for n in t.attributes}


def names_in(claim: Claim) -> Iterable[ResourceId]:
    """Every name that a claim makes known, in the order in which a store numbers them:
    targets follow the resource that links them, so the fields of a table stand in a row."""
    yield claim.resource
    for link in claim.links:
        yield link.target
        job = job_in(link.properties)
        if job is not None:
            yield job


def job_in(properties: Mapping[str, Scalar]) -> ResourceId | None:
    """The job that made a derivation, where the link names one as evidence."""
    if not properties:
        return None
    job = properties.get("job")
    return ResourceId(job) if isinstance(job, str) and job.startswith("job:") else None


def literals_in(properties: Mapping[str, Scalar]) -> tuple[str, ...]:
    """The literals that the rule of a derivation names, where the link tells them as evidence:
    one a line."""
    said = properties.get("literals") if properties else None
    return tuple(said.split("\n")) if isinstance(said, str) else ()


def own_claims(changes: ChangeSet, group: Group, same: Same) -> dict[ResourceId, Claim | None]:
    """The source's own claim on each name after the change set; None: withdrawn. Names
    whose claim stays as it is may be among them."""
    own: dict[ResourceId, Claim | None] = dict.fromkeys(changes.withdrawals)
    own.update((claim.resource, tidy(claim)) for claim in changes.claims)
    for edit in changes.edits:
        held = group(edit.resource)
        mine = {h.claim.resource: h.claim for h in held if h.source.name == changes.source.name}
        others = [
            h.claim
            for h in held
            if h.source.name != changes.source.name and h.source.rank <= changes.source.rank
        ]
        for name in (edit.resource, *sorted(mine.keys() - {edit.resource})):
            before = own[name] if name in own else mine.get(name)
            own[name] = _apply(edit, before or Claim(name, None), others, same)
    return own


def tidy(claim: Claim) -> Claim:
    """The claim with each link once (of two with one key the last is meant), in order."""
    if len(claim.links) < 2:
        return claim
    links = {(x.type, x.target, x.key): x for x in claim.links}
    return replace(claim, links=tuple(links[key] for key in sorted(links)))


def _apply(edit: Edit, claim: Claim, others: Sequence[Claim], same: Same) -> Claim | None:
    """The own claim on one name of the edit's group. What is taken back is taken back
    under every name; what is said anew is said under the name that was edited."""
    here = claim.resource == edit.resource
    gone = frozenset(k for link in claim.links if _among(k := key_of(link), edit.unlink, same))
    attributes = {n: v for n, v in claim.attributes.items() if n not in edit.unset}
    links = {key_of(link): link for link in claim.links if key_of(link) not in gone}
    denied = claim.denies.attributes - edit.allow.attributes
    denied_links = frozenset(k for k in claim.denies.links if not _among(k, edit.allow.links, same))
    resource = claim.denies.resource and not (edit.revive or edit.allow.resource)
    if here:
        attributes |= edit.set
        links |= {key_of(link): link for link in edit.link}
        denied = (denied - edit.set.keys()) | {
            n for n in edit.unset if any(n in o.attributes for o in others)
        }
        denied_links = (denied_links - {key_of(link) for link in edit.link}) | {
            key_of(link)
            for other in others
            for link in other.links
            if _among(key_of(link), edit.unlink, same)
        }
        resource = resource or edit.retire
    else:
        denied -= edit.set.keys()
        said = frozenset(key_of(link) for link in edit.link)
        denied_links = frozenset(k for k in denied_links if not _among(k, said, same))
    edited = Claim(
        resource=claim.resource,
        type=(edit.type if here and edit.type is not None else claim.type),
        attributes=attributes,
        links=tuple(links.values()),
        denies=Denial(frozenset(denied), frozenset(denied_links), resource),
    )
    empty = not (edited.type or edited.attributes or edited.links or edited.denies)
    return None if empty else tidy(edited)


def _among(key: LinkKey, keys: Iterable[LinkKey], same: Same) -> bool:
    """Whether one of the keys means this link, whatever name it calls the target by."""
    return any(
        k == key or (k.type == key.type and k.key == key.key and same(k.target, key.target))
        for k in keys
    )
