"""Numbers for what is repeated: words, sources, and the names of resources."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from typing import TypeVar

from graph.guard import Shape, Use, uses_of
from ontology.digest import canonical
from ontology.errors import Damaged
from ontology.resource import Rank, ResourceId, Source

T = TypeVar("T")

NAMES = 300_000
"""How many names of resources a writer remembers; the record may hold any number."""
SHAPES = 10_000
"""How many shapes of claims it remembers."""


def listed(values: Iterable[object]) -> str:
    """Values as one parameter of a statement, for `IN (SELECT value FROM json_each(?))`."""
    return canonical(list(values)).decode()


class Lexicon:
    """Words and sources by number and back. They never change, so what was read stays
    true; a writer forgets everything when its transaction is rolled back."""

    def __init__(self) -> None:
        self._texts: dict[int, str] = {}
        self._words: dict[str, int] = {}
        self._sources: dict[int, Source] = {}
        self._source_ids: dict[Source, int] = {}
        self._numbers: dict[ResourceId, int] = {}
        self._shapes: set[Shape] = set()

    def forget(self) -> None:
        """Ask the file again, for everything."""
        self._texts.clear()
        self._words.clear()
        self._sources.clear()
        self._source_ids.clear()
        self._numbers.clear()
        self._shapes.clear()

    def text(self, db: sqlite3.Connection, word: int) -> str:
        """The word of that number."""
        if word not in self._texts:
            self._texts.update(db.execute("SELECT id, text FROM word"))
        return _there(self._texts, word, "word")

    def word(self, db: sqlite3.Connection, text: str) -> int | None:
        """The number of a word; None if it was never used. Words are never taken away, so
        only those that came since are read: a word that is asked for in vain costs little."""
        if text not in self._words:
            last = max(self._words.values(), default=0)
            self._words.update(db.execute("SELECT text, id FROM word WHERE id > ?", (last,)))
        return self._words.get(text)

    def made(self, db: sqlite3.Connection, text: str) -> int:
        """The number of a word, given now if it is new (in a write transaction)."""
        known = self._words.get(text)
        if known is None:
            known = self.word(db, text)
        if known is None:
            known = db.execute("INSERT INTO word (text) VALUES (?)", (text,)).lastrowid
            assert known is not None
            self._words[text] = known
        return known

    def source(self, db: sqlite3.Connection, id: int) -> Source:
        if id not in self._sources:
            for number, name, rank in db.execute("SELECT id, name, rank FROM source"):
                self._sources[number] = Source(name, Rank(rank))
        return _there(self._sources, id, "source")

    def source_made(self, db: sqlite3.Connection, source: Source) -> int:
        """The number of a source at a rank, given now if it is new."""
        if source not in self._source_ids:
            pair = (source.name, int(source.rank))
            db.execute("INSERT OR IGNORE INTO source (name, rank) VALUES (?, ?)", pair)
            (id,) = db.execute("SELECT id FROM source WHERE name = ? AND rank = ?", pair).fetchone()
            self._source_ids[source] = id
        return self._source_ids[source]

    def numbers(
        self, db: sqlite3.Connection, names: Collection[ResourceId]
    ) -> dict[ResourceId, int]:
        """The numbers of those names that are known. They are remembered: for a writer."""
        cached = self._numbers
        found = {name: cached[name] for name in names if name in cached}
        if len(found) < len(names):
            read = numbers_of(db, [name for name in names if name not in found])
            self.remember(read)
            found.update(read)
        return found

    def unused(self, shapes: Iterable[Shape]) -> set[Use]:
        """What claims of these shapes use of the ontology that this writer has not noted."""
        fresh = set(shapes) - self._shapes
        if len(self._shapes) > SHAPES:
            self._shapes.clear()
        self._shapes |= fresh
        return {use for shape in fresh for use in uses_of(shape)}

    def remember(self, numbers: dict[ResourceId, int]) -> None:
        """Names that this transaction numbered or found."""
        if len(self._numbers) + len(numbers) > NAMES:
            self._numbers.clear()
        self._numbers.update(numbers)


def numbers_of(db: sqlite3.Connection, names: Iterable[ResourceId]) -> dict[ResourceId, int]:
    """Name → number, of those that are known. (NUL is in no name; JSON would cut at it.)"""
    wanted = listed(name for name in names if "\0" not in name)
    return dict(
        db.execute(
            "SELECT name, number FROM resource WHERE name IN (SELECT value FROM json_each(?))",
            (wanted,),
        )
    )


def _there(found: dict[int, T], number: int, what: str) -> T:
    """What a row points at; it is always there unless the file is damaged."""
    if number not in found:
        raise Damaged(
            f"数据文件已损坏 / stored rows point at a {what} that is not there (number {number}). "
            "Put the last backup in the place of the file; `mulu verify` says what is affected."
        )
    return found[number]


class NameOf(dict[int, ResourceId]):
    """Number → name. Rows point at numbers, so one that is missing is damage."""

    def __missing__(self, number: int) -> ResourceId:
        return _there(self, number, "resource")


def names_of(db: sqlite3.Connection, numbers: Iterable[int]) -> NameOf:
    """Number → name, of those that are known."""
    return NameOf(
        db.execute(
            "SELECT number, name FROM resource WHERE number IN (SELECT value FROM json_each(?))",
            (listed(numbers),),
        )
    )
