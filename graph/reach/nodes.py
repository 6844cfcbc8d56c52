"""Resources by store number: class and security level. No ids: the record keeps those."""

from __future__ import annotations

from array import array
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from graph.numbered import ColumnStore, NodeColumns, Numbered
from graph.store import GraphStore
from graph.transition import Transitions
from ontology.viewer import rank_of


@dataclass(frozen=True, slots=True)
class Nodes:
    """`type` numbers the classes (Transitions.types), -1 where a number is not given or its
    class unknown; `level` is the rank of the security level, 0 where none is stated."""

    type: npt.NDArray[np.int16]
    level: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.type)

    def with_(self, told: Iterable[Numbered], transitions: Transitions) -> Nodes:
        """With these told anew. In place as far as the room goes: whoever reads the older
        state knows no way to the new resources."""
        told = list(told)
        most = max((node.number for node in told), default=0)
        nodes = self
        if most >= len(self):
            more = max(most + 1 - len(self), len(self) // 4)
            nodes = Nodes(
                np.append(self.type, np.full(more, -1, np.int16)),
                np.append(self.level, np.zeros(more, np.uint8)),
            )
        for node in told:
            nodes.type[node.number] = transitions.type_number(node.type)
            nodes.level[node.number] = rank_of(node.level)
        return nodes


async def read_nodes(store: GraphStore, transitions: Transitions) -> Nodes:
    """All resources of the record."""
    types, levels = array("h", [-1]), array("B", [0])
    async for piece in _pieces(store):
        kinds = {n: transitions.type_number(text) for n, text in piece.words.items()}
        ranks = {n: rank_of(text) for n, text in piece.words.items()}
        if piece.number[0] == len(types) and piece.number[-1] - len(types) < len(piece.number):
            types.extend([kinds[n] for n in piece.type])
            levels.extend([ranks[n] for n in piece.level])
            continue
        for number, kind, level in zip(piece.number, piece.type, piece.level, strict=True):
            missing = number - len(types)
            types.extend([-1] * missing)
            levels.extend([0] * missing)
            types.append(kinds[kind])
            levels.append(ranks[level])
    return Nodes(np.array(types, np.int16), np.array(levels, np.uint8))


async def _pieces(store: GraphStore) -> AsyncIterator[NodeColumns]:
    """The store's own columns, or one resource after the other as columns of one."""
    if isinstance(store, ColumnStore):
        async for piece in store.node_columns():
            yield piece
        return
    async for node in store.numbered():
        yield NodeColumns([node.number], [0], [1], {0: node.type, 1: node.level})
