"""A resource that a change reaches: how surely, by which path, and who answers for it."""

from __future__ import annotations

from dataclasses import dataclass

from ontology.model import Certainty, Kind
from ontology.resource import ResourceId


@dataclass(frozen=True, slots=True)
class Crossed:
    """One link of a path, in the direction in which the change travels. `kind` is the
    derivation; an id is "" where the viewer may not see the resource, and so is the rule."""

    origin: ResourceId
    target: ResourceId
    type: str
    rule: str
    job: str
    kind: str
    source: str
    commit: int


@dataclass(frozen=True, slots=True)
class Affected:
    """A resource in the answer. `effect` is "breaks" or "must adapt" for the affected,
    "stale" or "notify" for the touched; `via` the type of the last link; `due` the working
    days to act in (0: none set). A `department` "" is nobody: a finding (R5)."""

    id: ResourceId
    type: str
    title: str
    depth: int
    effect: str
    certainty: Certainty
    kinds: tuple[Kind, ...]
    via: str
    due: int
    department: ResourceId
    department_title: str
    contact: str
    path: tuple[Crossed, ...] = ()
