"""Keep the view of a group where its claims changed: row, merged body, hidden links, tally."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from graph.form import pack_merged
from graph.identifiers import is_provisional
from graph.sqlite.group import Groups, gone_from, groups_of, held_by_group, stand_of
from graph.sqlite.lexicon import Lexicon, listed, names_of
from graph.views import LIVING, PROVISIONAL, counted, level_of, state_of
from ontology.merge import Merged, asserts, merge, standing, visible
from ontology.model import Ontology
from ontology.resource import Held, LinkKey, Source

LinkRow = tuple[int, int, int, str, int, int]
"""origin, type, target, key, source, since: what names a row of `link`."""


class State(NamedTuple):
    """What a row of `resource` says of its group."""

    type: int
    level: int
    state: int
    changed: int
    apart: int
    weak: int


def counts_of(db: sqlite3.Connection, lexicon: Lexicon, rows: Iterable[State]) -> Counter[str]:
    """How these rows are counted."""
    found: Counter[str] = Counter()
    alike = Counter((row.state, row.type, row.weak) for row in rows)
    for (state, kind, weak), count in alike.items():
        name = counted(state, lexicon.text(db, kind))
        if name is not None:
            found[name] += count
        found[PROVISIONAL] += weak * count
    return found


def tally(db: sqlite3.Connection, deltas: Mapping[str, int]) -> None:
    """Add to the counts."""
    db.executemany(
        "INSERT INTO tally (name, count) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET count = count + excluded.count",
        [(name, delta) for name, delta in deltas.items() if delta],
    )


def states(db: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, State]:
    """The rows of those names as they stand."""
    rows = db.execute(
        "SELECT number, type, level, state, changed, apart, weak FROM resource "
        "WHERE number IN (SELECT value FROM json_each(?))",
        (listed(numbers),),
    )
    return {number: State(*row) for number, *row in rows}


def write_states(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    before: Mapping[int, State],
    after: Mapping[int, State],
) -> None:
    """Put rows and counts to what they should be."""
    deltas = counts_of(db, lexicon, after.values())
    deltas.subtract(counts_of(db, lexicon, (before[number] for number in after)))
    db.executemany(
        "UPDATE resource SET type = ?, level = ?, state = ?, changed = ?, apart = ?, weak = ? "
        "WHERE number = ?",
        [(*row, number) for number, row in after.items()],
    )
    tally(db, deltas)


@dataclass(frozen=True, slots=True)
class View:
    """A group as it should be kept: its merge, the claims it was made of, what hides."""

    names: Sequence[int]
    merged: Merged
    held: Sequence[Held]
    hidden: frozenset[LinkRow]
    weak: bool

    @property
    def apart(self) -> bool:
        """Whether the one claim on the name is not the whole view."""
        return len(self.names) > 1 or len(self.held) > 1 or any(h.claim.denies for h in self.held)

    @property
    def stored(self) -> bool:
        """Whether several claims meet, so that the merge has a body of its own."""
        return len(self.held) > 1 and not self.merged.retired


def views(
    db: sqlite3.Connection, lexicon: Lexicon, ontology: Ontology, groups: Groups
) -> dict[int, View]:
    """What each group should look like now, computed from its claims."""
    held = held_by_group(db, lexicon, groups, None)
    numbers = [n for names in groups.values() for n in names]
    ids, links = names_of(db, numbers), _open_links(db, lexicon, numbers)
    found = {}
    for of, names in groups.items():
        claims = held[of]
        alone = not any(asserts(h.claim) for h in claims)
        gone = gone_from(db, lexicon, names, None) if alone else ()
        shown = visible(claims) if any(n in links for n in names) else {}
        hidden = [
            row
            for number in names
            for row, key, source in links.get(number, ())
            if (best := shown.get((ids[number], key))) is None or best[0].source != source
        ]
        found[of] = View(
            names,
            merge(ids[of], claims, ontology, gone=gone),
            claims,
            frozenset(hidden),
            is_provisional((h.claim for h in standing(claims)), ontology),
        )
    return found


def _open_links(
    db: sqlite3.Connection, lexicon: Lexicon, names: Sequence[int]
) -> dict[int, list[tuple[LinkRow, LinkKey, Source]]]:
    """Name → the open rows of `link` at it, with what they mean and who says so."""
    found: dict[int, list[tuple[LinkRow, LinkKey, Source]]] = defaultdict(list)
    for origin, kind, target, key, source, since, name in db.execute(
        "SELECT l.origin, l.type, l.target, l.key, l.source, l.since, r.name "
        "FROM link l JOIN resource r ON r.number = l.target "
        "WHERE l.until IS NULL AND l.origin IN (SELECT value FROM json_each(?))",
        (listed(names),),
    ):
        meant = LinkKey(lexicon.text(db, kind), name, key)
        row = origin, kind, target, key, source, since
        found[origin].append((row, meant, lexicon.source(db, source)))
    return found


def hidden_now(db: sqlite3.Connection, names: Iterable[int]) -> frozenset[LinkRow]:
    """Rows of `link` on these names that are marked as hidden now."""
    return frozenset(
        db.execute(
            "SELECT origin, type, target, key, source, link_since FROM hidden "
            "WHERE until IS NULL AND origin IN (SELECT value FROM json_each(?))",
            (listed(names),),
        )
    )


def remerge(
    db: sqlite3.Connection,
    lexicon: Lexicon,
    ontology: Ontology,
    numbers: Iterable[int],
    commit: int,
) -> None:
    """Merge the groups that these names now belong to, and keep what comes of it."""
    stand = stand_of(db, numbers, None)
    groups = groups_of(db, set(stand.values()), None)
    before = states(db, {n for names in groups.values() for n in names})
    found = views(db, lexicon, ontology, groups)
    after = {
        number: row_of(view, number == of, commit, partial(lexicon.made, db))
        for of, view in found.items()
        for number in view.names
    }
    _write_bodies(db, found)
    _write_hidden(db, found.values(), commit)
    write_states(db, lexicon, before, after)


def row_of(view: View, canonical: bool, commit: int, word: Callable[[str], int]) -> State:
    """The row of one name of a group."""
    state = state_of(view.merged, canonical)
    return State(
        type=word(view.merged.type),
        level=word(level_of(view.merged)),
        state=state,
        changed=commit,
        apart=int(view.apart),
        weak=int(state == LIVING and view.weak),
    )


def _write_bodies(db: sqlite3.Connection, found: Mapping[int, View]) -> None:
    names = [number for view in found.values() for number in view.names]
    db.execute(
        "DELETE FROM merged WHERE resource IN (SELECT value FROM json_each(?))", (listed(names),)
    )
    db.executemany(
        "INSERT INTO merged (resource, body, conflict) VALUES (?, ?, ?)",
        [
            (of, pack_merged(view.merged), bool(view.merged.conflicts))
            for of, view in found.items()
            if view.stored
        ],
    )


def _write_hidden(db: sqlite3.Connection, found: Collection[View], commit: int) -> None:
    now = hidden_now(db, [number for view in found for number in view.names])
    wanted = frozenset(row for view in found for row in view.hidden)
    db.executemany(
        "UPDATE hidden SET until = ? WHERE origin = ? AND type = ? AND target = ? AND key = ? "
        "AND source = ? AND link_since = ? AND until IS NULL",
        [(commit, *row) for row in now - wanted],
    )
    db.executemany(
        "INSERT INTO hidden (origin, type, target, key, source, link_since, since) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(*row, commit) for row in wanted - now],
    )
