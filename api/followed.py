"""Which commit the projections of a data folder last went after, by number and hash.

A backup that is put in the place of the record takes commits away, and the next ones have
their numbers. By number alone a projection would believe that it has seen them.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import orjson

from graph.store import GraphStore
from ontology.resource import Commit


class Followed:
    """A note in a file. Where it is lost, nothing is known, and numbers count."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "followed.json"
        self._known: tuple[int, str] | None = None

    def note(self, head: Commit) -> None:
        """Before anything follows this commit."""
        told = head.number, head.hash
        if told == self._known:
            return
        draft = self._file.with_suffix(".new")
        with suppress(OSError):  # whoever may not write here feeds nothing here either
            self._file.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(orjson.dumps(told))
            draft.replace(self._file)
            self._known = told

    async def another(self, store: GraphStore, head: Commit) -> bool:
        """Whether the record has another commit in the place of the one that was noted."""
        try:
            number, hash = orjson.loads(self._file.read_bytes())
        except (OSError, ValueError, TypeError):
            return False
        if not 0 < number <= head.number:
            return False  # projections that are ahead see that by themselves
        async for commit in store.commits(number - 1):
            return bool(commit.hash != hash)
        return False
