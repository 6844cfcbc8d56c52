"""A search document as the physical fields that every engine stores.

| Field | What | Kind |
|---|---|---|
| key | the id | keyword |
| kinds | class, its ancestors, and `*` for every document | keywords |
| visibility, refs | see SearchDocument; a ref is `link=id` | keywords |
| prior | class prior | number |
| w16 … w0_25 | words of all passages of a band | tokens |
| names, grams | grams of names; of all passages | tokens with positions |
| named | `field=gram` of all passages | tokens with positions |
| sounds | pinyin syllables of names | tokens with positions |
| keys, spellings | whole names folded; their pinyin and initials | keywords |
| v_… | a field's values | by its form |
| o_… | what a field sorts by, made unique by the number | keyword |
| number | the resource's dense number | integer |
| digest, source | for verify; for hits and highlights | stored |

Tokens are one string cut at spaces; MARK stands between passages, so that no phrase
reaches from one into the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from struct import pack, unpack
from typing import Any

import orjson

from ontology.resource import Scalar
from search.document import SearchDocument
from search.mapping import ID, TITLE, TYPE, Field, Form, SearchMapping
from search.pinyin import order_key, spellings, syllables
from search.ranking import band
from search.text import Segmenter, fold, fold_name, grams

KEY, KINDS, VISIBILITY, REFS, PRIOR = "key", "kinds", "visibility", "refs", "prior"
NAMES, GRAMS, NAMED, SOUNDS = "names", "grams", "named", "sounds"
KEYS, SPELLINGS, DIGEST, SOURCE = "keys", "spellings", "digest", "source"
NUMBER, STORED_ID = "number", "id"
EVERY = "*"
"""The kind that every document is of."""
MARK = "¶"
MAX_NAME = 64
"""Characters of a name that suggestions and the order by title go by."""

_SIGN_BIT, _ALL_BITS = 1 << 63, (1 << 64) - 1

Physical = dict[str, Any]
"""Physical field → string of tokens, list of keywords, list of numbers, number or bytes."""


def band_field(weight: float) -> str:
    return f"w{band(weight):g}".replace(".", "_")


def value_field(name: str) -> str:
    return {TYPE: KINDS, ID: KEY}.get(name, f"v_{name}")


def order_field(name: str) -> str:
    return KEY if name == ID else f"o_{name}"


TITLE_ORDER = order_field(TITLE)
RANK_ORDER = order_field("rank")
"""The order without a query: by class prior, then by title."""


TYPE_FACET = "v_type"
"""The leaf class alone, which `kinds` mixes with its ancestors."""


def facet_field(name: str) -> str:
    return TYPE_FACET if name == TYPE else value_field(name)


def physical(doc: SearchDocument, mapping: SearchMapping, segmenter: Segmenter) -> Physical:
    """The fields of one document; `source` is bytes of JSON."""
    words: dict[str, list[str]] = {}
    all_grams: list[str] = []
    named: list[str] = []
    for passage in doc.passages:
        words.setdefault(band_field(passage.weight), []).extend(segmenter.words(passage.text))
        cut = grams(fold(passage.text))
        all_grams += [*cut, MARK]
        if passage.field not in (TYPE, ID):
            named += [f"{passage.field}={gram}" for gram in cut]
            named.append(MARK)
    folded = [fold(name[:MAX_NAME]) for name in doc.names]
    fields: Physical = {name: " ".join(tokens) for name, tokens in words.items()}
    fields |= {
        KEY: [doc.id],
        KINDS: [doc.type, *mapping.types[doc.type].ancestors, EVERY],
        VISIBILITY: list(doc.visibility),
        REFS: [f"{link}={id}" for link, id in doc.refs],
        PRIOR: doc.prior,
        NAMES: f" {MARK} ".join(" ".join(grams(fold(name))) for name in doc.names),
        GRAMS: " ".join(all_grams),
        NAMED: " ".join(named),
        SOUNDS: f" {MARK} ".join(" ".join(syllables(name)) for name in folded),
        KEYS: list(dict.fromkeys(key for name in folded if (key := fold_name(name)))),
        SPELLINGS: list(dict.fromkeys(s for name in folded for s in spellings(name) if s)),
        TYPE_FACET: [doc.type],
        order_field(TYPE): _unique(order_key(mapping.types[doc.type].label), doc.number),
        TITLE_ORDER: _unique(order_key(folded[0]), doc.number),
        RANK_ORDER: _unique(f"{9999 - doc.prior * 10:06.0f}{order_key(folded[0])}", doc.number),
        NUMBER: doc.number,
        DIGEST: doc.digest,
        SOURCE: source(doc),
    }
    for name, values in doc.values.items():
        field = mapping.fields[name]
        fields[value_field(name)] = list(values)
        if field.sortable and order_field(name) not in fields:
            fields[order_field(name)] = _unique(_order(values[0], field), doc.number)
    return fields


def _order(value: Scalar, field: Field) -> str:
    """What a value sorts by, as text: codes by their place in the list, numbers and times
    by size, text as a reader expects."""
    if field.codes:
        place = field.codes.index(str(value)) if value in field.codes else len(field.codes)
        return f"{place:04}"
    if field.form is Form.KEYWORD:
        return order_key(fold(str(value))[:MAX_NAME])
    if field.form is Form.DECIMAL:  # IEEE 754 sorts by its bits, once negatives are turned round
        (bits,) = unpack(">Q", pack(">d", value))
        return f"{bits ^ (_ALL_BITS if bits >> 63 else _SIGN_BIT):016x}"
    return f"{int(value) + _SIGN_BIT:020}"


def _unique(key: str, number: int) -> str:
    """Ties are broken by the resource's number, so that every order is total and a page
    can go on after any key, whatever was added or removed meanwhile."""
    return f"{key}\x00{number:x}"


def source(doc: SearchDocument) -> bytes:
    """What a hit needs to be shown: class, title, and the texts that highlights mark."""
    texts = [(p.field, p.text) for p in doc.passages if p.field not in (TYPE, ID)]
    return orjson.dumps((doc.type, doc.title, texts))


def read_source(stored: bytes) -> tuple[str, str, list[tuple[str, str]]]:
    """Class, title and (field, text) pairs."""
    type_, title, texts = orjson.loads(stored)
    return type_, title, texts


def sorting(name: str, mapping: SearchMapping) -> str | None:
    """The physical field behind an order; None where nothing sorts by it."""
    field = mapping.fields.get(name)
    known = name in (TYPE, ID) or (field is not None and field.sortable)
    return order_field(name) if known else None


def typed_fields(mapping: SearchMapping) -> Mapping[str, Form]:
    """The physical fields for values and orders, with their forms."""
    forms = dict.fromkeys((TYPE_FACET, order_field(TYPE), TITLE_ORDER, RANK_ORDER), Form.KEYWORD)
    for name, field in mapping.fields.items():
        if name in (TYPE, ID) or field.form is None:
            continue
        forms[value_field(name)] = field.form
        if field.sortable:
            forms[order_field(name)] = Form.KEYWORD
    return forms
