"""Which links must be known before a class of steps can be taken from a place.

A plain class needs the links of its type in its direction: a *facet*. Dataset edges need more,
since column edges may hide them and a job's reads and writes may stand in for them
(derive.py): two further facets, one a direction, say that all of this is known too.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from graph.reach.crossing import Mask
from graph.transition import NO_STEP, READS, WRITES, Transitions
from ontology.model import Direction

Facet = tuple[str, Direction]
ENTIRE = ""
"""The type of the facets of dataset edges."""


class Needs:
    """The facets of one ontology, numbered."""

    def __init__(self, transitions: Transitions) -> None:
        self.lineage = tuple(sorted(transitions.lineage))
        self.containment = tuple(sorted(transitions.containment))
        types = {step.type for step in transitions.steps} - {""}
        types |= {*self.lineage, *self.containment, READS, WRITES}
        self.facets: tuple[Facet, ...] = tuple(
            (type, way) for type in (ENTIRE, *sorted(types)) for way in Direction
        )
        self._number = {facet: i for i, facet in enumerate(self.facets)}
        self.of_class = self._of_classes(transitions)
        """class × facet: whether a step of the class needs it."""

    def number(self, type: str, way: Direction) -> int:
        return self._number[type, way]

    def wanted(self, classes: Mask) -> npt.NDArray[np.intp]:
        """The facets that any of the classes needs."""
        return np.flatnonzero(self.of_class[classes].any(axis=0))

    def _of_classes(self, transitions: Transitions) -> npt.NDArray[np.bool_]:
        entire = {transitions.hidden_use, transitions.hidden_origin}
        for sort in transitions.sorts:
            if sort.whole:
                entire |= {sort.forward, sort.backward} - {NO_STEP}
        table = np.zeros((len(transitions.steps), len(self.facets)), bool)
        for i, step in enumerate(transitions.steps):
            if step.type:
                table[i, self.number(step.type, step.direction)] = True
            if i in entire:
                for type in (ENTIRE, *self.lineage):
                    table[i, self.number(type, step.direction)] = True
        return table
