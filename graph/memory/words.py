"""All that was ever said, with its intervals: what the reference store keeps."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from graph.entry import Line, bare
from ontology.alias import HeldAlias
from ontology.changes import names_in
from ontology.digest import alias_digest, claim_digest
from ontology.merge import key_of
from ontology.resource import EMPTY, Alias, Change, Held, Link, ResourceId, Source


class Interval(Protocol):
    """What holds from one commit on until another; None: still."""

    @property
    def since(self) -> int: ...

    @property
    def until(self) -> int | None: ...


Holding = TypeVar("Holding", bound=Interval)


def held_at(rows: Iterable[Holding], commit: int) -> list[Holding]:
    """Those that hold at the commit."""
    return [r for r in rows if r.since <= commit and (r.until is None or r.until > commit)]


@dataclass(frozen=True, slots=True)
class Row:
    """A link as one source claims it, and since when without change."""

    name: ResourceId
    source: Source
    link: Link
    since: int
    until: int | None = None


@dataclass(slots=True)
class Words:
    """All of them; `names` in order of number → the commit of first sight."""

    names: dict[ResourceId, int] = field(default_factory=dict)
    claims: list[Held] = field(default_factory=list)
    aliases: list[HeldAlias] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    purged: set[ResourceId] = field(default_factory=set)

    def open(self, name: ResourceId, source: Source) -> Held | None:
        """The claim of this source on this name that holds."""
        held = (h for h in self.claims if h.claim.resource == name and h.until is None)
        return next((h for h in held if h.source.name == source.name), None)

    def numbers(self) -> dict[ResourceId, int]:
        return {name: i for i, name in enumerate(self.names, 1)}

    def digest(self, name: ResourceId, source: Source) -> str:
        """Of the open claim; "" for none."""
        old = self.open(name, source)
        return claim_digest(old.claim, old.source).hex() if old else ""

    def say(self, line: Line, source: Source, now: int) -> Change:
        """Put this claim in the place of the open one, or withdraw it: a line of the log."""
        name, claim = line.resource, line.claim
        kept = {key_of(x): x for x in claim.links} if claim else {}
        if old := self.open(name, source):
            self.claims[self.claims.index(old)] = replace(old, until=now)
        for i, row in enumerate(self.rows):
            if (row.name, row.source.name, row.until) == (name, source.name, None):
                if kept.get(key_of(row.link)) == row.link and row.source == source:
                    del kept[key_of(row.link)]
                else:
                    self.rows[i] = replace(row, until=now)
        if claim is None:
            return Change(now, name, "withdraw", source.name, "")
        self.claims.append(Held(claim, source, now))
        self.rows += [Row(name, source, link, now) for link in kept.values()]
        for known in names_in(claim):
            self.names.setdefault(known, now)
        return Change(now, name, "claim", source.name, line.digest)

    def call(self, alias: Alias, word: bool | None, source: Source, now: int) -> Change:
        """The same for a word on an alias: it is one, it is none, or (None) nothing any more."""
        for i, h in enumerate(self.aliases):
            if (h.alias, h.source.name, h.until) == (alias, source.name, None):
                self.aliases[i] = replace(h, until=now)
        if word is not None:
            self.aliases.append(HeldAlias(alias, source, now, denied=not word))
            self.names.setdefault(alias.name, now)
            self.names.setdefault(alias.of, now)
        action = "alias" if word else "unalias"
        return Change(now, alias.name, action, source.name, alias_digest(alias, source).hex())

    def erase(self, names: Collection[ResourceId], now: int) -> None:
        self.purged.update(names)
        for i, h in enumerate(self.claims):
            if h.claim.resource in names:
                self.claims[i] = replace(h, claim=bare(h.claim), until=h.until or now)
        for i, row in enumerate(self.rows):
            if row.name in names:
                link = replace(row.link, properties=EMPTY)
                self.rows[i] = replace(row, link=link, until=row.until or now)
