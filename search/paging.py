"""Cursors: where a page goes on, as a text that callers hand back unread."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

import orjson

from ontology.errors import InvalidInput, LimitExceeded

DEEPEST = 1_000_000
"""Hits of a ranked list that can be paged through. An engine keeps all of those before the
page at hand, so nobody may ask for more than it has room for."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """The hit after which to go on.

    `query`: digest of the request it belongs to. `missing`: words that the query was
    relaxed by. `part`: 0 for resources that have the field sorted by, 1 for the rest.
    `rank`: hits before and including it, `score`: its own, in a ranked list. `key`: what it
    sorts by, in an ordered one. `number`: its resource's. `snapshot`: the view of the
    index it came from.
    """

    query: str
    missing: int = 0
    part: int = 0
    rank: int = 0
    score: float = 0.0
    key: tuple[int, ...] = ()
    number: int = 0
    snapshot: str = ""

    def __str__(self) -> str:
        # In the order of the fields; dataclasses.astuple copies deeply, for every hit.
        values = (
            self.query,
            self.missing,
            self.part,
            self.rank,
            self.score,
            self.key,
            self.number,
            self.snapshot,
        )
        return urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")

    @staticmethod
    def read(text: str, query: str) -> Cursor:
        """Raises InvalidInput for what is no cursor, or one of another request, LimitExceeded
        for one deeper than DEEPEST."""
        try:
            values = orjson.loads(urlsafe_b64decode(text.encode() + b"=="))
            owner, missing, part, rank, score, key, number, snapshot = values
            counts = (missing, part, rank, number)
            if not (
                all(type(n) is int and 0 <= n < 2**53 for n in counts)
                and all(type(n) is int and -(2**63) <= n < 2**63 for n in key)
                and isinstance(score, float)
                and isinstance(snapshot, str)
            ):
                raise TypeError
            cursor = Cursor(owner, missing, part, rank, score, tuple(key), number, snapshot)
        except (ValueError, TypeError, binascii.Error) as error:
            raise InvalidInput("分页游标无效，请从第一页开始 · not a cursor; start over") from error
        if cursor.rank > DEEPEST:
            raise LimitExceeded(
                f"相关度列表最多翻到第 {DEEPEST} 条，请缩小范围 · a ranked list goes as far as "
                f"hit {DEEPEST}; narrow the query"
            )
        if cursor.query != query:
            raise InvalidInput("分页游标属于另一个查询 · the cursor belongs to another query")
        return cursor
