"""A cursor over the tokens of one statement, for DDL.

DDL is read from sqlglot's tokens and not from its trees: what Oracle, DM8 and SQL Server export
(storage clauses, NOT CLUSTER PRIMARY KEY, ON [PRIMARY] …) its grammar refuses as a whole, and it
writes types in its own way where the ledger keeps them as written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import sqlglot
from sqlglot import Token, TokenType

from ingest.sql.dialect import Dialect
from ingest.sql.names import TableName

_OPEN: Final = frozenset((TokenType.L_PAREN, TokenType.LT, TokenType.L_BRACKET))
_CLOSE: Final = frozenset((TokenType.R_PAREN, TokenType.GT, TokenType.R_BRACKET))
_TEXT: Final = frozenset(
    (
        TokenType.STRING,
        TokenType.NATIONAL_STRING,
        TokenType.RAW_STRING,
        TokenType.HEREDOC_STRING,
        TokenType.BYTE_STRING,  # E'…'
    )
)
_QUOTED: Final = frozenset((TokenType.IDENTIFIER,))


class UnexpectedError(Exception):
    """The statement is not of the form expected here; says what and at which line of it."""

    def __init__(self, expected: str, token: Token | None) -> None:
        found = f"{token.text!r}" if token else "语句结尾 the end"
        super().__init__(f"此处应为 expected {expected}, 却是 found {found}")
        self.line = token.line if token else 0


class Cursor:
    """Reads tokens from left to right; words are compared in upper case, quoted names never."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._at = 0

    @classmethod
    def of(cls, text: str, dialect: Dialect) -> Cursor:
        """Over a whole statement; sqlglot's TokenError where it cannot be cut into tokens."""
        return cls(text, sqlglot.Dialect.get_or_raise(dialect.grammar).tokenize(text))

    def fork(self) -> Cursor:
        """A second cursor over what is left, to look ahead."""
        return Cursor(self._text, self._tokens[self._at :])

    def __bool__(self) -> bool:
        return self._at < len(self._tokens)

    @property
    def token(self) -> Token | None:
        """The token to be read next."""
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    @property
    def line(self) -> int:
        """Line of the next token within the statement, from 1."""
        return self.token.line if self.token else (self._tokens[-1].line if self._tokens else 1)

    def word(self, ahead: int = 0) -> str:
        """A coming token in upper case; "" at the end and for quoted names and strings."""
        at = self._at + ahead
        if at >= len(self._tokens):
            return ""
        token = self._tokens[at]
        hidden = token.token_type in _QUOTED or token.token_type in _TEXT
        return "" if hidden else " ".join(token.text.upper().split())

    def skip(self) -> Token:
        """Read one token, whatever it is."""
        token = self.token
        if token is None:
            raise UnexpectedError("更多内容 more", None)
        self._at += 1
        return token

    def take(self, phrase: str) -> bool:
        """Read these words if they come next."""
        start = self._at
        rest = phrase
        while rest:
            word = self.word()
            if not word or not (rest + " ").startswith(word + " "):
                self._at = start
                return False
            rest = rest[len(word) :].lstrip()
            self._at += 1
        return True

    def take_any(self, *phrases: str) -> str:
        """Read the first of the phrases that comes next; "" if none does."""
        return next((phrase for phrase in phrases if self.take(phrase)), "")

    def text(self) -> str | None:
        """Read a string; None if something else comes next."""
        token = self.token
        if token is None or token.token_type not in _TEXT:
            return None
        self._at += 1
        return token.text

    def name(self) -> str:
        """Read one name, quoted or not."""
        token = self.token
        if token is None or (token.token_type not in _QUOTED and not _is_word(token.text)):
            raise UnexpectedError("名称 a name", token)
        self._at += 1
        return token.text

    def table(self) -> TableName:
        """Read a name of one or more parts."""
        parts = [self.name()]
        while self.word() == ".":
            self._at += 1
            parts.append(self.name())
        if len(parts) == 1 and "." in parts[0] and not parts[0].startswith("."):
            parts = parts[0].split(".")  # `db.t` quoted as one
        return TableName.of(*parts)

    def group(self) -> Cursor:
        """Read a bracketed group and return a cursor over its inside."""
        if self.word() != "(":
            raise UnexpectedError("(", self.token)
        depth, start = 0, self._at + 1
        while token := self.token:
            self._at += 1
            if token.token_type == TokenType.L_PAREN:
                depth += 1
            elif token.token_type == TokenType.R_PAREN:
                depth -= 1
                if not depth:
                    return Cursor(self._text, self._tokens[start : self._at - 1])
        raise UnexpectedError(")", None)

    def items(self) -> Iterator[Cursor]:
        """The rest, cut at commas outside brackets."""
        start = self._at
        for at in self._outside():
            if self._tokens[at].token_type == TokenType.COMMA:
                yield Cursor(self._text, self._tokens[start:at])
                start = at + 1
        if start < len(self._tokens):
            yield Cursor(self._text, self._tokens[start:])

    def cut(self, words: frozenset[str]) -> Iterator[Cursor]:
        """The rest, cut before each of these words outside brackets."""
        start = self._at
        for at in self._outside():
            if at > start and self.word(at - self._at) in words:
                yield Cursor(self._text, self._tokens[start:at])
                start = at
        yield Cursor(self._text, self._tokens[start:])

    def until(self, stops: frozenset[str], *, atleast: int = 0) -> str:
        """The text as written up to one of the stop words outside brackets, or to the end."""
        start, end = self._at, len(self._tokens)
        self._at = next(
            (
                at
                for at in self._outside()
                if at - start >= atleast and self.word(at - start) in stops
            ),
            end,
        )
        if self._at == start:
            return ""
        return self._text[self._tokens[start].start : self._tokens[self._at - 1].end + 1]

    def _outside(self) -> Iterator[int]:
        """Where the tokens of the rest stand that are in no brackets, opening ones with them."""
        depth = 0
        for at in range(self._at, len(self._tokens)):
            kind = self._tokens[at].token_type
            if kind in _CLOSE:
                depth -= 1
                continue
            if depth <= 0:
                yield at
            depth += kind in _OPEN

    def rest(self) -> str:
        """All that is left, as written."""
        return self.until(frozenset())

    def names(self) -> tuple[str, ...]:
        """Read a group of column names; what follows a name (DESC, prefix length) is left out."""
        return tuple(item.name() for item in self.group().items())


def _is_word(text: str) -> bool:
    return bool(text) and (text[0].isalnum() or text[0] in "_@#$")
