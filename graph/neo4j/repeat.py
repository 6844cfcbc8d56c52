"""A commit of another ledger, carried out as it was."""

from __future__ import annotations

from graph.entry import Entry, Line
from graph.guard import check_repeated, is_known
from graph.neo4j.commit import Attempt, carry_out, mentioned
from graph.neo4j.connection import Tx
from graph.neo4j.log import commits, insert, lock
from graph.neo4j.purge import erase
from graph.neo4j.ready import Said, make_ready
from graph.neo4j.scene import Scene
from ontology.model import Ontology
from ontology.resource import ChangeSet, Source


async def repeat(tx: Tx, ontology: Ontology, entry: Entry) -> None:
    """Append the entry, unless it is here already."""
    commit, source = entry.commit, entry.source
    head = await lock(tx, commit.hash)
    same = next(iter(await commits(tx, commit.number - 1, commit.number, 1)), None)
    if is_known(commit, head.commit, same):
        return
    scene = Scene(tx, ontology, head.names)
    if entry.purged:
        lines, counts = await erase(scene, ontology, entry.purged, head)
    else:
        aliases = tuple(alias for alias, _ in entry.called)
        changes = ChangeSet(commit.actor, source, commit.reason, aliases=aliases)
        ready = {line.resource: _as_it_was(line, source, ontology) for line in entry.lines}
        await scene.meet({*mentioned(changes, ready), *entry.born})
        for name in entry.born:
            scene.bear(name)
        await scene.load(scene.stand[scene.numbers[name]] for name in ready)
        attempt = Attempt(ontology, changes, ready, commit.hash, frozenset())
        done = await carry_out(scene, head, attempt, ready, dict(entry.called))
        lines, counts = done.lines, done.counts
    check_repeated(entry, head.commit, lines)
    await insert(
        tx, commit, lines, scene.writes, token=commit.hash, names=scene.last, counts=counts
    )


def _as_it_was(line: Line, source: Source, ontology: Ontology) -> Said | None:
    """The claim with the digest that the log has: that of a purged one is of the whole."""
    said = make_ready(line.claim, source, ontology)
    return said and said._replace(digest=line.digest)
