"""All classes of steps of an ontology, and what the reach index asks of its link types."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.state import BITS, WIDTH
from graph.step import (
    HIDDEN_ORIGIN,
    HIDDEN_USE,
    Step,
    Trait,
    contains_fields,
    holds_codes,
    steps_of,
)
from ontology.errors import OntologyError
from ontology.model import LinkType, Ontology

READS, WRITES = "reads", "writes"
"""Link types of jobs, whose product stands in where a job states no derivation."""
NO_STEP = 255


@dataclass(frozen=True, slots=True)
class Sort:
    """A link type with a derivation; `whole` where its origin is a dataset.

    `forward`, `backward` and `naming` (backward too) are classes of steps, NO_STEP where
    nothing is carried.
    """

    type: str
    derivation: str
    whole: bool
    forward: int
    backward: int
    naming: int


class Transitions:
    """All classes of steps of one ontology, numbered; those of dataset edges come last.

    Derivations of one link type that spread alike share their classes.
    """

    def __init__(self, ontology: Ontology) -> None:
        self.digest = ontology.digest
        self.types = tuple(sorted(ontology.types))
        """Classes of resources, numbered by their position."""
        self._types = {name: i for i, name in enumerate(self.types)}
        links = [link for link in ontology.links.values() if not link.abstract]
        self.lineage = frozenset(link.name for link in links if link.lineage)
        self.containment = frozenset(link.name for link in links if contains_fields(link))
        self.containers = frozenset(
            name
            for link in links
            if contains_fields(link)
            for end in link.domain
            for name in ontology.descendants(end)
        )
        """Classes that have fields: the datasets."""
        self.parts = frozenset(link.name for link in links if link.part_of)
        """Types from a whole, which may have very many, to its parts, which have one whole."""
        self.leaf_parts = frozenset(link.name for link in links if _is_leaf(ontology, link))
        """Part-of types whose parts have no parts: the index needs no edges for these."""
        self.parties = frozenset(
            name for link in links for end in _parties(link) for name in ontology.descendants(end)
        )
        """Classes that answer for others: departments and their units (R5)."""
        self.codes = frozenset(
            name
            for link in links
            if holds_codes(link)
            for end in link.range
            for name in ontology.descendants(end)
        )
        """Classes whose resources rules name by a value."""

        described = [
            (link.name, derivation, whole, steps_of(link, derivation, whole))
            for link in links
            for derivation in _derivations(link)
            for whole in ((False, True) if link.lineage else (False,))
        ]
        kept = {step for *_, steps in described for step in steps if step.kept}
        kept |= {HIDDEN_USE, HIDDEN_ORIGIN}
        self.steps = tuple(sorted(kept, key=_order))
        if len(self.steps) >= NO_STEP:
            raise OntologyError(f"{len(self.steps)} classes of steps; the reach index has 254")
        number = {step: i for i, step in enumerate(self.steps)}
        self.answers = np.array([step.answers for step in self.steps], np.int64)
        self.sure = np.array([step.sure for step in self.steps], np.int8)
        self.hidden_use, self.hidden_origin = number[HIDDEN_USE], number[HIDDEN_ORIGIN]
        """Classes of a dataset edge while column edges hide it: seen by lineage only."""
        self.first_whole = sum(not step.traits & Trait.WHOLE for step in self.steps)
        """Classes from here on are dataset edges."""
        self.sorts = tuple(
            Sort(t, d, w, *(number.get(step, NO_STEP) for step in steps))
            for t, d, w, steps in described
        )
        self.stand_in = self._stand_in(ontology)
        """What a job's reads × writes stand in as."""
        self._by_name = {(s.type, s.derivation, s.whole): i for i, s in enumerate(self.sorts)}

    def _stand_in(self, ontology: Ontology) -> str:
        """The lineage type between datasets."""
        for name in sorted(self.lineage):
            link = ontology.links[name]
            if self.containers.issuperset(link.domain) and self.containers.issuperset(link.range):
                return name
        return ""

    def type_number(self, name: str) -> int:
        """The number of a class of resources, -1 for an unknown one."""
        return self._types.get(name, -1)

    def sort(self, type: str, derivation: str, *, whole: bool = False) -> int:
        """The number of a sort of link, -1 for an unknown type. A derivation that the
        ontology does not name counts as unknown ("")."""
        found = self._by_name.get((type, derivation, whole))
        return self._by_name.get((type, "", whole), -1) if found is None else found

    def tables(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
        """As arrays: (2 × class × bit: later, first), (class × state: spill), (class: traits)."""
        tables = np.zeros((2, len(self.steps), BITS), np.int64)
        spill = np.zeros((len(self.steps), WIDTH), np.int64)
        traits = np.zeros(len(self.steps), np.uint8)
        for i, step in enumerate(self.steps):
            tables[0, i], tables[1, i] = step.normal, step.first
            spill[i], traits[i] = step.spill, step.traits
        return tables, spill, traits


def _is_leaf(ontology: Ontology, link: LinkType) -> bool:
    wholes = {
        name
        for other in ontology.links.values()
        if other.part_of
        for end in other.domain
        for name in ontology.descendants(end)
    }
    return link.part_of and not any(
        name in wholes for end in link.range for name in ontology.descendants(end)
    )


def _parties(link: LinkType) -> tuple[str, ...]:
    """Ends of the links that lead straight to who answers."""
    return (
        *(link.range if link.answerable == 1 else ()),
        *(link.domain if link.inverse_answerable == 1 else ()),
    )


def _derivations(link: LinkType) -> tuple[str, ...]:
    named = {d for spread in link.spreads for d in spread.derivations}
    return ("", *sorted(named - {""}))


def _order(step: Step) -> tuple[object, ...]:
    whole = bool(step.traits & Trait.WHOLE)
    known = (step.type, step.direction, int(step.traits), step.naming, step.sure)
    return (whole, *known, step.normal, step.first, step.spill)
