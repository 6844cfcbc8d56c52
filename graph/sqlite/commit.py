"""One commit: what was said goes into rows, then the groups it touches are merged anew.

Prepared outside the lock: digests and bodies. Inside: one look-up of names, one of the
claims held on them, then rows in batches. A claim that stands alone on its name needs no
merge; only groups where several meet are read back and merged by the pure functions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace

from graph.entry import Entry, Line
from graph.guard import check_expected, check_repeated, is_known
from graph.sqlite.group import groups_of, held_by_group, stand_of
from graph.sqlite.lexicon import Lexicon, listed
from graph.sqlite.log import append, commit_of_key, commits, head, insert
from graph.sqlite.purge import erase
from graph.sqlite.rows import (
    write_born,
    write_claims,
    write_identifiers,
    write_links,
    write_uses,
    write_views,
)
from graph.sqlite.standin import Words, call, refresh, settled
from graph.sqlite.step import Open, Ready, Said, Step, make_ready
from graph.sqlite.view import read_many
from ontology.changes import own_claims
from ontology.model import Ontology
from ontology.resource import Change, ChangeSet, Commit, Held, ResourceId, Source


def commit(
    db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology, changes: ChangeSet, ready: Ready
) -> Commit | None:
    """Carry out a change set in the open transaction; None when nothing changes."""
    if changes.key and (made := commit_of_key(db, changes.key)):
        return made
    if changes.expected:
        check_expected(changes.expected, read_many(db, lexicon, ontology, changes.expected, None))
    return carry_out(db, lexicon, ontology, changes, ready)[0]


def carry_out(
    db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology, changes: ChangeSet, ready: Ready
) -> tuple[Commit | None, Step]:
    """The commit, and the step that made it."""
    (last,) = db.execute("SELECT coalesce(max(number), 0) FROM resource").fetchone()
    step = Step(db, lexicon, ontology, changes, head(db), last + 1)
    if changes.edits:
        ready = _edited(step)
    step.numbers = lexicon.numbers(db, _mentioned(changes, ready))
    _compare(step, ready)
    words = settled(db, lexicon, changes, step.numbers)
    if not step.changed and not words:
        return None, step
    return append(db, step.before, changes, _written(step, words)), step


def _written(step: Step, words: Words) -> list[Change]:
    """Everything but the commit's own row; the lines of the log."""
    db, lexicon = step.db, step.lexicon
    _number(step, words)
    lines = write_claims(step)
    write_links(step)
    write_identifiers(step)
    write_uses(step)
    done = write_born(step, settled=not words)
    lines += call(db, lexicon, step.changes.source, words, step.numbers, step.number)
    moved = refresh(db, lexicon, words, step.numbers, step.number)
    write_views(step, moved, done)
    lexicon.remember(step.numbers)
    return lines


def repeat(db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology, entry: Entry) -> None:
    """Carry out a commit of another ledger as it was, in the open transaction."""
    before, commit = head(db), entry.commit
    same = next(iter(commits(db, commit.number - 1, commit.number, 1)), None)
    if is_known(commit, before, same):
        return
    (last,) = db.execute("SELECT coalesce(max(number), 0) FROM resource").fetchone()
    changes = ChangeSet(commit.actor, entry.source, commit.reason)
    step = Step(db, lexicon, ontology, changes, before, last + 1)
    ready = {line.resource: _as_it_was(line, entry.source, ontology) for line in entry.lines}
    aliases = [alias for alias, _ in entry.called]
    mentioned = _mentioned(replace(changes, aliases=tuple(aliases)), ready)
    step.numbers = lexicon.numbers(db, {*mentioned, *entry.born, *entry.purged})
    for name in entry.born:
        _born(step, name)
    if entry.purged:
        erase(db, lexicon, ontology, [step.numbers[n] for n in entry.purged], step.number)
    _compare(step, ready)
    step.changed = ready
    lines = [Change(step.number, n, "purge", entry.source.name, "") for n in entry.purged]
    lines += _written(step, dict(entry.called))
    check_repeated(entry, before, lines)
    insert(db, commit)


def _as_it_was(line: Line, source: Source, ontology: Ontology) -> Said | None:
    """The claim with the digest that the log has: that of a purged one is of the whole."""
    said = make_ready(line.claim, source, ontology)
    return said and said._replace(digest=bytes.fromhex(line.digest))


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
    return {name: make_ready(claim, changes.source, step.ontology) for name, claim in own.items()}


def _resolved(step: Step, names: Iterable[ResourceId]) -> dict[ResourceId, int]:
    numbers = step.lexicon.numbers(step.db, set(names))
    stand = stand_of(step.db, numbers.values(), None)
    return {name: stand[number] for name, number in numbers.items()}


def _mentioned(changes: ChangeSet, ready: Ready) -> set[ResourceId]:
    names: set[ResourceId] = set(ready)
    for said in ready.values():
        if said is not None:
            names.update(said.names())
    for alias in changes.called:
        names |= {alias.name, alias.of}
    return names


def _compare(step: Step, ready: Ready) -> None:
    """Find the open claims on the names, and keep of `ready` what differs from them."""
    known = [step.numbers[name] for name in ready if name in step.numbers]
    if not known:
        step.changed = {id: said for id, said in ready.items() if said is not None}
        return
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
        for name in said.names() if said else ():
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
