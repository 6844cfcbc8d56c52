"""Pages as they were answered, for as long as the index stands where it stood.

The readers of one portal ask the same few things: its start page, the newest entries, what
everybody looks for this week. A page that is asked for again costs a look-up.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable

from search.index import SearchPage

MOST = 512
LARGEST = 100
"""Hits of a page that is kept: a larger one is an export's, and nobody asks for it again."""


class Pages:
    """The pages of one state of an index (its `stamp`); another state begins anew."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stamp: Hashable = None
        self._kept: OrderedDict[Hashable, SearchPage] = OrderedDict()

    def get(self, stamp: Hashable, asked: Hashable) -> SearchPage | None:
        with self._lock:
            page = self._kept.get(asked) if stamp == self._stamp else None
            if page is not None:
                self._kept.move_to_end(asked)
            return page

    def keep(self, stamp: Hashable, asked: Hashable, page: SearchPage) -> None:
        if len(page.hits) > LARGEST:
            return
        with self._lock:
            if stamp != self._stamp:
                self._kept.clear()
                self._stamp = stamp
            self._kept[asked] = page
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
