"""A query as a small typed tree that prints itself.

The tree says what is asked, not how it is found: `ranking.py` turns it into scored
clauses, the index into its engine's query. `str(query)` is user syntax again, and
`parse(str(query)) == query` for every tree that `parse` makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

Bound = str | int | float | date | datetime
"""One end of a range. Dates may be ISO 8601 strings."""

_PLAIN = re.compile(r'[^\s"()|:]+')


def _quoted(text: str) -> str:
    """A value as the parser reads it back: one that looks like `*`, a..b or >a in quotes."""
    plain = _PLAIN.fullmatch(text) and text[0] not in "-<>=.*" and ".." not in text
    return text if plain else f'"{text}"'


@dataclass(frozen=True, slots=True)
class MatchAll:
    """Everything that the viewer may see."""

    def __str__(self) -> str:
        return "*"


ALL = MatchAll()


@dataclass(frozen=True, slots=True)
class Words:
    """All words of the text, anywhere in a resource, in any order."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """The text as it stands: these characters side by side in one value."""

    text: str

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class Prefix:
    """Some word, code or technical name that begins so."""

    text: str

    def __str__(self) -> str:
        return f"{self.text}*"


@dataclass(frozen=True, slots=True)
class FieldIs:
    """A field has this value: equal for codes, numbers, dates, classes and ids of linked
    resources; contained for text and for titles of linked resources."""

    field: str
    value: Bound | bool

    def __str__(self) -> str:
        value = str(self.value).lower() if isinstance(self.value, bool) else str(self.value)
        return f"{self.field}:{_quoted(value)}"


@dataclass(frozen=True, slots=True)
class OneOf:
    """A field has exactly one of these values (or links to one of these ids): what facets
    and typed filters ask. Code labels and synonyms count as their code."""

    field: str
    values: tuple[Bound | bool, ...]

    def __str__(self) -> str:
        return " | ".join(str(FieldIs(self.field, value)) for value in self.values)


@dataclass(frozen=True, slots=True)
class Range:
    """A number, date or text between two bounds, both included unless told; None is open."""

    field: str
    low: Bound | None = None
    high: Bound | None = None
    include_low: bool = True
    include_high: bool = True

    def __str__(self) -> str:
        if self.low is not None and self.high is not None and self.include_low:
            return f"{self.field}:{self.low}..{self.high}"
        if self.low is not None:
            return f"{self.field}:>{'=' if self.include_low else ''}{self.low}"
        return f"{self.field}:<{'=' if self.include_high else ''}{self.high}"


@dataclass(frozen=True, slots=True)
class Exists:
    """The field has some value."""

    field: str

    def __str__(self) -> str:
        return f"{self.field}:*"


@dataclass(frozen=True, slots=True)
class Not:
    """Whatever the inner query does not match."""

    query: Query

    def __str__(self) -> str:
        words = isinstance(self.query, Words) and " " in self.query.text
        return f"-({self.query})" if words or isinstance(self.query, And | Or) else f"-{self.query}"


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    queries: tuple[Query, ...]

    def __str__(self) -> str:
        return " ".join(f"({q})" if isinstance(q, And | Or) else str(q) for q in self.queries)


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    queries: tuple[Query, ...]

    def __str__(self) -> str:
        return " | ".join(f"({q})" if isinstance(q, And | Or) else str(q) for q in self.queries)


Query = MatchAll | Words | Phrase | Prefix | FieldIs | OneOf | Range | Exists | Not | And | Or


def conjunction(*queries: Query | None) -> Query:
    """All of the given ones; None and MatchAll add nothing."""
    flat: list[Query] = []
    for query in queries:
        if isinstance(query, And):
            flat.extend(query.queries)
        elif query is not None and not isinstance(query, MatchAll):
            flat.append(query)
    return flat[0] if len(flat) == 1 else And(tuple(flat)) if flat else MatchAll()


def positive(query: Query) -> Iterator[Words | Phrase | Prefix]:
    """The texts that a hit may contain: what highlights mark and did-you-mean mends."""
    if isinstance(query, Words | Phrase | Prefix):
        yield query
    elif isinstance(query, And | Or):
        for inner in query.queries:
            yield from positive(inner)
