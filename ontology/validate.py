"""A claim as it came → the claim as the ledger takes it, and what was wrong with it.

Good attributes are never lost for a bad one: what cannot be used is left out and told. How
heavy a fault weighs depends on who speaks (`Policy`): a scan is only ever warned, a person
who publishes is refused.

What marks itself 涉密 is refused as a whole, and no word of it is repeated (C 2, S 1).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ontology.faults import few, missing, secret, unknown_attribute, wrong_end
from ontology.model import Attribute, LinkType, Ontology
from ontology.policy import REFUSED, Fault, Policy, policy_of
from ontology.problem import Problem, Severity
from ontology.resource import Claim, Link, ResourceId, Scalar, Value, family_of
from ontology.shapes import Around, Focus, Shape, Weight, around_claim
from ontology.values import Read, Reader, plain_text, reader

__all__ = ["Policy", "Validator", "policy_of", "validate", "validator"]

_ID = re.compile(r"([a-z][a-z0-9]*):\S.*", re.DOTALL)


def validate(
    ontology: Ontology,
    claim: Claim,
    *,
    policy: Policy = Policy.DELIVERY,
    neighbours: Around | None = None,
    touched: Collection[str] | None = None,
) -> tuple[Claim, list[Problem]]:
    """The claim with normalised values and without what cannot be used, and its problems.

    A problem of severity ERROR means that the claim is refused under this policy; the claim
    returned then is what is left of it. `neighbours` lets shapes look at what is around the
    resource in the ledger beside the claim's own links. With `touched` only the shapes that
    these attributes matter to are asked.
    """
    return validator(ontology).check(claim, policy, neighbours, touched)


def validator(ontology: Ontology) -> Validator:
    """The compiled rules of an ontology, made once for it."""
    made = _MADE.get(id(ontology))
    if made is None or made.ontology is not ontology:
        if len(_MADE) >= 16:
            _MADE.clear()
        made = _MADE[id(ontology)] = Validator(ontology)
    return made


_MADE: dict[int, Validator] = {}


@dataclass(frozen=True, slots=True)
class _Rule:
    """One attribute of one class, ready to read values."""

    attribute: Attribute
    read: Reader


@dataclass(frozen=True, slots=True)
class _Class:
    """What holds for the claims of one class, or of a family where the class is not said."""

    rules: Mapping[str, _Rule]
    required: tuple[Attribute, ...]
    links: Mapping[str, LinkType]
    required_links: tuple[LinkType, ...]
    shapes: tuple[Shape, ...]


Told = Callable[[Fault, Problem], None]


class Validator:
    """All rules of one ontology, compiled per class."""

    def __init__(self, ontology: Ontology) -> None:
        self.ontology = ontology
        self._classes: dict[str, _Class] = {}
        self._families: dict[str, _Class] = {}
        self._evidence = {
            link.name: {a.name: reader(a, ontology.code_lists) for a in link.properties.values()}
            for link in ontology.links.values()
        }
        self._reached = {
            link.name: frozenset(self._families_of(link.range)) for link in ontology.links.values()
        }

    def check(
        self,
        claim: Claim,
        policy: Policy,
        neighbours: Around | None = None,
        touched: Collection[str] | None = None,
    ) -> tuple[Claim, list[Problem]]:
        """See `validate`."""
        problems: list[Problem] = []
        refused = REFUSED[policy]

        def tell(fault: Fault, problem: Problem) -> None:
            severity = Severity.ERROR if fault in refused else Severity.WARNING
            problems.append(replace(problem, severity=severity, resource=claim.resource))

        if self._is_secret(claim):
            return Claim(claim.resource, None), [secret(claim.resource)]
        known = self._class_of(claim)
        if isinstance(known, Problem):
            return Claim(claim.resource, None), [replace(known, resource=claim.resource)]
        attributes = self._attributes(claim, known, tell)
        links = self._links(claim, known, tell) if claim.links else ()
        if claim.type is not None and (attributes or claim.attributes):
            for attribute in known.required:
                if attribute.name not in attributes:
                    tell(Fault.MISSING, missing(attribute.label.zh, attribute.clause))
            if policy is not Policy.SCAN:
                self._missing_links(known, links, tell)
        checked = Claim(claim.resource, claim.type, attributes, links, claim.denies)
        if known.shapes and claim.type is not None:
            shapes: Iterable[Shape] = known.shapes
            if touched is not None:
                shapes = (shape for shape in shapes if shape.minds(touched))
            self._shapes(checked, shapes, neighbours, tell)
        return checked, problems

    # --- class --------------------------------------------------------------------------

    def _class_of(self, claim: Claim) -> _Class | Problem:
        family = family_of(claim.resource)
        if claim.type is None:
            if family not in self.ontology.families or not _ID.fullmatch(claim.resource):
                return Problem(
                    f"未知的标识 {few(claim.resource)} (unknown id)", "标识应为“族:键”，族见本体"
                )
            found = self._families.get(family)
            if found is None:
                kinds = self.ontology.descendants(self.ontology.families[family])
                found = self._families[family] = self._compiled(kinds)
            return found
        found = self._classes.get(claim.type)
        if found is None:
            kind = self.ontology.types.get(claim.type)
            if kind is None:
                return Problem(f"未知的类 {few(claim.type)} (unknown class)", "请使用本体中的类名")
            if kind.abstract:
                below = [n for n in self.ontology.descendants(kind.name) if n != kind.name]
                return Problem(
                    f"{kind.label.zh}（{kind.name}）是抽象类 (abstract class)",
                    f"请选其下的类：{'、'.join(below)}",
                )
            found = self._classes[claim.type] = self._compiled((claim.type,))
        if family != self.ontology.types[claim.type].family or not _ID.fullmatch(claim.resource):
            wanted = self.ontology.types[claim.type].family
            return Problem(
                f"标识 {few(claim.resource)} 与类 {claim.type} 不符 (id of another family)",
                f"标识应以“{wanted}:”开头",
            )
        return found

    def _compiled(self, kinds: Sequence[str]) -> _Class:
        """One class, or all of a family together (then nothing is required)."""
        rules: dict[str, _Rule] = {}
        links: dict[str, LinkType] = {}
        for name in reversed(kinds):
            for attribute in self.ontology.types[name].attributes.values():
                read = reader(attribute, self.ontology.code_lists)
                rules[attribute.name] = _Rule(attribute, read)
            links |= {link.name: link for link in self.ontology.links_from(name)}
        alone = len(kinds) == 1
        return _Class(
            rules=rules,
            required=tuple(r.attribute for r in rules.values() if r.attribute.required and alone),
            links={n: link for n, link in links.items() if not link.abstract},
            required_links=tuple(link for link in links.values() if link.required and alone),
            shapes=tuple(
                shape
                for shape in self.ontology.shapes
                if alone and self.ontology.is_a(kinds[0], shape.target)
            ),
        )

    def _is_secret(self, claim: Claim) -> bool:
        value = claim.attributes.get("secret")
        if value is None or value is False:
            return False
        if value is True:
            return True
        for kind in self.ontology.types.values():
            if "secret" in kind.attributes:
                read = reader(kind.attributes["secret"], self.ontology.code_lists)
                values = value if isinstance(value, tuple) else (value,)
                return any(read(v).value is not False and str(v).strip() for v in values)
        return False

    # --- attributes ---------------------------------------------------------------------

    def _attributes(self, claim: Claim, known: _Class, tell: Told) -> dict[str, Value]:
        found: dict[str, Value] = {}
        rules = known.rules
        for name, value in claim.attributes.items():
            rule = rules.get(name)
            if rule is None:
                tell(Fault.UNUSABLE, unknown_attribute(name, claim.type, known.rules))
            elif not isinstance(value, tuple):
                read = rule.read(value)
                if read.fault or read.other:
                    self._told(rule.attribute, read, value, claim, found, tell)
                if read.value is not None:
                    found[name] = (read.value,) if rule.attribute.many else read.value
            else:
                several = self._several(rule, value, claim, found, tell)
                if several is not None:
                    found[name] = several
        return found

    def _several(
        self,
        rule: _Rule,
        values: tuple[Scalar, ...],
        claim: Claim,
        found: dict[str, Value],
        tell: Told,
    ) -> Value | None:
        kept: dict[tuple[type, Scalar], Scalar] = {}
        for value in values:
            read = rule.read(value)
            if read.fault or read.other:
                self._told(rule.attribute, read, value, claim, found, tell)
            if read.value is not None:
                kept[(type(read.value), read.value)] = read.value
        if not kept:
            return None
        all_kept = tuple(kept.values())
        if rule.attribute.many:
            return all_kept
        if len(all_kept) > 1:
            label = rule.attribute.label.zh
            said = "；".join(few(plain_text(v)) for v in all_kept[:5])
            problem = Problem(
                what=f"{label}只能有一个值，写了 {len(all_kept)} 个 (one value only)",
                mend="已取第一个；请只留一个",
                column=label,
                value="" if rule.attribute.personal else said,
            )
            tell(Fault.UNUSABLE, problem)
        return all_kept[0]

    def _told(
        self,
        attribute: Attribute,
        read: Read,
        value: Scalar,
        claim: Claim,
        found: dict[str, Value],
        tell: Told,
    ) -> None:
        if read.other and attribute.other_note:
            if attribute.other_note not in claim.attributes:
                found[attribute.other_note] = read.other
            return
        label = attribute.label.zh
        problem = Problem(
            what=f"{label}：{read.fault}",
            mend=read.mend,
            column=label,
            value="" if attribute.personal else few(plain_text(value)),
            rule=attribute.clause,
        )
        tell(Fault.DOUBT if read.mild else Fault.UNUSABLE, problem)

    # --- links --------------------------------------------------------------------------

    def _links(self, claim: Claim, known: _Class, tell: Told) -> tuple[Link, ...]:
        found: dict[tuple[str, ResourceId, str], Link] = {}
        one: dict[str, ResourceId] = {}
        for link in claim.links:
            kind = known.links.get(link.type)
            if kind is None:
                tell(Fault.UNUSABLE, self._no_link(link, claim))
                continue
            reached = self._reached[link.type]
            family = family_of(link.target)
            if family not in reached or not _ID.fullmatch(link.target):
                tell(Fault.UNUSABLE, wrong_end(link, kind, reached))
                continue
            if not kind.many and one.setdefault(link.type, link.target) != link.target:
                problem = Problem(
                    what=f"{kind.label.zh}只能有一个，写了多个 (one only)",
                    mend="已取第一个；请只留一个",
                    column=kind.label.zh,
                    value=few(link.target),
                    rule=kind.clause,
                )
                tell(Fault.UNUSABLE, problem)
                continue
            if link.properties or (kind.keyed_by and not link.key):
                link = self._with_evidence(link, kind, tell)
            found[(link.type, link.target, link.key)] = link
        return tuple(found.values())

    def _with_evidence(self, link: Link, kind: LinkType, tell: Told) -> Link:
        """The link with normalised evidence, and the key that tells parallel links apart."""
        readers = self._evidence[kind.name]
        properties: dict[str, Scalar] = {}
        for name, value in link.properties.items():
            if name not in readers:
                problem = Problem(
                    f"{kind.label.zh}没有属性 {name} (unknown property)",
                    "请删去",
                    column=kind.label.zh,
                )
                tell(Fault.UNUSABLE, problem)
                continue
            read = readers[name](value)
            if read.fault:
                label = kind.properties[name].label.zh
                what = f"{kind.label.zh}的{label}：{read.fault}"
                problem = Problem(what, read.mend, column=label, value=few(plain_text(value)))
                tell(Fault.DOUBT if read.mild else Fault.UNUSABLE, problem)
            if read.value is not None:
                properties[name] = read.value
        key = link.key or "|".join(str(properties.get(k, "")) for k in kind.keyed_by).strip("|")
        return Link(link.type, link.target, properties, key)

    def _no_link(self, link: Link, claim: Claim) -> Problem:
        kind = self.ontology.links.get(link.type)
        if kind is None:
            return Problem(
                f"未知的关联 {few(link.type)} (unknown link)",
                "请使用本体中的关联名",
                column=link.type,
            )
        if kind.abstract:
            below = [o.name for o in self.ontology.links.values() if o.specialises == kind.name]
            return Problem(
                f"关联 {link.type} 太笼统 (abstract link)",
                f"请用 {'、'.join(below)}",
                column=kind.label.zh,
            )
        ends = "、".join(self.ontology.types[d].label.zh for d in kind.domain)
        of = claim.type or family_of(claim.resource)
        return Problem(
            what=f"{of} 没有关联“{kind.label.zh}” (no such link of this class)",
            mend=f"它只从{ends}出发",
            column=kind.label.zh,
            value=few(link.target),
        )

    def _missing_links(self, known: _Class, links: tuple[Link, ...], tell: Told) -> None:
        for kind in known.required_links:
            if not any(link.type == kind.name for link in links):
                tell(Fault.DOUBT, missing(kind.label.zh, kind.clause))

    def _families_of(self, classes: Sequence[str]) -> set[str]:
        below = {n for c in classes for n in self.ontology.descendants(c)}
        return {self.ontology.types[n].family for n in below} - {""}

    # --- shapes -------------------------------------------------------------------------

    def _shapes(
        self,
        claim: Claim,
        shapes: Iterable[Shape],
        neighbours: Around | None,
        tell: Told,
    ) -> None:
        focus = Focus(claim.resource, claim.type, claim.attributes)
        around = around_claim(claim, neighbours)
        for shape in shapes:
            if not shape.conforms(focus, around):
                what, _, mend = shape.message.zh.partition("；")
                problem = Problem(
                    f"{what} ({shape.message.en})",
                    mend or f"请核对后修改（规则 {shape.name}）",
                    rule=shape.clause or shape.name,
                )
                hard = shape.weight is Weight.VIOLATION
                tell(Fault.VIOLATION if hard else Fault.DOUBT, problem)
