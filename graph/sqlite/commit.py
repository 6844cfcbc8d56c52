"""One commit: what was said goes into rows, then the groups it touches are merged anew.

Prepared outside the lock: digests and bodies. Inside: one look-up of names, one of the
claims held on them, then rows in batches. A claim that stands alone on its name needs no
merge; only groups where several meet are read back and merged by the pure functions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import NamedTuple

from graph.guard import check_expected, utc
from graph.identifiers import identifiers_in, is_provisional
from graph.sqlite.group import groups_of, held_by_group, pack, pack_denial, stand_of
from graph.sqlite.lexicon import Lexicon, listed
from graph.sqlite.log import commit_of_key, head, micros
from graph.sqlite.merged import LEVEL, State, remerge, states, tally, write_states
from graph.sqlite.schema import LIVING, PLACEHOLDER
from graph.sqlite.standin import Words, call, refresh, settled
from graph.sqlite.view import read_many
from ontology.changes import check, names_in, own_claims
from ontology.digest import canonical, claim_digest, commit_hash, content_digest
from ontology.model import Ontology
from ontology.resource import (
    Change,
    ChangeSet,
    Claim,
    Commit,
    Held,
    ResourceId,
    Source,
    family_of,
)

PATIENT = 50
"""A change set of more resources than this is a step of an import: it lets edits pass."""


class Said(NamedTuple):
    """A claim ready to be stored."""

    claim: Claim
    digest: bytes
    body: str
    denies: str | None
    identifiers: tuple[tuple[str, str, str], ...]
    weak: bool


class Open(NamedTuple):
    """An open claim on a name: enough to tell whether a new one differs."""

    id: int
    source: int
    digest: bytes


Ready = dict[ResourceId, Said | None]
"""What the source's own claim on each name shall be; None: withdrawn."""


@dataclass(slots=True)
class Step:
    """A change set on its way through one transaction."""

    db: sqlite3.Connection
    lexicon: Lexicon
    ontology: Ontology
    changes: ChangeSet
    before: Commit | None
    next_number: int
    numbers: dict[ResourceId, int] = field(default_factory=dict)
    open: dict[int, list[Open]] = field(default_factory=dict)
    own: dict[int, Open] = field(default_factory=dict)  # the source's open claim on a name
    changed: Ready = field(default_factory=dict)
    born: list[ResourceId] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.before.number + 1 if self.before else 1


def is_patient(changes: ChangeSet) -> bool:
    """Whether it is a step of an import rather than somebody's edit."""
    return len(changes.claims) + len(changes.withdrawals) > PATIENT


def prepare(changes: ChangeSet, ontology: Ontology) -> Ready:
    """Check a change set and make its claims ready. Pure: done outside the lock. Edits
    depend on what is held, so with them it is all done inside."""
    check(changes, ontology)
    if changes.edits:
        return {}
    own = own_claims(changes, lambda _: (), lambda a, b: a == b)
    return {name: _said(claim, changes.source, ontology) for name, claim in own.items()}


def _said(claim: Claim | None, source: Source, ontology: Ontology) -> Said | None:
    if claim is None:
        return None
    return Said(
        claim,
        claim_digest(claim, source),
        pack(claim.attributes, claim.resource),
        pack_denial(claim.denies),
        identifiers_in(claim, ontology),
        is_provisional((claim,), ontology),
    )


def commit(
    db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology, changes: ChangeSet, ready: Ready
) -> Commit | None:
    """Carry out a change set in the open transaction; None when nothing changes."""
    if changes.key and (made := commit_of_key(db, changes.key)):
        return made
    if changes.expected:
        check_expected(changes.expected, read_many(db, lexicon, ontology, changes.expected, None))
    (last,) = db.execute("SELECT coalesce(max(number), 0) FROM resource").fetchone()
    step = Step(db, lexicon, ontology, changes, head(db), last + 1)
    if changes.edits:
        ready = _edited(step)
    step.numbers = lexicon.numbers(db, _mentioned(changes, ready))
    _compare(step, ready)
    words = settled(db, lexicon, changes, step.numbers)
    if not step.changed and not words:
        return None
    _number(step, words)
    lines = _write_claims(step)
    _write_links(step)
    _write_identifiers(step)
    _write_uses(step)
    _write_born(step)
    lines += call(db, lexicon, changes, words, step.numbers, step.number)
    moved = refresh(db, lexicon, words, step.numbers, step.number)
    _write_views(step, moved)
    lexicon.remember(step.numbers)
    return close(db, step.before, changes, lines)


def _edited(step: Step) -> Ready:
    """Own claims after the edits, which are applied to what is held at this moment."""
    db, lexicon, changes = step.db, step.lexicon, step.changes
    numbers = lexicon.numbers(db, {edit.resource for edit in changes.edits})
    stand = stand_of(db, numbers.values(), None)
    held = held_by_group(db, lexicon, groups_of(db, set(stand.values()), None), None)
    links = {link.target for edit in changes.edits for link in edit.link}
    links |= {key.target for edit in changes.edits for key in edit.unlink | edit.allow.links}
    if links:
        said = [h.claim for claims in held.values() for h in claims]
        for claim in (*said, *changes.claims):
            links.update(link.target for link in claim.links)
            links.update(key.target for key in claim.denies.links)
    seen = _resolved(step, links)

    def group(id: ResourceId) -> Sequence[Held]:
        return held[stand[numbers[id]]] if id in numbers else ()

    own = own_claims(changes, group, lambda a, b: seen.get(a, a) == seen.get(b, b))
    return {name: _said(claim, changes.source, step.ontology) for name, claim in own.items()}


def _resolved(step: Step, names: Iterable[ResourceId]) -> dict[ResourceId, int]:
    numbers = step.lexicon.numbers(step.db, set(names))
    stand = stand_of(step.db, numbers.values(), None)
    return {name: stand[number] for name, number in numbers.items()}


def _mentioned(changes: ChangeSet, ready: Ready) -> set[ResourceId]:
    names: set[ResourceId] = set(ready)
    for said in ready.values():
        if said is not None:
            names.update(names_in(said.claim))
    for alias in (*changes.aliases, *changes.unaliases):
        names |= {alias.name, alias.of}
    return names


def _compare(step: Step, ready: Ready) -> None:
    """Find the open claims on the names, and keep of `ready` what differs from them."""
    known = [step.numbers[name] for name in ready if name in step.numbers]
    rows = step.db.execute(
        "SELECT resource, id, source, digest FROM claim "
        "WHERE until IS NULL AND resource IN (SELECT value FROM json_each(?))",
        (listed(known),),
    )
    for number, *claim in rows:
        step.open.setdefault(number, []).append(Open(*claim))
    name = step.changes.source.name
    for number, claims in step.open.items():
        for claim in claims:
            if step.lexicon.source(step.db, claim.source).name == name:
                step.own[number] = claim
    for id, said in ready.items():
        own = step.own.get(step.numbers.get(id, 0))
        if (own.digest if own else None) != (said.digest if said else None):
            step.changed[id] = said


def _number(step: Step, words: Words) -> None:
    """Give numbers to names never seen before, in order of mention."""
    for said in step.changed.values():
        for name in names_in(said.claim) if said else ():
            _born(step, name)
    for alias, word in words.items():
        if word is not None:
            _born(step, alias.name)
            _born(step, alias.of)


def _born(step: Step, name: ResourceId) -> None:
    if name not in step.numbers:
        step.numbers[name] = step.next_number
        step.next_number += 1
        step.born.append(name)


def _write_claims(step: Step) -> list[Change]:
    """Close what is replaced or withdrawn, add what is said; the lines of the log."""
    db, source, now = step.db, step.changes.source, step.number
    id = step.lexicon.source_made(db, source)
    closed = [(now, c.id) for n in step.changed if (c := step.own.get(step.numbers[n]))]
    db.executemany("UPDATE claim SET until = ? WHERE id = ?", closed)
    made = step.lexicon.made
    db.executemany(
        "INSERT INTO claim (resource, source, since, type, digest, body, denies) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (step.numbers[n], id, now, made(db, s.claim.type or ""), s.digest, s.body, s.denies)
            for n, s in step.changed.items()
            if s is not None
        ],
    )
    return [
        Change(now, n, "claim", source.name, s.digest.hex())
        if s is not None
        else Change(now, n, "withdraw", source.name, "")
        for n, s in step.changed.items()
    ]


def _write_links(step: Step) -> None:
    """Close links no longer said and open new ones; a link restated unchanged lives on."""
    db, now = step.db, step.number
    source = step.lexicon.source_made(db, step.changes.source)
    kept = _open_links(step)
    opened = []
    for name, said in step.changed.items():
        origin = step.numbers[name]
        for link in said.claim.links if said else ():
            key = (step.lexicon.made(db, link.type), step.numbers[link.target], link.key)
            stored = canonical(link.properties).decode() if link.properties else None
            if kept.get((origin, source, *key), "") == stored:
                del kept[origin, source, *key]
            else:
                opened.append((origin, *key, source, now, stored))
    db.executemany(
        "UPDATE link SET until = ? WHERE origin = ? AND source = ? AND type = ? AND target = ? "
        "AND key = ? AND until IS NULL",
        [(now, *row) for row in kept],
    )
    db.executemany(
        "INSERT INTO link (origin, type, target, key, source, since, properties) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        opened,
    )


def _open_links(step: Step) -> dict[tuple[int, int, int, int, str], str | None]:
    """(origin, source, type, target, key) → properties, of the claims being replaced."""
    before = {n: own.source for n, own in step.own.items()}
    numbers = [n for name in step.changed if (n := step.numbers[name]) in before]
    if not numbers:
        return {}
    rows = step.db.execute(
        "SELECT origin, source, type, target, key, properties FROM link "
        "WHERE until IS NULL AND origin IN (SELECT value FROM json_each(?))",
        (listed(numbers),),
    )
    return {tuple(row): stored for *row, stored in rows if before[row[0]] == row[1]}


def _write_identifiers(step: Step) -> None:
    db, made = step.db, step.lexicon.made
    old = [(n, c.source) for name in step.changed if (c := step.own.get(n := step.numbers[name]))]
    db.executemany("DELETE FROM identifier WHERE resource = ? AND source = ?", old)
    source = step.lexicon.source_made(db, step.changes.source)
    db.executemany(
        "INSERT OR IGNORE INTO identifier (scheme, scope, value, resource, source) "
        "VALUES (?, ?, ?, ?, ?)",
        [
            (made(db, scheme), scope, value, step.numbers[name], source)
            for name, said in step.changed.items()
            if said is not None
            for scheme, scope, value in said.identifiers
        ],
    )


def _write_uses(step: Step) -> None:
    """Remember what of the ontology is in use, so that none of it is taken away."""
    fresh = {
        use
        for said in step.changed.values()
        if said is not None
        for use in step.lexicon.unused(said.claim)
    }
    step.db.executemany(
        "INSERT OR IGNORE INTO use (kind, name, owner) VALUES (?, ?, ?)",
        [(use.kind, use.name, use.owner) for use in fresh],
    )


def _write_born(step: Step) -> None:
    """Rows for new names: placeholders until their claims are looked at."""
    if not step.born:
        return
    db, made, roots = step.db, step.lexicon.made, step.ontology.families
    nothing = made(db, "")
    db.executemany(
        "INSERT INTO resource (number, name, born, type, level, state, changed, apart, weak) "
        "VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0)",
        [
            (step.numbers[n], n, step.number, made(db, roots[family_of(n)]), nothing, PLACEHOLDER)
            for n in step.born
        ],
    )
    tally(db, {"placeholder": len(step.born)})


def _write_views(step: Step, moved: set[int]) -> None:
    """Bring the views up to the claims: at once where one claim stands alone on its name
    and always did, by a merge elsewhere."""
    db, made = step.db, step.lexicon.made
    touched = {step.numbers[name]: said for name, said in step.changed.items()}
    before = states(db, touched)
    simple: dict[int, State] = {}
    for number, said in touched.items():
        others = any(c != step.own.get(number) for c in step.open.get(number, ()))
        alone = said is not None and not said.denies and not others and number not in moved
        if said is not None and alone and not before[number].apart:
            kind = said.claim.type or step.ontology.families[family_of(said.claim.resource)]
            level = str(said.claim.attributes.get(LEVEL, ""))
            words = made(db, kind), made(db, level)
            simple[number] = State(*words, LIVING, step.number, 0, int(said.weak))
    write_states(db, step.lexicon, {n: before[n] for n in simple}, simple)
    remerge(db, step.lexicon, step.ontology, moved | (touched.keys() - simple), step.number)


def close(
    db: sqlite3.Connection, before: Commit | None, changes: ChangeSet, lines: Sequence[Change]
) -> Commit:
    """Add the commit to the log."""
    moment = utc(changes.at or datetime.now(UTC))
    made = Commit(
        number=before.number + 1 if before else 1,
        at=max(moment, before.at) if before else moment,
        actor=changes.actor,
        source=changes.source.name,
        reason=changes.reason,
        changes=len(lines),
        content=content_digest(lines),
        parent=before.hash if before else "",
        hash="",
        key=changes.key,
    )
    made = replace(made, hash=commit_hash(made))
    db.execute(
        "INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "(SELECT coalesce(max(id), 0) FROM claim), "
        "(SELECT coalesce(max(number), 0) FROM resource))",
        (
            made.number, micros(made.at), made.actor, made.source, made.reason, made.changes,
            made.content, made.parent, made.hash, made.key,
        ),
    )  # fmt: skip
    return made
