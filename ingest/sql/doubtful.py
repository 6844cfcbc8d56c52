"""Statements of a script that may change tables in a way that reading DDL does not follow.

Reading the DDL of a folder passes over what says nothing of tables, and over much else: a block,
a CALL, DROP SCHEMA. The gate may only pass over what is known to be harmless; a verb that is not
listed here is a doubt, be it misspelled or new.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ingest.sql.dialect import Dialect
from ingest.sql.names import phrases
from ingest.sql.parse import problem_with
from ingest.sql.script import Statement, later, pieces
from ontology.problem import Problem, Severity


def doubtful(text: str, dialect: Dialect, file: str) -> Iterator[Problem]:
    """One problem for each statement of which nobody can tell what it does to tables."""
    for piece in pieces(text, dialect):
        if not _harmless(piece, dialect):
            yield _problem(piece, file, Severity.ERROR)


def passed_over(text: str, dialect: Dialect, file: str) -> Iterator[Problem]:
    """The same as warnings, for who takes in what the scripts leave behind: without what
    touches rows alone, what runs only when it is called, and conditions, whose statements are
    read, unless they are put together as text."""
    for piece in pieces(text, dialect):
        if piece.routine == "stored" or _ON_ROWS.match(piece.text):
            continue
        if _CONDITION.match(piece.text) and not _DYNAMIC.search(piece.text):
            continue
        if not _harmless(piece, dialect):
            yield _problem(piece, file, Severity.WARNING)


def _problem(piece: Statement, file: str, severity: Severity) -> Problem:
    return problem_with(
        piece,
        file,
        f"不知道这条语句对表做什么 cannot tell what this does to tables: {piece.head}",
        "改写为普通 DDL，或请人审核 write it as plain DDL, or have it reviewed",
        severity,
    )


def _harmless(statement: Statement, dialect: Dialect) -> bool:
    text = _CLIENT.sub("", statement.text)
    if not text:
        return True
    if statement.routine == "stored":  # it runs when it is called, and a CALL is a doubt
        return not _INSIDE.search(_STORED.sub("", text, count=1))
    if _ALTERS.match(statement.text) or _FOLLOWED.match(statement.text):
        beside = dialect.grammar == "tsql" and later(text, _TABLES, dialect, beside=True)
        return not beside and not _PARTS.search(text) and not later(text, _UNCUT, dialect)
    if not _SILENT.match(text) or (_ROWS.match(text) and _calls(text)):
        return False
    beside = dialect.grammar == "tsql" and not _RIGHTS.match(text)
    return not later(text, _ANY, dialect) and not (
        beside and later(text, _ANY, dialect, beside=True)
    )


def _calls(text: str) -> bool:
    """Whether a statement on rows calls what may do more than compute."""
    plain = _INTO.sub("INTO ", _TEXT.sub("''", text))
    return bool(_QUOTED_CALL.search(plain)) or any(
        call.upper() not in _FUNCTIONS for call in _CALL.findall(plain)
    )


_I: Final = re.IGNORECASE
_ON_ROWS: Final = re.compile(r"(?:DELETE|TRUNCATE|MERGE|WITH|INSERT|UPDATE|REPLACE|VALUES)\b", _I)
_CONDITION: Final = re.compile(r"(?:IF|ELSE|BEGIN|END|WHILE|DECLARE|DO)\b", _I)
_DYNAMIC: Final = re.compile(
    r"\bEXECUTE\s+(?:IMMEDIATE|format|')|\bEXEC(?:UTE)?\s*\(|\bsp_executesql\b", _I
)
_CLIENT: Final = re.compile(
    r"\A(?:\\(?:restrict|unrestrict|echo|qecho|encoding|timing|pset)\b[^\n]*(?:\n\s*|\Z))+", _I
)
"""Commands to psql that only say how it talks."""
_NAME: Final = r"""(?:(?:"[^"]*"|`[^`]*`|\[[^\]]*\]|[^\s"`\[.(]+)\s*(?:\.\s*|(?=\s)|\*))+"""
_ALTERS: Final = re.compile(
    r"ALTER\s+(?:FOREIGN\s+)?TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?" + _NAME + r"\s*"
    r"(?:WITH\s+(?:NO)?CHECK\s+)?(?:ADD|MODIFY|CHANGE|ALTER|DROP|RENAME|COMMENT|SET|REPLACE|OWNER"
    r"|ENABLE|DISABLE|CHECK|NOCHECK|ENGINE|AUTO_INCREMENT|CONVERT|CHARACTER|DEFAULT|COLLATE"
    r"|ROW_FORMAT|CLUSTER|REPLICA|VALIDATE|FORCE)\b",
    _I,
)
"""Actions that are read, or that say nothing of columns."""
_PARTS: Final = re.compile(
    r"\b(?:(?:DROP|TRUNCATE|EXCHANGE|DETACH|ATTACH)\s+(?:IF\s+EXISTS\s+)?(?:SUB)?PARTITION|SWITCH)\b",
    _I,
)
_FOLLOWED: Final = re.compile(
    r"CREATE\s+(?:\S+\s+){0,8}?(?:TABLE|VIEW)\b|DROP\s+(?:TABLE|VIEW|MATERIALIZED\s+VIEW)\b"
    r"|ALTER\s+(?:MATERIALIZED\s+)?VIEW\s+(?:IF\s+EXISTS\s+)?"
    + _NAME
    + r"\s*(?:RENAME|OWNER|SET)\b"
    r"|ALTER\s+SESSION\s+SET\b|RENAME\s|COMMENT\s+ON\b|USE\s"
    r"|EXEC(?:UTE)?\s+(?:sys\.)?sp_(?:(?:add|update)extendedproperty|rename)\b",
    _I,
)
"""What reading the DDL takes in."""
_SILENT: Final = re.compile(
    r"(?:SELECT|VALUES|INSERT|UPDATE|GRANT|REVOKE|DENY|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|ANALYZE|VACUUM"
    r"|REINDEX|LOCK|UNLOCK|SHOW|DESC|DESCRIBE|PRINT|PROMPT|SPOOL|REM|WHENEVER|EXIT|QUIT|CHECKPOINT"
    r"|FLUSH|OPTIMIZE|RESET|GO|PRAGMA\s+foreign_keys|COPY|LOAD\s+DATA|REFRESH|MSCK)\b"
    r"|REPLACE\s+INTO\b|SET\s+(?!(?:LOCAL|SESSION)\s+(?:SCHEMA|search_path)\b)"
    r"|(?:BEGIN|END)(?:\s+(?:TRAN(?:SACTION)?|WORK)\b.*)?\Z|START\s+TRANSACTION\b"
    r"|EXPLAIN\s+(?!\(?\s*ANALY[SZ]E)"
    r"|CREATE\s+(?:OR\s+REPLACE\s+)?(?:UNIQUE\s+|BITMAP\s+|FULLTEXT\s+|SPATIAL\s+|CLUSTERED\s+"
    r"|NONCLUSTERED\s+|PUBLIC\s+)*(?:INDEX|SEQUENCE|SCHEMA|DATABASE|TYPE|DOMAIN|EXTENSION|ROLE|USER"
    r"|LOGIN|POLICY|STATISTICS|TABLESPACE|COLLATION)\b"
    r"|ALTER\s+(?:INDEX|SEQUENCE|ROLE|USER|DEFAULT\s+PRIVILEGES|POLICY|LOGIN)\b"
    r"|DROP\s+(?:INDEX|SEQUENCE|TYPE|DOMAIN|TRIGGER|FUNCTION|PROCEDURE|PROC|POLICY|ROLE|LOGIN"
    r"|STATISTICS)\b(?!.*\bCASCADE\b)",
    _I | re.DOTALL,
)
"""What leaves tables, columns and views as they are. Rows are not judged: INSERT and UPDATE pass;
what takes rows away (DELETE, TRUNCATE, MERGE) does not."""
_STORED: Final = re.compile(
    r"(?:CREATE|ALTER)\s+(?:OR\s+(?:REPLACE|ALTER)\s+)?|EXECUTE\s+(?:FUNCTION|PROCEDURE)\b", _I
)
_INSIDE: Final = re.compile(
    r"\b(?:CREATE|ALTER|DROP|TRUNCATE|RENAME|EXEC|CALL|PERFORM"
    r"|EXECUTE(?!\s+(?:FUNCTION|PROCEDURE|ON)\b))\b",
    _I,
)
_ROWS: Final = re.compile(r"(?:SELECT|VALUES|INSERT|UPDATE|REPLACE)\b", _I)
_RIGHTS: Final = re.compile(r"(?:GRANT|REVOKE|DENY)\b", _I)
_INTO: Final = re.compile(
    r"\b(?:INTO|OVERWRITE)\s+(?:TABLE\s+)?(?:(?:\"[^\"]*\"|`[^`]*`|\[[^\]]*\]|[\w$#]+)\s*\.?\s*)+"
    r"(?=\()",
    _I,
)
"""The table that rows go into, with its columns behind: no call."""
_QUOTED_CALL: Final = re.compile(r"[\"`\]]\s*\(")
_TEXT: Final = re.compile(r"'(?:[^']|'')*'")
_CALL: Final = re.compile(r"([^\W\d]\w*)\s*\(")
_FUNCTIONS: Final = phrases(
    "SETVAL|SET_CONFIG|NEXTVAL|CURRVAL|COALESCE|MAX|MIN|COUNT|SUM|AVG|CONCAT|NOW|"
    "CURRENT_TIMESTAMP|CURRENT_DATE|CAST|CONVERT|SUBSTRING|SUBSTR|LEFT|RIGHT|REPLACE|IF|NULLIF|"
    "UUID|UUID_SHORT|GEN_RANDOM_UUID|UUID_GENERATE_V4|NEWID|SYS_GUID|MD5|SHA1|SHA2|ABS|MOD|FLOOR|"
    "CEIL|LPAD|RPAD|DATE_ADD|DATE_SUB|CURDATE|GETDATE|SYSDATE|DATEDIFF|STR_TO_DATE|TO_TIMESTAMP|"
    "EXTRACT|POSITION|LAST_INSERT_ID|GROUP_CONCAT|STRING_AGG|CONFLICT|SET|INTO|"
    "NVL|IFNULL|ISNULL|GREATEST|LEAST|LOWER|UPPER|TRIM|LENGTH|TO_CHAR|"
    "TO_DATE|IN|VALUES|EXISTS|AND|OR|NOT|ON|FROM|WHERE|SELECT|AS|OVER|USING|ANY|ALL|WHEN|THEN|"
    "ELSE|BY|PG_GET_SERIAL_SEQUENCE|ROW_NUMBER|VERSION|OBJECT_ID|DB_ID|UNIX_TIMESTAMP|"
    "DATE_FORMAT|ROUND|VARCHAR|DECIMAL|CHAR|NUMERIC|TIMESTAMP|DATETIME|BINARY|UNHEX|UNION|WITH"
)
_ANY: Final = r"(?:CREATE|ALTER|DROP|RENAME|TRUNCATE|CALL|DELETE|MERGE|DO|EXEC|EXECUTE)\b|\\|@"
_TABLES: Final = (
    r"(?:CREATE|ALTER|DROP|TRUNCATE)\s+(?:TABLE|VIEW|SCHEMA|DATABASE|PROC|PROCEDURE)\b"
    r"|EXEC(?:UTE)?\b"
)
_UNCUT: Final = r"(?:ALTER|DROP)\s+(?:SCHEMA|DATABASE|OWNED|TYPE|USER)\b|TRUNCATE\b|CALL\b|\\|@"
"""What a further line may begin with: scripts of SQL Server, and commands to a client, go without
separators. What follows a statement on tables is cut off by the reader of DDL, save these."""
