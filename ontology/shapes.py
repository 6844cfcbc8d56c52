"""What a compiled shape is: a rule on the resources of a class, as a plain function.

ontology/shacl.py compiles them, ontology/validate.py asks them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ontology.model import Direction, Label
from ontology.resource import Scalar, Value


@dataclass(frozen=True, slots=True)
class Focus:
    """A resource as a shape sees it."""

    id: str
    type: str | None
    attributes: Mapping[str, Value]


Around = Callable[[str, str, Direction], Sequence[Focus]]
"""(id, link type, direction) → the resources at the other ends of these links."""

Seen = Scalar | Focus
"""What a path arrives at: a value or a resource."""


class Weight(StrEnum):
    """sh:severity."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Shape:
    """One rule on the resources of a class. `links` are those that it looks along, `hops`
    how many of them in a row at most."""

    name: str
    target: str
    message: Label
    weight: Weight
    conforms: Callable[[Focus, Around], bool]
    clause: str = ""
    links: tuple[str, ...] = ()
    hops: int = 0
