"""Aliases as one commit has them: two places of one group are one resource to a walk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from graph.numbered import AliasInterval
from graph.reach.rows import FOREVER, Ints
from graph.reach.view import Groups


@dataclass(frozen=True, slots=True)
class Aliases:
    """All aliases there ever were, by store number: (name, of, since) → until."""

    intervals: Mapping[tuple[int, int, int], int] = field(default_factory=dict)

    def with_(self, told: Iterable[AliasInterval]) -> Aliases:
        """With these told as well; an interval told again has another end now."""
        newer = {(a.name, a.of, a.since): FOREVER if a.until is None else a.until for a in told}
        return Aliases({**self.intervals, **newer}) if newer else self

    def array(self) -> Ints:
        """As four numbers an alias, one after the other."""
        flat = [(*key, until) for key, until in self.intervals.items()]
        return np.array(flat, np.int32).reshape(-1)

    @staticmethod
    def of(flat: Ints) -> Aliases:
        rows = flat.reshape(-1, 4).tolist()
        return Aliases({(name, of, since): until for name, of, since, until in rows})

    def places(self, place: Ints) -> Ints:
        """The places that ever had aliases (`place` by store number). One that came while
        the record was read may have none yet; the next catching up gives it one."""
        numbers = {number for name, of, _ in self.intervals for number in (name, of)}
        found = place[[number for number in numbers if number < len(place)]]
        return found[found >= 0]

    def at(self, commit: int, place: Ints) -> Groups:
        """The groups at a commit, by place."""
        known = set(self.places(place).tolist())
        stands = {
            int(place[name]): int(place[of])
            for (name, of, since), until in self.intervals.items()
            if since <= commit < until and max(name, of) < len(place)
        }
        stands = {name: of for name, of in stands.items() if name in known and of in known}
        groups: dict[int, list[int]] = {}
        for name in sorted({*stands, *stands.values()}):
            seen, last = {name}, name
            while (following := stands.get(last, last)) not in seen:
                seen.add(following)
                last = following
            groups.setdefault(last, []).append(name)
        pairs = sorted((name, head) for head, names in groups.items() for name in names)
        lengths = [len(groups[head]) for _, head in pairs]
        members = [name for _, head in pairs for name in groups[head]]
        return Groups(
            np.array([name for name, _ in pairs], np.int32),
            np.array([head for _, head in pairs], np.int32),
            np.concatenate([[0], np.cumsum(np.array(lengths, np.int64))]).astype(np.int64),
            np.array(members, np.int32),
        )
