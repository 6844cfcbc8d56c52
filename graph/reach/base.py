"""The base of a reach index: everything up to one commit, laid out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.reach.aliases import Aliases
from graph.reach.derive import Kinds, contained, derive, knots
from graph.reach.layout import Layout, implicit, layout
from graph.reach.literals import Literals
from graph.reach.nodes import Nodes
from graph.reach.rows import Ints, Rows, ranges, replaced
from graph.transition import Transitions

SPARE = 1 << 14
"""Room for resources that commits since the base bring."""


@dataclass(frozen=True, slots=True)
class Base:
    """`rows` are sorted; `whole` is the dataset of each field by store number, 0 for what is
    none; `knotted` are the positions of rows that are tied to others, sorted by `knot`.
    `literals` are what rules name; `sources` number the names of the sources. All as of the
    commit `upto`; but fields that come later are entered in `whole` too."""

    upto: int
    nodes: Nodes
    rows: Rows
    whole: Ints
    knotted: npt.NDArray[np.int64]
    knot: Ints
    layout: Layout
    literals: Literals
    aliases: Aliases
    sources: dict[str, int]

    def contain(self, rows: Rows, kinds: Kinds) -> bool:
        """Enter the fields that these rows bring into datasets. False where one of them had
        lineage before: that changes how the past is read, so a new base must be laid."""
        fields, datasets = contained(rows, kinds)
        late = self.whole[fields] == 0
        fields, datasets = fields[late], datasets[late]
        old = fields[fields < len(self.nodes)]
        if len(old):
            tied = self.rows.take(self.knotted)
            if np.isin(old, tied.start).any() or np.isin(old, tied.end).any():
                return False
        self.whole[fields] = datasets
        return True

    def tied(self, wanted: Ints) -> npt.NDArray[np.int64]:
        """Positions of the rows in these knots."""
        low = np.searchsorted(self.knot, wanted, "left")
        return self.knotted[ranges(low, np.searchsorted(self.knot, wanted, "right") - low)]


def lay(
    upto: int,
    nodes: Nodes,
    rows: Rows,
    literals: Literals,
    aliases: Aliases,
    sources: dict[str, int],
    transitions: Transitions,
) -> Base:
    """Derive, renumber and sort all of a ledger."""
    kinds = Kinds.of(transitions)
    rows = rows.sorted()
    whole = np.zeros(len(nodes) + SPARE, np.int32)
    fields, datasets = contained(rows, kinds)
    whole[fields] = datasets
    knot = knots(rows, kinds, whole)
    knotted = np.flatnonzero(knot)
    knotted = knotted[np.argsort(knot[knotted], kind="stable")]
    plain, inner = implicit(rows, transitions, len(nodes))
    steps = derive(rows.take(~plain), whole, kinds, transitions)
    made = layout(nodes, inner, steps, transitions, spare=SPARE)
    return Base(
        upto, nodes, rows, whole, knotted, knot[knotted], made, literals, aliases, dict(sources)
    )


def combined(base: Base, delta: Rows) -> Rows:
    """The rows of the base as `delta` tells them now, and its new ones."""
    positions, _ = replaced(base.rows, delta)
    keep = np.ones(len(base.rows), bool)
    keep[positions] = False
    return Rows.together([base.rows.take(keep), delta])
