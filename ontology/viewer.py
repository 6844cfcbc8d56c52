"""Who is asking, and what they may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ontology.resource import Value

LEVELS = ("公开数据", "内部数据", "敏感数据", "核心数据")
"""Security levels, lowest first (G 6.2.2)."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A reader: cleared up to a level, member of departments, holder of roles."""

    name: str
    clearance: str = LEVELS[-1]
    departments: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    personal: bool = True  # may see personal data such as a contact's name

    @property
    def rank(self) -> int:
        return LEVELS.index(self.clearance)

    @property
    def sees_all(self) -> bool:
        return self.rank == len(LEVELS) - 1

    def sees(self, attributes: Mapping[str, Value]) -> bool:
        """Whether a resource with these attributes is within the clearance."""
        level = attributes.get("securityLevel")
        return level not in LEVELS or LEVELS.index(str(level)) <= self.rank


LOCAL = Viewer("local")
"""The viewer without configuration: sees all, and the server stays on loopback."""
