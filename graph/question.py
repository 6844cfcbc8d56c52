"""What is asked of a change, and what is answered (impact.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graph.affected import Affected
from ontology.model import Certainty, Kind
from ontology.resource import At, ResourceId

if TYPE_CHECKING:
    from graph.answerable import Answerable


@dataclass(frozen=True, slots=True)
class Change:
    """What is asked about: this change of this resource."""

    resource: ResourceId
    kind: Kind = Kind.REMOVE


@dataclass(frozen=True, slots=True)
class Limits:
    """How far an answer goes: in links, and in resources of each certainty. What lies beyond
    is told as a cut, for each certainty apart."""

    depth: int = 1_000
    exact: int = 1_000_000
    indirect: int = 1_000_000
    coarse: int = 1_000_000
    touched: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Question:
    """`only` are the certainties that are followed. `types` (classes, with their subclasses),
    `departments` (ids of who answers) and `levels` (of security) say what is listed and
    counted; empty: all; they have no part in the walk. `first` and `after` give a page of the
    affected followed by the touched; `grouped` puts them by the department that answers, and
    asks for the departments to tell, at most `tell` of them (None: all)."""

    changes: tuple[Change, ...]
    at: At = None
    limits: Limits = Limits()
    only: frozenset[Certainty] = frozenset(Certainty)
    types: frozenset[str] = frozenset()
    departments: frozenset[ResourceId] = frozenset()
    levels: frozenset[str] = frozenset()
    first: int | None = None
    after: int = 0
    why: bool = False
    grouped: bool = False
    tell: int | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """Where an answer stops short, behind so many resources, of which the first are named: by
    "depth", "size" or "time" (of a walk over the store) among the "exact", "indirect",
    "coarse" or "touched"; or, by "links",
    on a "path" whose evidence lies among too many links of one resource. `ask` names the
    limit to raise ("depth", "exact" …; "": none), and `to` what to."""

    limit: str
    among: str
    count: int
    resources: tuple[ResourceId, ...]
    ask: str = ""
    to: int = 0


@dataclass(frozen=True, slots=True)
class ImpactAnswer:
    """`counts` are by "exact", "indirect", "coarse" and "touched", over all pages; `hidden`
    those among them that the viewer may not see and that are never listed. `next` is the
    `after` of the next page; `upto` the commit up to which the answer knows. `departments`
    only where they were asked for, the first of `to_tell`."""

    counts: Mapping[str, int]
    hidden: Mapping[str, int]
    cut: tuple[Cut, ...]
    affected: tuple[Affected, ...]
    touched: tuple[Affected, ...]
    next: int | None
    upto: int
    departments: tuple[Answerable, ...] = ()
    to_tell: int = 0

    @property
    def complete(self) -> bool:
        return not self.cut
