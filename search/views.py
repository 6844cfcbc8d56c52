"""Views of an index that cursors still refer to, by the name that the cursor carries."""

from __future__ import annotations

import threading
from collections import OrderedDict
from itertools import count
from time import monotonic
from typing import Generic, TypeVar
from uuid import uuid4

V = TypeVar("V")


class Views(Generic[V]):
    """Keeps the most recent views for a while. A view that is gone is no error: the page
    goes on in the present state of the index, right after the hit of the cursor."""

    def __init__(self, most: int = 32, seconds: float = 300.0) -> None:
        self._most, self._seconds = most, seconds
        self._lock = threading.Lock()
        self._names = count(1)
        self._process = uuid4().hex[:8]  # a cursor of another process names none of ours
        self._kept: OrderedDict[str, tuple[V, float]] = OrderedDict()

    def keep(self, view: V) -> str:
        """The view's name; the same view keeps its name."""
        now = monotonic()
        with self._lock:
            name = next((n for n, (kept, _) in self._kept.items() if kept is view), None)
            name = name or f"{self._process}-{next(self._names)}"
            self._kept[name] = view, now + self._seconds
            self._kept.move_to_end(name)
            while len(self._kept) > self._most or next(iter(self._kept.values()))[1] < now:
                self._kept.popitem(last=False)
            return name

    def get(self, name: str) -> V | None:
        with self._lock:
            kept = self._kept.get(name)
            return kept[0] if kept else None

    def has(self, view: V) -> bool:
        with self._lock:
            return any(kept is view for kept, _ in self._kept.values())

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
