"""A commit with all that it says, to be repeated in another store as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ontology.resource import EMPTY, Alias, Claim, Commit, ResourceId, Source


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one source's claim on one name; `claim` None: it was withdrawn. The
    digest is the log's, also where the body has been purged since; "" for a withdrawal."""

    resource: ResourceId
    claim: Claim | None
    digest: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A commit with all that it says, to be repeated in another store as it was."""

    commit: Commit
    source: Source
    born: tuple[ResourceId, ...] = ()  # names first met in it, in order of number
    lines: tuple[Line, ...] = ()
    called: tuple[tuple[Alias, bool | None], ...] = ()  # as `settle` tells (ontology/alias.py)
    purged: tuple[ResourceId, ...] = ()


def bare(claim: Claim) -> Claim:
    """What a purge leaves: class, links without evidence, denials; no value."""
    links = tuple(replace(link, properties=EMPTY) for link in claim.links)
    return replace(claim, attributes={}, links=links)
