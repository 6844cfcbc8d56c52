"""What the database keeps, and the constraints and indexes over it (Community features only).

Names of our own begin with an underscore; those without come from the ontology, where no
name can begin so.

(:_Resource:Table:Dataset…)   every name ever seen, labelled with the class of its group and
        all above it. name, number, born (commit); of its group: type, level, state
        (graph/views.py), retired, weak, changed (last commit that touched it); touched, the
        greater of born and changed. On the name that readers see: view (attributes, sources,
        conflicts), names (its further names), conflict (true or absent).
-[:derivedFrom …]->           one *visible* link over one interval, between the names as
        claimed: key, source, rank, said (commit since which that source claims it
        unchanged), since, until, properties (JSON); derivation, complete, job (a number), literals
        beside them for the reach index.
-[:_STANDS_FOR]->             name of an alias → name that readers see; since, until.
-[:_ALIAS]->                  what a source says of an alias: source, rank, denied, since, until.
-[:_SAID]->(:_Claim)          what a source said of that name: id (in order), source, rank,
        since, until (absent: holds), type, digest, body, denies, links (JSON, each with the
        commit since which it is claimed unchanged). Purged: no body.
(:_Claim)-[:_CARRIES]->(:_Identifier)    key is the digest of scheme, scope and value.
(:_Commit)                    the log; `lines` are those that no claim tells (aliases, purges).
(:_Head)                      locked first by every writer: number, names, claims, counts.
(:_Use)                       what of the ontology is in use. (:_Run), (:_Scope)-[:_SAW]->().
"""

from __future__ import annotations

FORM = 1
"""Of all the above; another form needs a step of its own."""

UNIQUE = (
    ("_Head", "id"),
    ("_Resource", "name"),
    ("_Resource", "number"),
    ("_Commit", "number"),
    ("_Commit", "key"),
    ("_Commit", "token"),
    ("_Identifier", "key"),
    ("_Use", "key"),
    ("_Run", "id"),
    ("_Scope", "key"),
)
INDEXED = (
    ("_Resource", "touched"),
    ("_Resource", "conflict", "name"),
    ("_Commit", "at"),
    ("_Claim", "since"),
    ("_Claim", "until"),
)


def statements() -> dict[str, str]:
    """Name of each constraint or index → the statement that makes it."""
    made = {}
    for label, key in UNIQUE:
        name = f"mulu{label}_{key}"
        made[name] = (
            f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{key} IS UNIQUE"
        )
    for label, *keys in INDEXED:
        name = f"mulu{label}_{'_'.join(keys)}"
        over = ", ".join(f"n.{key}" for key in keys)
        made[name] = f"CREATE INDEX {name} IF NOT EXISTS FOR (n:{label}) ON ({over})"
    return made
