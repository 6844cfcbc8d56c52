"""Cutting a script into statements, each with its line.

A script is cut at its separators only (`;`, `GO`, `/`, MySQL's own DELIMITER) outside comments,
strings and quoted names; one regular expression walks the text, so that the size of a file costs
linear time. Bodies of procedures are cut in the same way: what is left of their control words is
dropped, so that the INSERTs inside are found like any other, in every dialect.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from typing import Final, Literal

from ingest.sql.dialect import Dialect
from ingest.sql.names import phrases

Routine = Literal["", "block", "stored"]
"""Procedural code: run as it stands, or stored as a procedure, function, trigger."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as written, without leading comments. `line` counts from 1.

    `verb` is its first word in upper case; `routine` tells that it stands in procedural code, where
    SELECT … INTO fills variables. `cursor` is the name under which procedural code goes on with the
    rows of a query (FOR r IN (SELECT …), CURSOR c IS SELECT …); then the text is the query, or the
    name of another cursor.
    """

    text: str
    line: int
    verb: str
    routine: Routine = ""
    cursor: str = ""

    @property
    def head(self) -> str:
        """Its first words, for messages."""
        return re.sub(r"\s+", " ", self.text[:200]).strip()[:80]

    @property
    def digest(self) -> str:
        """Of the whole text, however it is broken into lines."""
        return sha256(" ".join(self.text.split()).encode()).hexdigest()


VERBS: Final = phrases(
    "SELECT|WITH|INSERT|REPLACE|UPDATE|MERGE|DELETE|TRUNCATE|CREATE|ALTER|DROP|COMMENT|"
    "RENAME|USE|FROM|CACHE|COPY|LOAD|EXEC|EXECUTE|CALL|ANALYZE"
)
"""Verbs that say something about tables. FROM opens Hive's multiple insert."""

SILENT: Final = phrases(
    "SET|GRANT|REVOKE|COMMIT|ROLLBACK|SAVEPOINT|START|LOCK|UNLOCK|SHOW|DESC|DESCRIBE|EXPLAIN|"
    "REFRESH|MSCK|ADD|LIST|REINDEX|VACUUM|PRAGMA|ATTACH|DETACH|PROMPT|SPOOL|WHENEVER|EXIT|"
    "QUIT|PRINT|RETURN|FETCH|OPEN|CLOSE|DEALLOCATE|RAISERROR|THROW|CHECKPOINT|FLUSH|OPTIMIZE|"
    "UNCACHE|RESET|DISCARD|NOTIFY|LISTEN|PREPARE|REM|DEFINE|UNDEFINE|ACCEPT|SHUTDOWN|PURGE|"
    "KILL|REPAIR|DELIMITER|CONNECT|DISCONNECT|ABORT|RELEASE|DENY|SOURCE"
)
"""Verbs that say nothing about tables or columns."""

_CONTROL: Final = phrases(
    "BEGIN|END|IF|ELSE|ELSIF|ELSEIF|WHILE|LOOP|FOR|THEN|EXCEPTION|WHEN|DECLARE|DO|CASE|"
    "REPEAT|UNTIL|LEAVE|ITERATE|GOTO|NULL|CURSOR|PROCEDURE|FUNCTION|TRIGGER|PACKAGE|BODY|"
    "RAISE|PERFORM|ITERATE|CONTINUE|BREAK"
)
_STORED: Final = re.compile(
    r"CREATE\s+(?:OR\s+(?:REPLACE|ALTER)\s+)?(?:DEFINER\s*=\s*\S+\s+)?(?:AGGREGATE\s+)?"
    r"(?:NON)?(?:EDITIONABLE\s+)?(?:PROC|PROCEDURE|FUNCTION|TRIGGER|PACKAGE|EVENT)\b"
    r"|ALTER\s+(?:PROC|PROCEDURE|FUNCTION)\b|(?:PROCEDURE|FUNCTION)\b",
    re.IGNORECASE,
)
_BLOCK: Final = re.compile(
    r"(?:DECLARE|DO)\b|BEGIN\b(?!\s*(?:;|$|TRAN|WORK))",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W\d]\w*")
_NEST: Final = r"(?P<word>\b(?:BEGIN|CASE|END(?:\s+(?:IF|LOOP|WHILE|REPEAT|TRY|CATCH))?)\b)"
_INSIDE: Final = (
    r"(?P<open>\()|(?P<close>\))|(?P<verb>\b(?:INSERT\s+(?:/\*.*?\*/\s*)?(?:INTO|OVERWRITE|ALL)|REPLACE\s+INTO|MERGE\s+INTO|MERGE"
    r"|UPDATE\s+(?!OF\b|ON\b|OR\b|SET\b)[\w\"\[`]|DELETE\s+FROM|TRUNCATE\s+TABLE"
    r"|CREATE\s+(?:\w+\s+){0,3}?(?:TABLE|VIEW)|SELECT|WITH\s+\w+\s+AS\s*\())"
)


def split(text: str, dialect: Dialect) -> Iterator[Statement]:
    """The statements of a script that say something, in order."""
    if dialect.grammar == "mysql":
        text = _VERSIONED.sub(_unwrap, text)
    yield from _statements(text, dialect, 1)


_VERSIONED: Final = re.compile(r"/\*!\d{0,6}(.*?)\*/", re.DOTALL)


def _unwrap(match: re.Match[str]) -> str:
    """MySQL runs what stands in /*!50001 … */; positions are kept."""
    before = match.start(1) - match.start()
    return " " * before + match[1] + "  "


def pieces(text: str, dialect: Dialect) -> Iterator[Statement]:
    """Everything between separators as it stands, also what says nothing of tables."""
    if dialect.grammar == "mysql":
        text = _VERSIONED.sub(_unwrap, text)
    for piece, line, routine, _ in _parts(text, dialect, 1):
        word = _WORD.match(piece)
        yield Statement(piece, line, word[0].upper() if word else "", routine)


def later(text: str, verbs: str, dialect: Dialect, *, beside: bool = False) -> bool:
    """Whether a line after the first begins with one of these (a regular expression), outside
    strings and comments; `beside`: whether one goes on with something of these."""
    begin = r"(?<=[^\s(,.])[ \t]+" if beside else r"^[ \t]*"
    marks = _marks(dialect, extra=rf"(?P<verb>{begin}(?:{verbs}))")
    return any(m.lastgroup == "verb" and m.start() for m in marks.finditer(text))


def _statements(
    text: str, dialect: Dialect, first: int, inside: Routine = ""
) -> Iterator[Statement]:
    for piece, line, routine, opens in _parts(text, dialect, first, inside):
        yield from _emit(piece, line, dialect, routine, opens)


def _parts(
    text: str, dialect: Dialect, first: int, inside: Routine = ""
) -> Iterator[tuple[str, int, Routine, bool]]:
    """(piece, line, the routine that it stands in, whether it opens that)."""
    newlines = [match.start() for match in re.finditer("\n", text)]
    routine, depth = inside, 0
    for start, end, closing in _pieces(text, dialect):
        code = _skip_blank(text, start, end, dialect)
        piece = text[code:end].rstrip()
        if piece:
            opens = _opened(piece)
            routine = routine if routine == "stored" else opens or routine
            line = first + bisect_right(newlines, code - 1)
            yield piece, line, routine, bool(opens)
            if routine:
                depth = max(0, depth + _nesting(piece, dialect))
                if not depth and (
                    re.match(r"END\b", piece, re.IGNORECASE) or _whole(piece, dialect)
                ):
                    routine = inside
        if closing:
            routine, depth = inside, 0


def _whole(piece: str, dialect: Dialect) -> bool:
    """Whether a piece that opens a routine is all of it: its body is a string, or elsewhere."""
    return dialect.dollar and bool(
        _opened(piece)
        and (
            _DOLLAR.search(piece) or re.search(r"\bEXECUTE\s+(?:FUNCTION|PROCEDURE)\b", piece, re.I)
        )
    )


def _opened(piece: str) -> Routine:
    """The procedural code that a piece begins, if any."""
    if _STORED.match(piece):
        return "stored"
    return "block" if _BLOCK.match(piece) else ""


def _pieces(text: str, dialect: Dialect) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether a routine ends here at the latest) between separators."""
    start = position = 0
    delimiter = ""
    while match := _marks(dialect, delimiter).search(text, position):
        position = match.end()
        if match.lastgroup == "end":
            yield start, match.start(), False
        elif match.lastgroup == "batch":
            yield start, match.start(), True
        elif match.lastgroup == "delimiter":
            yield start, match.start(), True
            word = match["delimiter"].split()[1]
            delimiter = "" if word == ";" else word
        else:
            continue
        start = position
    yield start, len(text), True


@lru_cache(maxsize=128)
def _marks(
    dialect: Dialect, delimiter: str = "", extra: str = "", *, first: bool = False
) -> re.Pattern[str]:
    """What matters when walking a text: separators (or `extra`), and what hides them (`skip`)."""
    blank_after = r"(?=\s|\Z)" if dialect.grammar == "mysql" else ""
    hidden = [r"/\*.*?(?:\*/|\Z)", rf"--{blank_after}[^\n]*"]
    if dialect.hash_comment:
        hidden.append(r"#[^\n]*")
    if dialect.q_quote:
        hidden.append(r"\bN?Q'(?:\[.*?\]|\{.*?\}|\(.*?\)|<.*?>|(?P<mark>\S).*?(?P=mark))'")
    if dialect.dollar:
        hidden.append(r"(?P<tag>\$\w*\$).*?(?:(?P=tag)|\Z)")
        hidden.append(r"\b[eE]'(?:[^'\\]|\\.|'')*'")
    hidden.append(r"'(?:[^'\\]|\\.|'')*'" if dialect.backslash else r"'(?:[^']|'')*'")
    escaped = dialect.backslash and dialect.double_quoted_text
    hidden.append(r'"(?:[^"\\]|\\.|"")*"' if escaped else r'"(?:[^"]|"")*"')
    if dialect.backtick:
        hidden.append(r"`[^`]*`")
    if dialect.bracket:
        hidden.append(r"\[[^\]\n]*\]")
    parts = [f"(?P<skip>{'|'.join(hidden)})"]
    if extra:
        parts.insert(0 if first else 1, extra)
    else:
        parts.append("(?P<end>;)")
        if dialect.grammar == "mysql":
            parts.append(r"(?P<delimiter>^[ \t]*DELIMITER[ \t]+\S+)")
        if delimiter:
            parts.append(f"(?P<batch>{re.escape(delimiter)})")
        elif dialect.grammar == "tsql":
            parts.append(r"(?P<batch>^[ \t]*GO(?:[ \t]+\d+)?[ \t]*\r?$)")
        elif dialect.q_quote:
            parts.append(r"(?P<batch>^[ \t]*/[ \t]*\r?$)")
    return re.compile("|".join(parts), re.DOTALL | re.MULTILINE | re.IGNORECASE)


def _skip_blank(text: str, start: int, end: int, dialect: Dialect) -> int:
    """The first position that is neither blank nor comment."""
    comment = _comment(dialect)
    while (match := comment.match(text, start, end)) and match.end() > start:
        start = match.end()
    return start


@lru_cache(maxsize=64)
def _comment(dialect: Dialect) -> re.Pattern[str]:
    marks = r"\s+|--[^\n]*|/\*.*?(?:\*/|\Z)" + (r"|#[^\n]*" if dialect.hash_comment else "")
    return re.compile(f"(?:{marks})", re.DOTALL)


def _emit(
    piece: str, line: int, dialect: Dialect, routine: Routine, opens: bool
) -> Iterator[Statement]:
    """What one piece says: itself, or in a routine what follows its control words."""
    word = _WORD.match(piece.lstrip("("))
    verb = word[0].upper() if word else ""
    if opens and dialect.dollar and (body := _DOLLAR.search(piece)):
        inner = line + piece.count("\n", 0, body.start("body"))
        yield from _statements(body["body"], dialect, inner, routine)
        return
    if verb in VERBS and not opens:
        yield Statement(piece, line, verb, routine)
    elif routine or verb in _CONTROL:
        yield from _cursors(piece, line, dialect, routine or "block")
        at = None if _DECLARED.search(piece) else _inner_verb(piece, dialect)
        if at is not None:
            first = _WORD.match(piece, at)
            line += piece.count("\n", 0, at)
            yield Statement(piece[at:], line, first[0].upper() if first else "", routine or "block")
    elif verb not in SILENT or (verb == "SET" and _SET_HOME.match(piece)):
        yield Statement(piece, line, verb)


_CURSOR: Final = (
    r"(?P<cursor>\bFOR\s+(?P<row>\w+)\s+IN\s+(?:(?P<of>\w+)\s+LOOP\b|\((?=\s*(?:SELECT|WITH)\b))"
    r"|\bCURSOR\s+(?P<named>\w+)\s*(?:\([^()]*\)\s*)?(?:IS|AS|FOR)(?=\s+(?:SELECT|WITH)\b)"
    r"|\b(?P<before>\w+)\s+CURSOR\s+(?:\w+\s+)*?FOR(?=\s+(?:SELECT|WITH)\b))"
)
_DECLARED: Final = re.compile(r"\bCURSOR\b", re.IGNORECASE)


def _cursors(piece: str, line: int, dialect: Dialect, routine: Routine) -> Iterator[Statement]:
    """The queries that loops and cursors of a piece go over."""
    for match in _marks(dialect, extra=_CURSOR).finditer(piece):
        name = next((match[group] for group in ("row", "named", "before") if match[group]), "")
        if match.lastgroup != "cursor" or not name:
            continue
        at = line + piece.count("\n", 0, match.end())
        if match["of"]:
            yield Statement(match["of"], at, "CURSOR", routine, name)
            continue
        end = _closing(piece, match.end(), dialect) if match["row"] else len(piece)
        yield Statement(piece[match.end() : end].strip(), at, "CURSOR", routine, name)


def _closing(piece: str, start: int, dialect: Dialect) -> int:
    """Where the bracket closes that was opened before `start`."""
    depth = 1
    for match in _marks(dialect, extra=r"(?P<open>\()|(?P<close>\))").finditer(piece, start):
        depth += (match.lastgroup == "open") - (match.lastgroup == "close")
        if not depth:
            return match.start()
    return len(piece)


_SET_HOME: Final = re.compile(r"SET\s+(?:SCHEMA|search_path)\b", re.IGNORECASE)
_DOLLAR: Final = re.compile(r"(?P<tag>\$\w*\$)(?P<body>.*)(?P=tag)", re.DOTALL)


def _inner_verb(piece: str, dialect: Dialect) -> int | None:
    """Where the first statement inside starts: outside brackets, strings and comments."""
    depth = 0
    marks = _marks(dialect, extra=_INSIDE)
    for match in marks.finditer(piece):
        if match.lastgroup == "open":
            depth += 1
        elif match.lastgroup == "close":
            depth -= 1
        elif match.lastgroup == "verb" and depth <= 0:
            return match.start()
    return None


def _nesting(piece: str, dialect: Dialect) -> int:
    """How many blocks the piece opens more than it closes."""
    change = 0
    for match in _marks(dialect, extra=_NEST).finditer(piece):
        if match.lastgroup == "word":
            word = match["word"].upper()
            if word in ("BEGIN", "CASE"):
                change += 1
            elif word.split()[-1] not in ("IF", "LOOP", "WHILE", "REPEAT"):
                change -= 1
    return change


_LINE_VERB: Final = (
    r"(?P<verb>^[ \t]*(?:INSERT|UPDATE|DELETE|MERGE|TRUNCATE|DECLARE|EXEC|SET|IF|WITH|PRINT|RETURN"
    r"|SELECT|(?:CREATE|DROP|ALTER)(?=\s+(?:TABLE|VIEW|(?:\w+\s+)*INDEX|PROC|FUNCTION|TRIGGER)))\b)"
    r"|(?P<open>\()|(?P<close>\))"
)


def resplit(statement: Statement, dialect: Dialect) -> Iterator[Statement]:
    """T-SQL needs no semicolons: a text that does not parse, cut where a line begins with a verb.

    Yields the statement itself where there is nothing to cut.
    """
    if dialect.grammar != "tsql":
        yield statement
        return
    cuts, depth = [0], 0
    for match in _marks(dialect, extra=_LINE_VERB).finditer(statement.text):
        if match.lastgroup == "open":
            depth += 1
        elif match.lastgroup == "close":
            depth -= 1
        elif match.lastgroup == "verb" and depth == 0 and match.start() > 0:
            before, verb = statement.text[cuts[-1] : match.start()], match[0].strip().upper()
            if not _continues(before, verb):
                cuts.append(match.start())
    for start, end in pairwise((*cuts, len(statement.text))):
        line = statement.line + statement.text.count("\n", 0, start)
        piece = statement.text[start:end]
        line += piece.count("\n", 0, len(piece) - len(piece.lstrip()))
        yield from _emit(piece.strip(), line, dialect, statement.routine, False)


def _continues(before: str, verb: str) -> bool:
    """Whether a verb at the start of a line goes on with the statement before it."""
    words = before.upper().split()
    if not words or words[-1] in ("THEN", "AS", "ON", "FOR", "ALL", "UNION", "EXCEPT", "INTERSECT"):
        return True
    if verb == "SET":
        return words[0] == "UPDATE" and "SET" not in words
    if verb in ("SELECT", "EXEC"):
        return words[0] in ("INSERT", "WITH") and "SELECT" not in words
    return words[0] == "WITH" and not re.search(
        r"\)\s*(?:INSERT|UPDATE|DELETE|SELECT)", before, re.I
    )


_PLACEHOLDER: Final = (
    r"\$\{[^}\n]*\}|#\{[^}\n]*\}|\{\{[^}\n]*\}\}|\$\[[^\]\n]*\]"
    r"|(?<![\w:\])\"'`]):(?:\d+|[^\W\d]\w*)"
)


def fill(text: str, dialect: Dialect) -> str:
    """The text with a scheduler's or mapper's placeholders made readable for a parser.

    ``${x}`` beside a letter or a dot is part of a name and becomes ``x``; anywhere else it stands
    for a value and becomes the string ``'${x}'``, likewise ``#{x}``, ``{{ x }}``, ``$[x]``, ``:x``.
    """
    if not any(mark in text for mark in ("${", "#{", "{{", "$[", ":")):
        return text

    def value(match: re.Match[str]) -> str:
        if match.lastgroup != "value":
            return match[0]
        around = text[match.start() - 1 : match.start()] + text[match.end() : match.end() + 1]
        if match[0].startswith("${") and re.search(r"[\w.]", around):
            return re.sub(r"\W", "_", match[0][2:-1].strip())
        return "'" + match[0].replace("'", "").replace("\\", "") + "'"

    return _marks(dialect, extra=f"(?P<value>{_PLACEHOLDER})", first=True).sub(value, text)
