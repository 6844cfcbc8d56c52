"""Who must be told: what a change reaches, by the department that answers for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from graph.names import Names
from graph.reach.answer import Answering
from graph.reach.rows import Ints
from graph.reach.trace import AMONG, Rows, Trace
from ontology.resource import ResourceId

ASKED = 8
"""Results of a department whose contact serves where it has none of its own."""


@dataclass(frozen=True, slots=True)
class Answerable:
    """A department with how much of its own is reached, by "exact", "indirect", "coarse" and
    "touched". `contact` is its own, else one of its surest results'. `id` "" is nobody, or
    one that the viewer may not see."""

    id: ResourceId
    title: str
    contact: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Told:
    """The departments to tell, the first of `total`."""

    departments: tuple[Answerable, ...] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class Groups:
    """The listed results by the place of who answers (-1: nobody), those with the surest and
    most results first. `rows` are all results in that order; `ways` lead to a contact."""

    party: Ints
    counts: npt.NDArray[np.int64]
    ways: Ints
    rows: Rows

    def first(self, most: int | None) -> Groups:
        """The first departments, with all results."""
        return Groups(self.party[:most], self.counts[:most], self.ways[:most], self.rows)


def grouped(traced: Trace, answering: Answering) -> Groups:
    """The listed results of a walk, with who answers for them, sorted by department."""
    parties, of = np.unique(answering.party, return_inverse=True)
    counts = np.zeros((len(parties), len(AMONG)), np.int64)
    np.add.at(counts, (of, np.minimum(traced.found.rank[traced.rows], 3)), 1)
    keys: Any = (parties, *(-counts[:, i] for i in reversed(range(len(AMONG)))))
    order = np.lexsort(keys)
    position = np.empty(len(parties), np.int64)
    position[order] = np.arange(len(parties))
    together = np.argsort(position[of], kind="stable")
    ends = np.cumsum(np.bincount(position[of], minlength=len(parties)))
    ways = np.full((len(parties), 1 + ASKED * answering.way.shape[1]), -1, np.int32)
    ways[:, 0] = parties[order]
    for i, (begin, end) in enumerate(pairwise([0, *ends.tolist()])):
        surest = answering.way[together[begin : min(end, begin + ASKED)]].ravel()
        ways[i, 1 : 1 + len(surest)] = surest
    return Groups(parties[order].astype(np.int32), counts[order], ways, traced.rows[together])


def answerable(groups: Groups, names: Names, most: int | None) -> Told:
    """The departments, at most so many, by the names that were read for `groups.first(most)`."""
    some = groups.first(most)
    told = tuple(
        Answerable(
            names.shown(party) if party >= 0 else ResourceId(""),
            names.title(party) if party >= 0 else "",
            names.contact(way),
            dict(zip(AMONG, counts, strict=True)),
        )
        for party, counts, way in zip(
            some.party.tolist(), some.counts.tolist(), some.ways.tolist(), strict=True
        )
    )
    return Told(told, len(groups.party))
