"""What every store refuses, in the same words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from graph.entry import Entry, Line
from ontology.digest import chain_flaws, claim_digest, content_digest
from ontology.errors import Damaged, InvalidInput, NotFound, OntologyError, VersionConflict
from ontology.lookup import class_named
from ontology.model import Ontology
from ontology.resource import At, Change, Claim, Commit, Resource, ResourceId, family_of


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """Something of the ontology that stored claims use. `owner` is the class that has the
    attribute, or "family:" where the claim names no class; "" for classes and links."""

    kind: str  # class · attribute · link
    name: str
    owner: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.owner}.{self.name}" if self.owner else f"{self.kind} {self.name}"


Shape = tuple[str, str, tuple[str, ...], tuple[str, ...]]
"""What a claim uses of the ontology: class ("" none), owner of its attributes (`Use.owner`),
attributes, link types. A ledger has millions of claims and a few hundred shapes."""


def shape_of(claim: Claim) -> Shape:
    owner = claim.type or f"{family_of(claim.resource)}:"
    kinds = dict.fromkeys([link.type for link in claim.links])
    return claim.type or "", owner, tuple(claim.attributes), tuple(kinds)


def uses_of(shape: Shape) -> Iterable[Use]:
    """What claims of a shape use."""
    kind, owner, attributes, links = shape
    if kind:
        yield Use("class", kind)
    for name in attributes:
        yield Use("attribute", name, owner)
    for link in links:
        yield Use("link", link)


def lacks(ontology: Ontology, use: Use) -> bool:
    """Whether the ontology no longer has it. An attribute of a class that is itself gone
    is reported with the class."""
    if use.kind == "class":
        return use.name not in ontology.types
    if use.kind == "link":
        return use.name not in ontology.links
    if use.owner.endswith(":"):
        family = use.owner[:-1]
        return not any(
            use.name in t.attributes for t in ontology.types.values() if t.family == family
        )
    kind = ontology.types.get(use.owner)
    return kind is not None and use.name not in kind.attributes


def refuse_loss(lost: Mapping[Use, int]) -> None:
    """Raise OntologyError with the counts, if stored claims (past ones too) use what the
    ontology lacks."""
    if lost:
        listed = "; ".join(f"{use} ({n} claims)" for use, n in sorted(lost.items()))
        raise OntologyError(
            "本体去掉了已存数据所用的内容 / the ontology takes away what stored data use: "
            f"{listed}. Put it back, or purge those resources first."
        )


def count_lost(ontology: Ontology, claims: Iterable[Claim]) -> Counter[Use]:
    """How many claims use each thing that the ontology lacks."""
    return Counter(u for claim in claims for u in uses_of(shape_of(claim)) if lacks(ontology, u))


def check_expected(
    expected: Mapping[ResourceId, int], found: Mapping[ResourceId, Resource]
) -> None:
    """Raise VersionConflict where a resource is not at the version its caller read."""
    for id, version in expected.items():
        actual = found[id].version if id in found else 0
        if actual != version:
            raise VersionConflict(
                f"{id}: 已被他人修改 / somebody else changed it: it is at version {actual}, "
                f"not {version}. Read it again, then repeat the change."
            )


def is_known(commit: Commit, before: Commit | None, same: Commit | None) -> bool:
    """Whether a commit to be repeated is here already: `before` is the head, `same` the
    commit of that number. Raises InvalidInput where it continues another ledger."""
    if same is not None and same.hash == commit.hash:
        return True
    if same is not None or commit.parent != (before.hash if before else ""):
        raise InvalidInput(
            f"提交 {commit.number} 接不上目标账本 / commit {commit.number} does not continue the "
            "ledger it is copied to: that one has a history of its own. Copy to an empty one."
        )
    return False


def check_repeated(entry: Entry, before: Commit | None, lines: Iterable[Change]) -> None:
    """Raise Damaged where the commit's lines are not those that its hash covers. A claim
    that has been purged has nothing but its digest left."""
    commit = entry.commit
    flaws = chain_flaws(before, commit, content_digest(lines))
    flaws += [f"{x.resource} says something else" for x in entry.lines if _altered(x, entry)]
    if flaws:
        raise Damaged(
            f"提交 {commit.number} 与其散列不符 / commit {commit.number} is not what was once "
            f"committed ({'; '.join(flaws)}): run mulu verify on the ledger that is copied"
        )


def _altered(line: Line, entry: Entry) -> bool:
    claim = line.claim
    if claim is None or not (claim.attributes or any(link.properties for link in claim.links)):
        return False  # withdrawn, or purged
    return claim_digest(claim, entry.source).hex() != line.digest


def nothing_known(ids: Iterable[ResourceId]) -> NotFound:
    """What to raise where an act needs at least one known resource."""
    first = next(iter(ids), "")
    return NotFound(
        f"{first}: 没有这样的资源 / no such resource. Look the id up with `mulu search`."
    )


def check_class(ontology: Ontology, type: str | None) -> None:
    """Raise InvalidInput for a class that the ontology does not have."""
    if type is not None:
        class_named(ontology, type)


def utc(at: datetime) -> datetime:
    """The instant in UTC. One without a zone could mean anything, so it is refused."""
    if at.tzinfo is None:
        raise InvalidInput(f"{at}: an instant needs a time zone, e.g. {at.isoformat()}+08:00.")
    return at.astimezone(UTC)


def number_of(at: At, head: int) -> int | None:
    """The commit number that `at` means; None for an instant. Raises InvalidInput for one
    that is not there."""
    if at is None:
        return head
    if isinstance(at, datetime):
        return None
    if at < 0:
        raise InvalidInput(f"{at} is no commit number: they start at 1 (0: before the first).")
    if at > head:
        year = f"；若指年份 / if a year is meant: {at}-01-01" if 1900 <= at < 2200 else ""
        raise InvalidInput(
            f"没有提交 {at}，账本只到提交 {head} / there is no commit {at}: the ledger ends at "
            f"{head}{year}"
        )
    return at
