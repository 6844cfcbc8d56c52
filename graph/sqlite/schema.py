"""Tables of the record, and why each is as it is.

Ids are numbers everywhere but in `resource`; class names, link types and levels are
numbers of `word`. Intervals are commits: `since` included, `until` not, NULL still holds.

resource   every name ever seen. `state` (graph/views.py) and `type` are those of the group
           it stands for; `changed` is the last commit that touched the group; `apart` = 0
           says that the one open claim on this very name is the view; `weak` = 1 that only
           weak identifiers name it.
claim      what one source said of one name, over one interval. The body holds the
           attributes; links are rows of `link`. Purged: `body` is NULL. Rows are added in
           order of commit, so a commit's claims are a range of ids.
link       links of claims, by number. A row lives on while the claim restates it unchanged.
hidden     when a row of `link` was not shown: denied, beaten, or its resource retired.
           Rare, so that visible links need no rows of their own.
alias      claims that one name stands for another; `standin` is what follows from them,
           chains flattened; `called` are the log's lines about them.
merged     the view where several claims meet; elsewhere the claim is the view.
tally      living resources by class, placeholders, retired: counted as they change.
"""

from __future__ import annotations

import sqlite3

from ontology.errors import OntologyError

VERSION = 1

DDL = """
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE source (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, rank INTEGER NOT NULL, UNIQUE (name, rank));
CREATE TABLE resource (
  number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, born INTEGER NOT NULL,
  type INTEGER NOT NULL, level INTEGER NOT NULL, state INTEGER NOT NULL,
  changed INTEGER NOT NULL, apart INTEGER NOT NULL, weak INTEGER NOT NULL);
CREATE TABLE log (
  number INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, source TEXT NOT NULL,
  reason TEXT NOT NULL, changes INTEGER NOT NULL, content TEXT NOT NULL, parent TEXT NOT NULL,
  hash TEXT NOT NULL, key TEXT, last_claim INTEGER NOT NULL, last_resource INTEGER NOT NULL);
CREATE UNIQUE INDEX log_key ON log (key) WHERE key IS NOT NULL;
CREATE INDEX log_at ON log (at);
CREATE TABLE claim (
  id INTEGER PRIMARY KEY, resource INTEGER NOT NULL, source INTEGER NOT NULL,
  since INTEGER NOT NULL, until INTEGER, type INTEGER NOT NULL, digest BLOB NOT NULL,
  body TEXT, denies TEXT);
CREATE INDEX claim_of ON claim (resource, until);
CREATE INDEX claim_ended ON claim (until) WHERE until IS NOT NULL;
CREATE TABLE link (
  origin INTEGER NOT NULL, type INTEGER NOT NULL, target INTEGER NOT NULL, key TEXT NOT NULL,
  source INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER, properties TEXT,
  PRIMARY KEY (origin, type, target, key, source, since)) WITHOUT ROWID;
CREATE INDEX link_back ON link (target, type, origin, key, source, since, until);
CREATE INDEX link_ended ON link (until) WHERE until IS NOT NULL;
CREATE TABLE hidden (
  origin INTEGER NOT NULL, type INTEGER NOT NULL, target INTEGER NOT NULL, key TEXT NOT NULL,
  source INTEGER NOT NULL, link_since INTEGER NOT NULL,
  since INTEGER NOT NULL, until INTEGER,
  PRIMARY KEY (origin, type, target, key, source, link_since, since)) WITHOUT ROWID;
CREATE INDEX hidden_since ON hidden (since);
CREATE INDEX hidden_ended ON hidden (until) WHERE until IS NOT NULL;
CREATE TABLE alias (
  id INTEGER PRIMARY KEY, name INTEGER NOT NULL, of INTEGER NOT NULL, source INTEGER NOT NULL,
  denied INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER);
CREATE INDEX alias_name ON alias (name, until);
CREATE INDEX alias_of ON alias (of, until);
CREATE TABLE called (
  number INTEGER NOT NULL, name INTEGER NOT NULL, action TEXT NOT NULL, digest BLOB NOT NULL);
CREATE INDEX called_number ON called (number);
CREATE TABLE standin (
  name INTEGER NOT NULL, of INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER,
  PRIMARY KEY (name, since)) WITHOUT ROWID;
CREATE INDEX standin_of ON standin (of, until);
CREATE TABLE merged (
  resource INTEGER PRIMARY KEY, body TEXT NOT NULL, conflict INTEGER NOT NULL);
CREATE INDEX merged_conflict ON merged (resource) WHERE conflict;
CREATE TABLE identifier (
  scheme INTEGER NOT NULL, scope TEXT NOT NULL, value TEXT NOT NULL,
  resource INTEGER NOT NULL, source INTEGER NOT NULL,
  PRIMARY KEY (scheme, value, scope, resource, source)) WITHOUT ROWID;
CREATE INDEX identifier_of ON identifier (resource, source);
CREATE TABLE tally (name TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE use (
  kind TEXT NOT NULL, name TEXT NOT NULL, owner TEXT NOT NULL,
  PRIMARY KEY (kind, name, owner)) WITHOUT ROWID;
CREATE TABLE purge (
  number INTEGER NOT NULL, resource INTEGER NOT NULL,
  PRIMARY KEY (number, resource)) WITHOUT ROWID;
CREATE TABLE run (
  id TEXT PRIMARY KEY, source TEXT NOT NULL, scope TEXT NOT NULL, started TEXT NOT NULL,
  finished TEXT, complete INTEGER NOT NULL, seen INTEGER NOT NULL, problems INTEGER NOT NULL,
  cursor TEXT NOT NULL, number INTEGER NOT NULL UNIQUE);
CREATE TABLE scope (
  id INTEGER PRIMARY KEY, source TEXT NOT NULL, scope TEXT NOT NULL, UNIQUE (source, scope));
CREATE TABLE sighting (
  scope INTEGER NOT NULL, resource INTEGER NOT NULL, run INTEGER NOT NULL,
  PRIMARY KEY (scope, resource)) WITHOUT ROWID;
"""


def is_created(db: sqlite3.Connection) -> bool:
    """Whether the tables are there. Raises OntologyError for those of a newer mulu."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise OntologyError(
            f"数据文件由更新的版本写成 / the file is of a newer mulu (form {version}, this one "
            f"knows {VERSION}). Use that version, or a copy made for this one."
        )
    return bool(version)


def create(db: sqlite3.Connection) -> None:
    """Make the tables, inside the caller's transaction, unless another process just has."""
    if not is_created(db):
        for statement in DDL.split(";\n"):
            if statement.strip():
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {VERSION}")
