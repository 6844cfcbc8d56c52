"""The base of a reach index: everything up to one commit, laid out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.reach.derive import Kinds, derive, knots, wholes
from graph.reach.layout import Layout, layout
from graph.reach.names import Aliases
from graph.reach.nodes import Nodes
from graph.reach.rows import Ints, Rows, replaced
from graph.transition import Transitions

SPARE = 1 << 14
"""Room for resources that commits since the base bring."""


@dataclass(frozen=True, slots=True)
class Base:
    """`rows` are sorted; `whole` is the dataset of each field by store number; `knotted` are
    the positions of rows that are tied to others, sorted by `knot`. `sources` number the
    names of the sources. All as of the commit `upto`."""

    upto: int
    nodes: Nodes
    rows: Rows
    whole: Ints
    knotted: npt.NDArray[np.int64]
    knot: Ints
    layout: Layout
    aliases: Aliases
    sources: dict[str, int]

    def tied(self, wanted: Ints) -> npt.NDArray[np.int64]:
        """Positions of the rows in these knots."""
        return self.knotted[np.isin(self.knot, wanted)] if len(wanted) else self.knotted[:0]


def lay(
    upto: int,
    nodes: Nodes,
    rows: Rows,
    aliases: Aliases,
    sources: dict[str, int],
    transitions: Transitions,
) -> Base:
    """Derive, renumber and sort all of a ledger."""
    kinds = Kinds.of(transitions)
    rows = rows.sorted()
    whole = wholes(rows, kinds, len(nodes))
    knot = knots(rows, kinds, whole)
    knotted = np.flatnonzero(knot)
    knotted = knotted[np.argsort(knot[knotted], kind="stable")]
    steps = derive(rows, whole, kinds, transitions)
    made = layout(nodes, rows, steps, transitions, spare=SPARE)
    return Base(upto, nodes, rows, whole, knotted, knot[knotted], made, aliases, dict(sources))


def combined(base: Base, delta: Rows) -> Rows:
    """The rows of the base as `delta` tells them now, and its new ones."""
    positions, _ = replaced(base.rows, delta)
    keep = np.ones(len(base.rows), bool)
    keep[positions] = False
    return Rows.together([base.rows.take(keep), delta])
