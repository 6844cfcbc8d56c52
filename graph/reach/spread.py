"""Choosing how to walk: compiled where numba is installed and warm, in numpy until then."""

from __future__ import annotations

import threading
from types import ModuleType
from typing import Any

import numpy as np

from graph.reach import levels
from graph.reach.compiled import forget_stale
from graph.reach.crossing import Longs
from graph.reach.rows import NOW, Ints
from graph.reach.view import (
    START,
    Bounds,
    Found,
    Scratch,
    Track,
    View,
    Walk,
    grown,
    scratch,
    with_basket,
)
from graph.state import BITS
from graph.transition import NO_STEP

ROOM = 4096
UNBOUNDED = Bounds(NOW, 2**31 - 1, (2**62,) * 4, (1 << BITS) - 1)


class Spreader:
    """Walks on views. Safe to be used by several threads: each walk has its own scratch."""

    def __init__(self) -> None:
        self._compiled: ModuleType | None = None
        self.tried = False  # whether compiling was asked for, with or without success
        self._idle: list[Scratch] = []
        self._lock = threading.Lock()

    def warm(self, view: View) -> bool:
        """Compile (or read what was compiled before) by one tiny walk on this view. Takes
        seconds the first time: call it in a thread. False where numba is not installed."""
        self.tried = True
        forget_stale()
        try:
            from graph.reach import walk
        except ImportError:
            return False
        none = np.zeros(0, np.int32)
        self._walk(walk, view, none, none.astype(np.int64), UNBOUNDED)
        self._compiled = walk
        return True

    def spread(
        self, view: View, places: Ints, masks: Longs, bounds: Bounds = UNBOUNDED
    ) -> tuple[Track, Found]:
        """All arrivals in order, the starts first, and what they come to. `places` differ from
        each other and are what readers see (`stands_for`)."""
        if self._compiled is None:
            return levels.spread(view, places, masks, bounds)
        return self._walk(self._compiled, view, places, masks, bounds)

    def _walk(
        self, walk: ModuleType, view: View, places: Ints, masks: Longs, bounds: Bounds
    ) -> tuple[Track, Found]:
        mine = self._take(view, len(places))
        cursor = np.array([0, len(places), len(places), 0, 0], np.int64)
        _start(mine, places, masks)
        room = np.array(bounds.room, np.int64)
        task = Walk(view, mine, cursor, np.zeros(4, np.int64), room,
                    bounds.allowed, bounds.deepest, bounds.at)  # fmt: skip
        while True:
            walk.spread(task)
            if not cursor[walk.FULL]:
                break
            mine = with_basket(mine) if cursor[walk.FULL] == walk.NO_BASKET else grown(mine)
            task = task._replace(scratch=mine)
        tail, met = slice(0, cursor[walk.TAIL]), slice(0, cursor[walk.SLOTS])
        arrays: Any = (column[tail].copy() for column in mine.track)
        slots = mine.slots
        found = Found.of(slots.place[met], slots.seen[met], slots.rank[met], slots.event[met])
        mine.slot[slots.place[met]] = -1
        with self._lock:
            self._idle.append(mine)
        return Track(*arrays), found

    def _take(self, view: View, starts: int) -> Scratch:
        places, classes = len(view.places.number), len(view.tables.traits)
        with self._lock:
            mine = self._idle.pop() if self._idle else None
        if mine is None or len(mine.slot) < places:
            mine = scratch(places, classes, ROOM)
        while len(mine.track.place) <= starts:
            mine = grown(mine)
        return mine


def _start(mine: Scratch, places: Ints, masks: Longs) -> None:
    span = slice(0, len(places))
    mine.slot[places] = np.arange(len(places))
    slots, track = mine.slots, mine.track
    slots.place[span], slots.seen[span], slots.rank[span] = places, masks, START
    slots.spilled[span], slots.active[span] = 0, 0
    track.place[span], track.mask[span], track.spill[span] = places, masks, 0
    track.depth[span], track.parent[span], track.step[span], track.cut[span] = 0, -1, NO_STEP, 0
