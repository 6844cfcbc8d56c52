"""Where two names of one thing meet: stronger identifiers, and names that were only guessed.

A resource may be known under a weaker id than the one that a source brings, or the other way
about. Where exactly one resource answers to the same identifier, an alias says that both are
one (and can be withdrawn); where several do, they are listed for a person (ontology §8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graph.store import GraphStore
from ingest.report import Duplicates
from ingest.source import Record
from ontology.identity import (
    Identifier,
    dataset_of,
    field_id,
    fold_name,
    identifiers_of,
    resource_id,
)
from ontology.model import Ontology, ResourceType
from ontology.naming import escape
from ontology.resource import Alias, Claim, ResourceId, Value, family_of

UNBOUND = "field:unbound:"
MAX_NAMED = 200_000
"""Classes with more resources than this are not gone through for a name."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What was found for some records."""

    aliases: tuple[Alias, ...] = ()
    duplicates: tuple[Duplicates, ...] = ()


def may_meet(record: Record, ontology: Ontology) -> bool:
    """Whether `Meeter.meet` has anything to look up for it; of most of a ledger (fields, items)
    there is nothing."""
    claim = record.claim
    kind = ontology.types.get(claim.type or "")
    return (
        record.mention
        or (kind is not None and (len(kind.identifiers) > 1 or _is_guessed(kind)))
        or any(link.target.startswith(UNBOUND) for link in claim.links)
    )


def _is_guessed(kind: ResourceType) -> bool:
    """Whether its things may have been handed in by name alone, without their body."""
    return any(scheme.weak and scheme.scope for scheme in kind.identifiers)


@dataclass
class Meeter:
    """Looks resources up under their other names, for one run."""

    store: GraphStore
    ontology: Ontology
    _names: dict[str, dict[str, set[ResourceId]]] = field(default_factory=dict)
    _listed: set[frozenset[ResourceId]] = field(default_factory=set)

    async def meet(self, records: Sequence[Record]) -> Meeting:
        """Aliases and possible duplicates that these records, new or changed and already in
        the store, bring about."""
        aliases: dict[ResourceId, Alias] = {}
        duplicates: list[Duplicates] = []
        for id, identifier, others in await self._sharing(records):
            self._judge(id, identifier, others, aliases, duplicates)
        for record in records:
            self._remember(record.claim)
        await self._bare([r for r in records if not r.mention], aliases)
        for record in records:
            if record.mention:
                await self._look_up(record.claim, aliases, duplicates)
        for alias in await self._fields(records, aliases):
            aliases.setdefault(alias.name, alias)
        known = set(await self.store.aliases()) if aliases else set()
        return Meeting(tuple(a for a in aliases.values() if a not in known), tuple(duplicates))

    async def _sharing(
        self, records: Sequence[Record]
    ) -> list[tuple[ResourceId, Identifier, frozenset[ResourceId]]]:
        """Each resource, an identifier of it, and the others that answer to the same."""
        carried = {
            record.claim.resource: self._identifiers(record.claim)
            for record in records
            if not record.mention
        }
        wanted = {identifier for those in carried.values() for identifier in those}
        found = await self.store.identified(wanted) if wanted else {}
        sharing: list[tuple[ResourceId, Identifier, frozenset[ResourceId]]] = []
        for id, identifiers in carried.items():
            for identifier in identifiers:
                others = frozenset(found.get(identifier, ())) - {id}
                if others:
                    sharing.append((id, identifier, others))
        return sharing

    def _identifiers(self, claim: Claim) -> tuple[Identifier, ...]:
        """Those that the ledger's index holds: of classes with more than one scheme."""
        kind = self.ontology.types.get(claim.type or "")
        if kind is None or len(kind.identifiers) < 2:
            return ()
        return identifiers_of(self.ontology, claim.type, claim.attributes, claim.links)

    def _judge(
        self,
        id: ResourceId,
        identifier: Identifier,
        others: frozenset[ResourceId],
        aliases: dict[ResourceId, Alias],
        duplicates: list[Duplicates],
    ) -> None:
        """One other that is called by this very identifier, or that calls this one so: they
        are one. Anything else is for a person."""
        called = _id_by(family_of(id), identifier)
        other = next(iter(others))
        if len(others) == 1 and other == called:
            aliases.setdefault(other, Alias(other, id))
        elif len(others) == 1 and id == called:
            aliases.setdefault(id, Alias(id, other))
        else:
            self._list(identifier[0], identifier[2], others | {id}, duplicates)

    def _list(
        self,
        scheme: str,
        value: str,
        ids: frozenset[ResourceId],
        duplicates: list[Duplicates],
    ) -> None:
        if ids not in self._listed:
            self._listed.add(ids)
            duplicates.append(Duplicates(scheme, value, tuple(sorted(ids))))

    async def _look_up(
        self, claim: Claim, aliases: dict[ResourceId, Alias], duplicates: list[Duplicates]
    ) -> None:
        """A resource that was only named: the one of that name, if there is one."""
        type = claim.type or ""
        names = await self._names_of(type)
        for value in claim.attributes.values():
            found = frozenset(names.get(fold_name(str(value)), ())) - {claim.resource}
            if len(found) > 1:
                found = await self._within_guess(claim, found) or found
            if len(found) == 1:
                aliases.setdefault(claim.resource, Alias(claim.resource, next(iter(found))))
            elif found:
                self._list("name", str(value), found | {claim.resource}, duplicates)

    async def _within_guess(
        self, claim: Claim, found: frozenset[ResourceId]
    ) -> frozenset[ResourceId]:
        """Those of several namesakes that belong to what the name was looked for in: the
        body in the mention's own id."""
        kind = self.ontology.types[claim.type or ""]
        scopes = {s.scope[0] for s in kind.identifiers if s.weak and len(s.scope) == 1}
        links = [self.ontology.links[name] for name in scopes if name in self.ontology.links]
        key = claim.resource.partition(":")[2].rpartition("/")[0]
        near: set[ResourceId] = set()
        for link in links:
            guess = ResourceId(f"{self.ontology.types[link.range[0]].family}:{key}")
            stand = (await self.store.resolve([guess])).get(guess, guess)
            ends = await self.store.links_many(sorted(found), [link.name])
            near |= {id for id, edges in ends.items() if any(e.target == stand for e in edges)}
        return frozenset(near)

    async def _names_of(self, type: str) -> dict[str, set[ResourceId]]:
        """Folded name → the resources of the class's family; gone through once a run."""
        family = self.ontology.types[type].family
        known = self._names.get(family)
        if known is not None:
            return known
        root = self.ontology.families[family]
        names = self._names[family] = {}
        counts = await self.store.counts()
        if sum(counts.get(name, 0) for name in self.ontology.descendants(root)) <= MAX_NAMED:
            async for resource in self.store.scan(root):
                self._add(names, resource.id, resource.type, resource.attributes)
        return names

    def _add(
        self,
        names: dict[str, set[ResourceId]],
        id: ResourceId,
        type: str,
        attributes: Mapping[str, Value],
    ) -> None:
        for title in (self.ontology.types[type].title, "altTitle", "shortName", "name"):
            for name in _texts(attributes.get(title)):
                names.setdefault(fold_name(name), set()).add(id)

    def _remember(self, claim: Claim) -> None:
        """Names that came after their family was gone through."""
        names = self._names.get(family_of(claim.resource))
        if names is not None and claim.type is not None:
            self._add(names, claim.resource, claim.type, claim.attributes)

    async def _bare(self, records: Sequence[Record], aliases: dict[ResourceId, Alias]) -> None:
        """Names that were handed in before without what makes them unique."""
        bare: dict[ResourceId, Claim] = {}
        for record in records:
            claim = record.claim
            kind = self.ontology.types.get(claim.type or "")
            if kind is not None and _is_guessed(kind):
                named = {kind.title: claim.attributes.get(kind.title, "")}
                found = resource_id(self.ontology, kind.name, named)
                if found is not None and found[0] != claim.resource:
                    bare[found[0]] = claim
        known = await self.store.resolve(bare) if bare else {}
        for name, claim in bare.items():
            if known.get(name) == name and claim.type is not None:
                title = str(claim.attributes[self.ontology.types[claim.type].title])
                names = await self._names_of(claim.type)
                if names.get(fold_name(title), set()) <= {name, claim.resource}:
                    aliases.setdefault(name, Alias(name, claim.resource))

    async def _fields(
        self, records: Sequence[Record], fresh: Mapping[ResourceId, Alias]
    ) -> list[Alias]:
        """Fields of a dataset that has meanwhile, or just now, been found under another name."""
        targets = {
            link.target
            for record in records
            for link in record.claim.links
            if link.target.startswith(UNBOUND)
        }
        if not targets:
            return []
        datasets = {target: dataset_of(target) for target in targets}
        stand = dict(await self.store.resolve({d for d in datasets.values() if d is not None}))
        stand |= {name: alias.of for name, alias in fresh.items() if name in stand}
        moved = {
            target: field_id(stand[dataset], target.rpartition("#")[2])
            for target, dataset in datasets.items()
            if dataset is not None and stand.get(dataset, dataset) != dataset
        }
        known = await self.store.numbers(moved.values())
        return [Alias(target, other) for target, other in moved.items() if other in known]


def _id_by(family: str, identifier: Identifier) -> ResourceId:
    """The id that a resource has which is known by this identifier alone."""
    _, scope, value = identifier
    return ResourceId(f"{family}:{scope}/{escape(value)}" if scope else f"{family}:{escape(value)}")


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        yield from (one for one in value if isinstance(one, str))
