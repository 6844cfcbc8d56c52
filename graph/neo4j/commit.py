"""One commit: the head is locked, what is touched is read, changed in memory, and written.

Nothing in it depends on Neo4j but reading and writing: the rules are those of ontology/.
It may run twice (graph/neo4j/connection.py): the token of the attempt, or the key of the
change set, tells that it was done already.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from graph.guard import Use, check_expected, shape_of, uses_of
from graph.neo4j.claim import Kept, said_since
from graph.neo4j.connection import Tx, rows
from graph.neo4j.cypher import NOW
from graph.neo4j.log import Head, append, lock
from graph.neo4j.merged import views
from graph.neo4j.ready import Ready, Said, make_ready
from graph.neo4j.scene import Name, Scene
from graph.neo4j.standin import Words, moves, settled, write_moves, write_words
from graph.neo4j.view import read_many
from graph.neo4j.write import write_claims, write_views
from ontology.changes import names_in, own_claims
from ontology.digest import canonical
from ontology.model import Ontology
from ontology.resource import Change, ChangeSet, Commit, Held, ResourceId, Source


@dataclass(frozen=True, slots=True)
class Attempt:
    """A change set on its way: made ready, with a token of its own. `used` is what of the
    ontology this process knows to be noted as in use, `noted` what this attempt adds."""

    ontology: Ontology
    changes: ChangeSet
    ready: Ready
    token: str
    used: frozenset[Use]
    noted: set[Use] = field(default_factory=set)


@dataclass(slots=True)
class Done:
    """What the commit says and takes back, and the counts after it."""

    lines: list[Change] = field(default_factory=list)
    ended: list[Kept] = field(default_factory=list)
    made: list[tuple[Name, Kept, Said]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)


async def commit(tx: Tx, attempt: Attempt) -> Commit | None:
    """Carry out a change set in the transaction; None when nothing changes."""
    ontology, changes, ready = attempt.ontology, attempt.changes, attempt.ready
    edited = {edit.resource for edit in changes.edits}
    head = await lock(tx, attempt.token, changes.key)
    if head.made:
        return head.made
    scene = Scene(tx, ontology, head.names)
    await scene.begin(mentioned(changes, ready) | edited | _ends(changes), ready.keys() | edited)
    if changes.expected:
        check_expected(changes.expected, await read_many(tx, ontology, changes.expected, NOW))
    if changes.edits:
        ready = await _edited(scene, ontology, changes)
    await scene.meet(mentioned(changes, ready))
    changed = await _changed(scene, changes, ready)
    words = await settled(tx, changes)
    if not changed and not words:
        return None
    done = await carry_out(scene, head, attempt, changed, words)
    return await append(
        tx,
        head,
        changes,
        done.lines,
        scene.writes,
        token=attempt.token,
        names=scene.last,
        counts=done.counts,
    )


async def carry_out(
    scene: Scene, head: Head, attempt: Attempt, changed: Ready, words: Words
) -> Done:
    """Write what depends on classes and link types, and gather the rest (`Scene.writes`)."""
    tx, ontology, source, now = scene.tx, attempt.ontology, attempt.changes.source, head.next
    _bear(scene, changed, words)
    done = _say(scene, source, changed, now)
    found = await moves(scene, source, words, now)
    touched = {scene.stand[scene.numbers[name]] for name in changed}
    touched |= {scene.stand[of] for move in found for of in move}
    await scene.load(touched)
    made = await views(scene, ontology, dict.fromkeys(touched, now))
    done.counts.update(head.counts)
    done.counts.update(await write_views(scene, ontology, made, now))
    write_claims(scene.writes, done.ended, done.made, head.claims)
    done.lines += await write_words(scene, source, words, now)
    await write_moves(tx, found, now)
    await _write_uses(tx, attempt, done)
    return done


async def _edited(scene: Scene, ontology: Ontology, changes: ChangeSet) -> Ready:
    """Own claims after the edits, which are applied to what is held at this moment."""
    edited = [edit.resource for edit in changes.edits]
    links = _ends(changes)
    if links:
        held = [h.claim for id in edited for h in scene.group(id)]
        for claim in (*held, *changes.claims):
            links.update(link.target for link in claim.links)
            links.update(key.target for key in claim.denies.links)
        await scene.meet(links)
    own = own_claims(changes, scene.group, scene.same)
    return {name: make_ready(claim, changes.source, ontology) for name, claim in own.items()}


def _ends(changes: ChangeSet) -> set[ResourceId]:
    """The far ends of the links that edits speak of."""
    ends = {link.target for edit in changes.edits for link in edit.link}
    return ends | {key.target for edit in changes.edits for key in edit.unlink | edit.allow.links}


def mentioned(changes: ChangeSet, ready: Ready) -> set[ResourceId]:
    """All names that a change set speaks of."""
    names: set[ResourceId] = set(ready)
    for said in ready.values():
        if said is not None:
            names.update(names_in(said.claim))
    for alias in changes.called:
        names |= {alias.name, alias.of}
    return names


async def _changed(scene: Scene, changes: ChangeSet, ready: Ready) -> Ready:
    """What of `ready` differs from the source's claims as they are stored."""
    await scene.load(scene.stand[scene.numbers[n]] for n in ready if n in scene.numbers)
    changed: Ready = {}
    for id, said in ready.items():
        own = scene.name(id).said_by(changes.source.name) if id in scene.numbers else None
        if (own.digest if own else None) != (said.digest if said else None):
            changed[id] = said
    return changed


def _bear(scene: Scene, changed: Ready, words: Words) -> None:
    """Give numbers to names never seen before, in order of mention."""
    for said in changed.values():
        for name in names_in(said.claim) if said else ():
            scene.bear(name)
    for alias, word in words.items():
        if word is not None:
            scene.bear(alias.name)
            scene.bear(alias.of)


def _say(scene: Scene, source: Source, changed: Ready, now: int) -> Done:
    """Put the new claims in the place of the old ones, in memory."""
    found = Done()
    for id, said in changed.items():
        name = scene.name(id)
        own = name.said_by(source.name)
        left = tuple(k for k in name.before if k is not own)
        if own is not None:
            found.ended.append(own)
        if said is None:
            name.after = left
            found.lines.append(Change(now, id, "withdraw", source.name, ""))
            continue
        since = said_since(said.claim, source, own, now)
        kept = Kept(Held(said.claim, source, now), since, said.digest)
        name.after = (*left, kept)
        found.made.append((name, kept, said))
        found.lines.append(Change(now, id, "claim", source.name, kept.digest))
    return found


USE = """
UNWIND $uses AS use
MERGE (u:_Use {key: use[0]}) SET u.kind = use[1], u.name = use[2], u.owner = use[3]
"""


async def _write_uses(tx: Tx, attempt: Attempt, said: Done) -> None:
    """Remember what of the ontology is in use, so that none of it is taken away."""
    uses = {use for _, _, s in said.made for use in uses_of(shape_of(s.claim))} - attempt.used
    attempt.noted.clear()  # the attempt before this one came to nothing
    attempt.noted.update(uses)
    if uses:
        stored = [[_key(use), use.kind, use.name, use.owner] for use in sorted(uses)]
        await rows(tx, USE, uses=stored)


def _key(use: Use) -> str:
    return canonical([use.kind, use.name, use.owner]).decode()
