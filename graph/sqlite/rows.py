"""What a commit writes, table by table, in batches."""

from __future__ import annotations

from collections.abc import Iterable

from graph.sqlite.lexicon import listed
from graph.sqlite.merged import State, counts_of, remerge, states, tally, write_states
from graph.sqlite.step import Step
from graph.views import LIVING, PLACEHOLDER
from ontology.resource import Change, ResourceId, family_of


def write_claims(step: Step) -> list[Change]:
    """Close what is replaced or withdrawn, add what is said; the lines of the log."""
    db, source, now, numbers = step.db, step.changes.source, step.number, step.numbers
    id = step.lexicon.source_made(db, source)
    if step.own:
        closed = [(now, c.id) for n in step.changed if (c := step.own.get(numbers[n]))]
        db.executemany("UPDATE claim SET until = ? WHERE id = ?", closed)
    word = step.words({s.type for s in step.said})
    db.executemany(
        "INSERT INTO claim (resource, source, since, type, digest, body, denies) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (numbers[s.resource], id, now, word[s.type], s.digest, s.body, s.denies)
            for s in step.said
        ],
    )
    return [
        Change(now, n, "claim", source.name, s.digest.hex())
        if s is not None
        else Change(now, n, "withdraw", source.name, "")
        for n, s in step.changed.items()
    ]


def write_links(step: Step) -> None:
    """Close links no longer said and open new ones; a link restated unchanged lives on."""
    db, now, numbers = step.db, step.number, step.numbers
    source = step.lexicon.source_made(db, step.changes.source)
    word = step.words({link for s in step.said for link in s.shape[3]})
    said: list[_LinkRow] = [
        (numbers[s.resource], word[x.type], numbers[x.target], x.key, source, now, x.properties)
        for s in step.said
        for x in s.links
    ]
    if kept := _open_links(step):
        opened = []
        for row in said:
            same = row[0], source, *row[1:4]
            if kept.get(same, "") == row[6]:
                del kept[same]
            else:
                opened.append(row)
        said = opened
        db.executemany(
            "UPDATE link SET until = ? WHERE origin = ? AND source = ? AND type = ? "
            "AND target = ? AND key = ? AND until IS NULL",
            [(now, *same) for same in kept],
        )
    db.executemany(
        "INSERT INTO link (origin, type, target, key, source, since, properties) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        said,
    )


_LinkRow = tuple[int, int, int, str, int, int, str | None]


def _open_links(step: Step) -> dict[tuple[int, int, int, int, str], str | None]:
    """(origin, source, type, target, key) → properties, of the claims being replaced."""
    before = {n: own.source for n, own in step.own.items()}
    numbers = [n for name in step.changed if (n := step.numbers[name]) in before]
    if not numbers:
        return {}
    rows = step.db.execute(
        "SELECT origin, source, type, target, key, properties FROM link "
        "WHERE until IS NULL AND origin IN (SELECT value FROM json_each(?))",
        (listed(numbers),),
    )
    return {tuple(row): stored for *row, stored in rows if before[row[0]] == row[1]}


def write_identifiers(step: Step) -> None:
    db = step.db
    if step.own:
        known = [(step.numbers[name], name) for name in step.changed]
        old = [(n, c.source) for n, _ in known if (c := step.own.get(n))]
        db.executemany("DELETE FROM identifier WHERE resource = ? AND source = ?", old)
    source = step.lexicon.source_made(db, step.changes.source)
    named = [s for s in step.said if s.identifiers]
    word = step.words({scheme for s in named for scheme, _, _ in s.identifiers})
    db.executemany(
        "INSERT OR IGNORE INTO identifier (scheme, scope, value, resource, source) "
        "VALUES (?, ?, ?, ?, ?)",
        [
            (word[scheme], scope, value, step.numbers[s.resource], source)
            for s in named
            for scheme, scope, value in s.identifiers
        ],
    )


def write_uses(step: Step) -> None:
    """Remember what of the ontology is in use, so that none of it is taken away."""
    fresh = step.lexicon.unused(s.shape for s in step.said)
    step.db.executemany(
        "INSERT OR IGNORE INTO use (kind, name, owner) VALUES (?, ?, ?)",
        [(use.kind, use.name, use.owner) for use in fresh],
    )


def write_born(step: Step, *, settled: bool) -> set[int]:
    """Rows for new names. `settled`: no alias moves in this step, so the claim made on a name
    at its birth is its view at once. All others are placeholders until their claims are looked
    at. Gives the numbers of those that are done."""
    db, roots = step.db, step.ontology.families
    word = step.words({"", *roots.values()})
    views = _simple(step, step.born) if settled else {}
    nothing = word[""]
    empty = {f: State(word[root], nothing, PLACEHOLDER, 0, 0, 0) for f, root in roots.items()}
    rows = [
        (number := step.numbers[n], n, step.number, *(views.get(number) or empty[family_of(n)]))
        for n in step.born
    ]
    db.executemany(
        "INSERT INTO resource (number, name, born, type, level, state, changed, apart, weak) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    deltas = counts_of(db, step.lexicon, views.values())
    deltas["placeholder"] += len(rows) - len(views)
    tally(db, deltas)
    return set(views)


def write_views(step: Step, moved: set[int], done: set[int]) -> None:
    """Bring the views up to the claims: at once where one claim stands alone on its name
    and always did, by a merge elsewhere. `done`: those that are so already."""
    db = step.db
    touched = {number for name in step.changed if (number := step.numbers[name]) not in done}
    if not touched and not moved:
        return
    before = states(db, touched)
    alone = [
        name
        for name in step.changed
        if (number := step.numbers[name]) in touched
        and number not in moved
        and not before[number].apart
        and all(c == step.own.get(number) for c in step.open.get(number, ()))
    ]
    simple = _simple(step, alone)
    write_states(db, step.lexicon, {n: before[n] for n in simple}, simple)
    remerge(db, step.lexicon, step.ontology, moved | (touched - simple.keys()), step.number)


def _simple(step: Step, names: Iterable[ResourceId]) -> dict[int, State]:
    """What the rows of these names say where the claim of this step is all that is held."""
    said = [s for name in names if (s := step.changed.get(name)) is not None and not s.denies]
    roots = step.ontology.families
    kinds = [s.type or roots[family_of(s.resource)] for s in said]
    word = step.words({*kinds, *(s.level for s in said)})
    return {
        step.numbers[s.resource]: State(
            word[kind], word[s.level], LIVING, step.number, 0, int(s.weak)
        )
        for s, kind in zip(said, kinds, strict=True)
    }
