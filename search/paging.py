"""Cursors: where a page goes on, as a text that callers hand back unread."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

import orjson

from ontology.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Cursor:
    """The hit after which to go on.

    `query`: digest of the request it belongs to. `missing`: words that the query was
    relaxed by. `part`: 0 for resources that have the field sorted by, 1 for the rest.
    `rank`: hits before and including it in that part. `key`: what it sorts by (a text, or
    a score). `number`: its resource's. `snapshot`: the view of the index it came from.
    """

    query: str
    missing: int
    part: int
    rank: int
    key: str | float
    number: int
    snapshot: str = ""

    def __str__(self) -> str:
        values = [self.query, self.missing, self.part, self.rank, self.key, self.number]
        return urlsafe_b64encode(orjson.dumps([*values, self.snapshot])).decode().rstrip("=")

    @staticmethod
    def read(text: str, query: str) -> Cursor:
        """Raises InvalidInput for what is no cursor, or one of another request."""
        try:
            values = orjson.loads(urlsafe_b64decode(text.encode() + b"=="))
            cursor = Cursor(*values)
            whole = all(type(n) is int and 0 <= n < 2**53 for n in values[1:4] + values[5:6])
            if not whole or not isinstance(cursor.key, str | float | int):
                raise TypeError
        except (ValueError, TypeError, binascii.Error) as error:
            raise InvalidInput("分页游标无效，请从第一页开始 · not a cursor; start over") from error
        if cursor.query != query:
            raise InvalidInput("分页游标属于另一个查询 · the cursor belongs to another query")
        return cursor
