"""What a commit writes, table by table, in batches."""

from __future__ import annotations

from graph.sqlite.lexicon import listed
from graph.sqlite.merged import LEVEL, State, remerge, states, tally, write_states
from graph.sqlite.schema import LIVING, PLACEHOLDER
from graph.sqlite.step import Step
from ontology.digest import canonical
from ontology.resource import Change, family_of


def write_claims(step: Step) -> list[Change]:
    """Close what is replaced or withdrawn, add what is said; the lines of the log."""
    db, source, now = step.db, step.changes.source, step.number
    id = step.lexicon.source_made(db, source)
    closed = [(now, c.id) for n in step.changed if (c := step.own.get(step.numbers[n]))]
    db.executemany("UPDATE claim SET until = ? WHERE id = ?", closed)
    made = step.lexicon.made
    db.executemany(
        "INSERT INTO claim (resource, source, since, type, digest, body, denies) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (step.numbers[n], id, now, made(db, s.claim.type or ""), s.digest, s.body, s.denies)
            for n, s in step.changed.items()
            if s is not None
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
    db, now = step.db, step.number
    source = step.lexicon.source_made(db, step.changes.source)
    kept = _open_links(step)
    opened = []
    for name, said in step.changed.items():
        origin = step.numbers[name]
        for link in said.claim.links if said else ():
            key = (step.lexicon.made(db, link.type), step.numbers[link.target], link.key)
            stored = canonical(link.properties).decode() if link.properties else None
            if kept.get((origin, source, *key), "") == stored:
                del kept[origin, source, *key]
            else:
                opened.append((origin, *key, source, now, stored))
    db.executemany(
        "UPDATE link SET until = ? WHERE origin = ? AND source = ? AND type = ? AND target = ? "
        "AND key = ? AND until IS NULL",
        [(now, *row) for row in kept],
    )
    db.executemany(
        "INSERT INTO link (origin, type, target, key, source, since, properties) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        opened,
    )


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
    db, made = step.db, step.lexicon.made
    old = [(n, c.source) for name in step.changed if (c := step.own.get(n := step.numbers[name]))]
    db.executemany("DELETE FROM identifier WHERE resource = ? AND source = ?", old)
    source = step.lexicon.source_made(db, step.changes.source)
    db.executemany(
        "INSERT OR IGNORE INTO identifier (scheme, scope, value, resource, source) "
        "VALUES (?, ?, ?, ?, ?)",
        [
            (made(db, scheme), scope, value, step.numbers[name], source)
            for name, said in step.changed.items()
            if said is not None
            for scheme, scope, value in said.identifiers
        ],
    )


def write_uses(step: Step) -> None:
    """Remember what of the ontology is in use, so that none of it is taken away."""
    fresh = {
        use
        for said in step.changed.values()
        if said is not None
        for use in step.lexicon.unused(said.claim)
    }
    step.db.executemany(
        "INSERT OR IGNORE INTO use (kind, name, owner) VALUES (?, ?, ?)",
        [(use.kind, use.name, use.owner) for use in fresh],
    )


def write_born(step: Step) -> None:
    """Rows for new names: placeholders until their claims are looked at."""
    if not step.born:
        return
    db, made, roots = step.db, step.lexicon.made, step.ontology.families
    nothing = made(db, "")
    db.executemany(
        "INSERT INTO resource (number, name, born, type, level, state, changed, apart, weak) "
        "VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0)",
        [
            (step.numbers[n], n, step.number, made(db, roots[family_of(n)]), nothing, PLACEHOLDER)
            for n in step.born
        ],
    )
    tally(db, {"placeholder": len(step.born)})


def write_views(step: Step, moved: set[int]) -> None:
    """Bring the views up to the claims: at once where one claim stands alone on its name
    and always did, by a merge elsewhere."""
    db, made = step.db, step.lexicon.made
    touched = {step.numbers[name]: said for name, said in step.changed.items()}
    before = states(db, touched)
    simple: dict[int, State] = {}
    for number, said in touched.items():
        others = any(c != step.own.get(number) for c in step.open.get(number, ()))
        alone = said is not None and not said.denies and not others and number not in moved
        if said is not None and alone and not before[number].apart:
            kind = said.claim.type or step.ontology.families[family_of(said.claim.resource)]
            level = str(said.claim.attributes.get(LEVEL, ""))
            words = made(db, kind), made(db, level)
            simple[number] = State(*words, LIVING, step.number, 0, int(said.weak))
    write_states(db, step.lexicon, {n: before[n] for n in simple}, simple)
    remerge(db, step.lexicon, step.ontology, moved | (touched.keys() - simple), step.number)
