"""Pages as they were answered, for as long as the index stands where it stood.

The readers of one portal ask the same few things: its start page, the newest entries, what
everybody looks for this week. A page that is asked for again costs a look-up.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

from search.index import SearchPage

V = TypeVar("V")

MOST = 512
LARGEST = 100
"""Hits of a page that is kept: a larger one is an export's, and nobody asks for it again."""


class Recent(Generic[V]):
    """What was found in one state of an index (its `stamp`), the `most` recent of it; another
    state begins anew."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._stamp: Hashable = None
        self._kept: OrderedDict[Hashable, V] = OrderedDict()

    def get(self, stamp: Hashable, asked: Hashable) -> V | None:
        with self._lock:
            found = self._kept.get(asked) if stamp == self._stamp else None
            if found is not None:
                self._kept.move_to_end(asked)
            return found

    def keep(self, stamp: Hashable, asked: Hashable, found: V) -> None:
        with self._lock:
            if stamp != self._stamp:
                self._kept.clear()
                self._stamp = stamp
            self._kept[asked] = found
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)


class Pages(Recent[SearchPage]):
    """Whole pages."""

    def keep(self, stamp: Hashable, asked: Hashable, found: SearchPage) -> None:
        if len(found.hits) <= LARGEST:
            super().keep(stamp, asked, found)
