"""A search document as the physical fields that every engine stores.

| Field | What | Kind |
|---|---|---|
| key | the id | keyword |
| kinds | class, its ancestors, and `*` for every document | keywords |
| visibility, refs | see SearchDocument; a ref is `link=id` | keywords |
| prior | class prior | number |
| w16 … w0_25 | words of all passages of a band | tokens |
| shorts | words of short names (社保缴费) | tokens |
| names, grams | grams of names; of all passages | tokens with positions |
| named | `field=gram` of all passages | tokens with positions |
| sounds | pinyin syllables of names | tokens with positions |
| keys, spellings | whole names folded; their pinyin and initials | keywords |
| v_… | a field's values | by its form |
| o_… | what a field sorts by, in one or more columns | integers |
| number | the resource's dense number | integer |
| digest, source | for verify; for hits and highlights | stored |

Tokens are one string cut at spaces; MARK stands between passages, so that no phrase
reaches from one into the next, and around names, so that a phrase can begin or end one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from struct import pack, unpack
from typing import Any

import orjson

from ontology.resource import Scalar
from search.document import SearchDocument
from search.mapping import ID, TITLE, TYPE, Field, Form, SearchMapping
from search.pinyin import order_key
from search.ranking import band
from search.text import fold

KEY, KINDS, VISIBILITY, REFS, PRIOR = "key", "kinds", "visibility", "refs", "prior"
NAMES, GRAMS, NAMED, SOUNDS = "names", "grams", "named", "sounds"
KEYS, SPELLINGS, DIGEST, SOURCE = "keys", "spellings", "digest", "source"
NUMBER, STORED_ID, SHORTS = "number", "id", "shorts"
EVERY = "*"
"""The kind that every document is of."""
MARK = "¶"
APART = f" {MARK} "
MAX_NAME = 64
"""Characters of a name that suggestions and the order by title go by."""

_SIGN_BIT = 1 << 63

Physical = dict[str, Any]
"""Physical field → string of tokens, list of keywords, list of numbers, number or bytes."""


@cache  # there are as many weights as the ontology gives
def band_field(weight: float) -> str:
    return f"w{band(weight):g}".replace(".", "_")


@cache
def value_field(name: str) -> str:
    return {TYPE: KINDS, ID: KEY}.get(name, f"v_{name}")


TEXT_COLUMNS = 3
"""Integers that hold the beginning of a text, eight bytes each, for its order."""


def order_columns(name: str, field: Field | None = None) -> tuple[str, ...]:
    """The columns that a field sorts by, first to last."""
    text = field is None or (field.form is Form.KEYWORD and not field.codes)
    return _columns(name, TEXT_COLUMNS if text else 1)


@cache
def _columns(name: str, count: int) -> tuple[str, ...]:
    return tuple(f"o_{name}_{i}" for i in range(count))


TITLE_ORDER = order_columns(TITLE)
RANK_ORDER = ("o_rank", *TITLE_ORDER)
"""The order without a query: by class prior, then by title."""
TYPE_ORDER = ("o_type", *TITLE_ORDER)


TYPE_FACET = "v_type"
"""The leaf class alone, which `kinds` mixes with its ancestors."""


def facet_field(name: str) -> str:
    return TYPE_FACET if name == TYPE else value_field(name)


def order(value: Scalar, field: Field) -> tuple[int, ...]:
    """What a value sorts by: codes by their place in the list, numbers and times by size,
    text as a reader expects."""
    if field.codes:
        return (_place(field, str(value)),)
    if field.form is Form.KEYWORD:
        return _text_order(str(value))
    if field.form is Form.DECIMAL:  # IEEE 754 sorts by its bits, once negatives are turned round
        (bits,) = unpack(">q", pack(">d", value))
        return (bits if bits >= 0 else bits ^ (_SIGN_BIT - 1),)
    return (int(value),)


def _place(field: Field, code: str) -> int:
    return field.codes.index(code) if code in field.codes else len(field.codes)


@lru_cache(maxsize=16_384)
def _text_order(text: str) -> tuple[int, ...]:
    length = 8 * TEXT_COLUMNS
    key = order_key(fold(text))[:length].ljust(length, b"\0")
    return tuple(n - _SIGN_BIT for n in unpack(f">{TEXT_COLUMNS}Q", key))


def source(doc: SearchDocument) -> bytes:
    """What a hit needs to be shown: class, title, and the texts that highlights mark."""
    texts = [(p.field, p.text) for p in doc.passages if p.field not in (TYPE, ID)]
    return orjson.dumps((doc.type, doc.title, texts))


def read_source(stored: bytes | str) -> tuple[str, str, list[tuple[str, str]]]:
    """Class, title and (field, text) pairs."""
    type_, title, texts = orjson.loads(stored)
    return type_, title, texts


def sorting(name: str, mapping: SearchMapping) -> tuple[str, ...] | None:
    """The columns behind an order; None where nothing sorts by it."""
    if name == TYPE:
        return TYPE_ORDER
    field = mapping.fields.get(name)
    return order_columns(name, field) if field is not None and field.sortable else None


def typed_fields(mapping: SearchMapping) -> Mapping[str, Form]:
    """The physical fields for values, with their forms."""
    forms = {TYPE_FACET: Form.KEYWORD}
    for name, field in mapping.fields.items():
        if name not in (TYPE, ID) and field.form is not None:
            forms[value_field(name)] = field.form
    return forms


def columns(mapping: SearchMapping) -> tuple[str, ...]:
    """The physical fields for orders: integers."""
    found = dict.fromkeys((*TYPE_ORDER, *RANK_ORDER, NUMBER))
    for name, field in mapping.fields.items():
        if field.sortable:
            found |= dict.fromkeys(order_columns(name, field))
    return tuple(found)
