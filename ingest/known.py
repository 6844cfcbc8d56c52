"""What a run has met so far, by name; so that a later sheet can speak of an earlier row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ontology.identity import fold_name
from ontology.resource import ResourceId, Value, family_of


@dataclass
class Known:
    """(family, folded name) → ids, and who mounts what."""

    _named: dict[tuple[str, str], dict[ResourceId, None]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    _mounted: dict[ResourceId, dict[ResourceId, None]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    _told: set[str] = field(default_factory=set)

    def add(self, id: ResourceId, names: Value | None) -> None:
        """`id` answers to these names."""
        for name in names if isinstance(names, tuple) else (names,):
            if isinstance(name, str):
                self._named[family_of(id), fold_name(name)][id] = None

    def tells(self, family: str) -> None:
        """This run has rows of the family itself: what they do not name is not there."""
        self._told.add(family)

    def is_told(self, family: str) -> bool:
        return family in self._told

    def one(self, family: str, name: str) -> ResourceId | None:
        """The only resource of that name, if there is just one."""
        found = self._named.get((family, fold_name(name)), {})
        return next(iter(found)) if len(found) == 1 else None

    def mount(self, entry: ResourceId, dataset: ResourceId) -> None:
        self._mounted[entry][dataset] = None

    def mounted(self, entry: ResourceId) -> ResourceId | None:
        """The only dataset that the entry mounts, if there is just one."""
        found = self._mounted.get(entry, {})
        return next(iter(found)) if len(found) == 1 else None
