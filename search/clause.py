"""Scored clauses: the few things that every full-text engine can do.

A query ends up as a tree of these (plan.py), and an index translates them one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

from ontology.resource import Scalar


@dataclass(frozen=True, slots=True)
class Term:
    """A field has this token, keyword or number. Scored by rarity (BM25) in token fields."""

    field: str
    value: Scalar


@dataclass(frozen=True, slots=True)
class Near:
    """Tokens side by side."""

    field: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Starts:
    """Some token or keyword begins so."""

    field: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Between:
    """A number or keyword between bounds; None is open."""

    field: str
    low: Scalar | None
    high: Scalar | None
    include_low: bool = True
    include_high: bool = True


@dataclass(frozen=True, slots=True)
class Has:
    """The field has a value."""

    field: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """No document."""


@dataclass(frozen=True, slots=True)
class Bool:
    """All of `must` and `filters` (which do not score), none of `without`, and at least so
    many of `should`."""

    must: tuple[Clause, ...] = ()
    should: tuple[Clause, ...] = ()
    filters: tuple[Clause, ...] = ()
    without: tuple[Clause, ...] = ()
    at_least: int = 0


@dataclass(frozen=True, slots=True)
class Best:
    """Any of them; the score is the best one's, and `others` times the rest."""

    clauses: tuple[Clause, ...]
    others: float = 0.0


@dataclass(frozen=True, slots=True)
class Scaled:
    clause: Clause
    factor: float


@dataclass(frozen=True, slots=True)
class Flat:
    """The clause with a constant score."""

    clause: Clause
    score: float


Clause = Term | Near | Starts | Between | Has | Nothing | Bool | Best | Scaled | Flat
