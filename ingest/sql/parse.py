"""One statement into sqlglot's tree, bounded in size, depth and work.

Nothing that a script contains may crash or hang an import: statements are measured before they are
parsed, sqlglot's own node limit stops wild backtracking, and whatever it raises becomes a Problem.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import Final

import sqlglot
from sqlglot import Token, TokenType, exp
from sqlglot.errors import ErrorLevel, ParseError, SqlglotError

from ingest.sql.dialect import Dialect
from ingest.sql.script import Statement, fill
from ontology.problem import Problem, Severity

MAX_LENGTH: Final = 2_000_000
"""Characters of one statement."""
MAX_DEPTH: Final = 200
"""Brackets and CASEs within each other."""
_NODES_A_TOKEN: Final = 40  # ordinary statements need three to five
_FRAMES: Final = 30 * MAX_DEPTH  # Python frames that sqlglot needs for that depth

logging.getLogger("sqlglot").setLevel(logging.ERROR)  # its "falling back to Command" is our Problem


def parse(statement: Statement, dialect: Dialect, file: str = "") -> exp.Expr | Problem:
    """The tree of one statement, or the problem that keeps it from being read.

    A statement that sqlglot knows only by its first word comes back as `exp.Command`.
    """
    if len(statement.text) > MAX_LENGTH:
        return problem(statement, file, f"语句过长（{len(statement.text)} 字符）too long")
    text = fill(statement.text, dialect)
    for verb, grammars, form, plain in _REWRITES:
        if statement.verb == verb and dialect.grammar in grammars:
            text = form.sub(plain, text)
    try:
        return _tree(text, dialect.grammar)
    except _TooDeepError as error:
        return problem(statement, file, f"嵌套 {error} 层，超过 {MAX_DEPTH} 层 nested too deep")
    except RecursionError:
        return problem(statement, file, "嵌套过深 nested too deep")
    except ParseError as error:
        return problem(statement, file, _reason(error, statement))
    except Exception as error:  # malformed text also makes sqlglot raise TypeError and its kin
        kind = "" if isinstance(error, SqlglotError) else f"{type(error).__name__}: "
        return problem(statement, file, f"{kind}{error}"[:200])


_I: Final = re.IGNORECASE | re.DOTALL
_REWRITES: Final = (
    # verb, grammars, a form that sqlglot refuses, what says the same to a reader of lineage
    (
        "REPLACE",
        ("mysql", "sqlite"),
        re.compile(r"\A\s*REPLACE\b(?:\s+INTO\b)?", _I),
        "INSERT INTO",
    ),
    ("UPDATE", ("tsql",), re.compile(r"([\w.\[\]]+)\s*([-+*/%&|^])="), r"\1 = \1 \2 "),
    ("MERGE", ("oracle",), re.compile(r"\bDELETE\s+WHERE\b.*?(?=\bWHEN\b|\Z)", _I), ""),
)


def problem(statement: Statement, file: str, why: str) -> Problem:
    """A statement that cannot be read; the rest of its file goes on."""
    return problem_with(
        statement,
        file,
        f"这条语句读不懂 cannot read this statement: {why}",
        "核对 --dialect，或改写、拆分语句 check --dialect, or rewrite or split it",
    )


def problem_with(
    statement: Statement, file: str, what: str, mend: str, severity: Severity = Severity.ERROR
) -> Problem:
    return Problem(
        what=what,
        mend=mend,
        severity=severity,
        file=file,
        row=statement.line,
        value=statement.head,
        rule="sql",
        digest=statement.digest,
    )


class _TooDeepError(Exception):
    pass


def _tree(text: str, grammar: str) -> exp.Expr:
    dialect = sqlglot.Dialect.get_or_raise(grammar)
    tokens = dialect.tokenize(text)
    depth = _depth(tokens)
    if depth > MAX_DEPTH:
        raise _TooDeepError(depth)
    if sys.getrecursionlimit() < _FRAMES:  # raised once, for good: other threads may be parsing
        sys.setrecursionlimit(_FRAMES)
    parser = dialect.parser(
        error_level=ErrorLevel.IMMEDIATE, max_nodes=1000 + _NODES_A_TOKEN * len(tokens)
    )
    trees = [tree for tree in parser.parse(tokens, text) if tree is not None]
    if not trees:
        raise ParseError("空语句 empty statement")
    return trees[0]


_OPEN: Final = frozenset(
    (TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE, TokenType.CASE)
)
_CLOSE: Final = frozenset(
    (TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE, TokenType.END)
)


def _depth(tokens: list[Token]) -> int:
    depth = deepest = 0
    for token in tokens:
        if token.token_type in _OPEN:
            depth += 1
            deepest = max(deepest, depth)
        elif token.token_type in _CLOSE:
            depth -= 1
    return deepest


_ANSI: Final = re.compile(r"\x1b\[\d*m")


def _reason(error: ParseError, statement: Statement) -> str:
    """sqlglot's message in one line, its line counted in the file."""
    first = error.errors[0] if error.errors else {}
    what = _ANSI.sub("", str(first.get("description") or error)).split("\n")[0].rstrip(".")
    line = first.get("line")
    if not line:
        return what
    near = str(first.get("highlight") or "").strip()[:40]
    at = statement.line + int(line) - 1
    return f"{what}（第 {at} 行 {near} 附近 near line {at}）"
