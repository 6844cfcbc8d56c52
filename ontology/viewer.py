"""Who is asking, and what they may see."""

from __future__ import annotations

from dataclasses import dataclass

LEVELS = ("公开数据", "内部数据", "敏感数据", "核心数据")
"""Security levels, lowest first (G 6.2.2)."""

ROLES = ("reader", "editor", "admin")
"""What one may do, each also what those before may: read; write; confirm what would
withdraw much."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A reader: cleared up to a level, member of departments, holder of roles."""

    name: str
    clearance: str = LEVELS[-1]
    departments: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    personal: bool = True  # may see personal data such as a contact's name

    @property
    def edits(self) -> bool:
        """Whether they may write."""
        return not self.roles.isdisjoint(ROLES[1:])

    @property
    def administers(self) -> bool:
        return "admin" in self.roles

    @property
    def rank(self) -> int:
        return LEVELS.index(self.clearance)

    @property
    def sees_all(self) -> bool:
        return self.rank == len(LEVELS) - 1


def rank_of(level: object) -> int:
    """The rank of a security level, from 0; one that is not in the list hides nothing."""
    return LEVELS.index(str(level)) if level in LEVELS else 0


LOCAL = Viewer("local", roles=frozenset(ROLES))
"""The viewer without configuration: sees and may do all, and the server stays on loopback."""

NOBODY = Viewer("nobody", clearance=LEVELS[0], personal=False)
"""Who has not signed in yet."""
