"""What a group comes to: its node's properties and its visible links, from its claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from graph.form import pack_merged
from graph.identifiers import is_provisional
from graph.neo4j.claim import Kept, gone_from
from graph.neo4j.connection import Tx
from graph.neo4j.cypher import NOW
from graph.neo4j.scene import Name, Scene, Stored
from graph.views import LIVING, level_of, state_of
from ontology.merge import Merged, asserts, merge, standing, visible
from ontology.model import Ontology
from ontology.resource import Held, Link, ResourceId


class LinkId(NamedTuple):
    """What names a visible link while it holds: as claimed, by whom, and since when that
    source claims it unchanged."""

    origin: ResourceId
    type: str
    target: ResourceId
    key: str
    source: str
    rank: int
    said: int


@dataclass(frozen=True, slots=True)
class View:
    """A group as it should be kept; the name that readers see stands first."""

    names: Sequence[Name]
    merged: Merged
    links: Mapping[LinkId, Link]
    weak: bool
    commit: int  # the last that touched it

    def stored(self, name: Name) -> Stored:
        """What the node of one of its names says."""
        state = state_of(self.merged, name is self.names[0])
        return Stored(self.merged.type, state, state == LIVING and self.weak, self.commit)

    def properties(self, name: Name, born: int) -> dict[str, Any]:
        """All that the node of one of its names says of the group."""
        canonical = name is self.names[0]
        stored = self.stored(name)
        return {
            "type": stored.type,
            "level": level_of(self.merged),
            "state": stored.state,
            "weak": stored.weak,
            "placeholder": self.merged.placeholder,
            "retired": self.merged.retired,
            "changed": self.commit,
            "touched": max(self.commit, born),
            "view": pack_merged(self.merged) if canonical and self.commit else None,
            "names": sorted(n.id for n in self.names[1:]) if canonical and self.commit else None,
            "conflict": True if canonical and self.merged.conflicts else None,
        }


async def view(tx: Tx, ontology: Ontology, names: Sequence[Name], commit: int) -> View:
    """Merge what the names of a group will hold."""
    claims = [k for name in names for k in name.after]
    held = [k.held for k in claims]
    alone = not any(asserts(h.claim) for h in held)
    gone = await _gone(tx, names) if alone else ()
    return View(
        names,
        merge(names[0].id, held, ontology, gone=gone),
        shown(claims),
        is_provisional((h.claim for h in standing(held)), ontology),
        commit,
    )


async def _gone(tx: Tx, names: Sequence[Name]) -> Sequence[Held]:
    """What was held before the last asserting claim ended: in this very commit, or earlier."""
    before = [k for name in names for k in name.before]
    if any(asserts(k.held.claim) for k in before):
        return [k.held for k in before]
    numbers = [name.number for name in names if name.stored is not None]
    return await gone_from(tx, numbers, NOW) if numbers else ()


def shown(claims: Iterable[Kept]) -> dict[LinkId, Link]:
    """The links that a group shows."""
    by = {(k.held.claim.resource, k.source.name): k for k in claims}
    if not any(k.held.claim.links for k in by.values()):
        return {}
    found = {}
    for (name, key), (held, link) in visible([k.held for k in by.values()]).items():
        source = held.source
        said = by[name, source.name].said[key]
        found[LinkId(name, key.type, key.target, key.key, source.name, int(source.rank), said)] = (
            link
        )
    return found


def open_links(names: Iterable[Name]) -> list[tuple[LinkId, str]]:
    """The links now open on these names, each with its relationship."""
    return [(LinkId(name.id, *link[:6]), link[6]) for name in names for link in name.links]


async def views(scene: Scene, ontology: Ontology, touched: Mapping[int, int]) -> dict[int, View]:
    """The views of loaded groups, each with the last commit that touched it."""
    return {
        of: await view(scene.tx, ontology, [scene.names[n] for n in scene.groups[of]], commit)
        for of, commit in sorted(touched.items())
    }
