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
| o_… | what a field sorts by | text or integer |
| digest, source | for verify; for hits and highlights | stored |

Tokens are one string cut at spaces; MARK stands between passages, so that no phrase
reaches from one into the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from ontology.resource import Scalar
from search.document import SearchDocument
from search.mapping import ID, TYPE, Field, Form, SearchMapping
from search.pinyin import order_key, spellings, syllables
from search.ranking import band
from search.text import Segmenter, fold, fold_name, grams

KEY, KINDS, VISIBILITY, REFS, PRIOR = "key", "kinds", "visibility", "refs", "prior"
NAMES, GRAMS, NAMED, SOUNDS = "names", "grams", "named", "sounds"
KEYS, SPELLINGS, DIGEST, SOURCE = "keys", "spellings", "digest", "source"
EVERY = "*"
"""The kind that every document is of."""
MARK = "¶"
MAX_NAME = 64
"""Characters of a name that suggestions and the order by title go by."""

Physical = dict[str, Any]
"""Physical field → string of tokens, list of keywords, list of numbers, number or bytes."""


def band_field(weight: float) -> str:
    return f"w{band(weight):g}".replace(".", "_")


def value_field(name: str) -> str:
    return {TYPE: KINDS, ID: KEY}.get(name, f"v_{name}")


def order_field(name: str) -> str:
    return KEY if name == ID else f"o_{name}"


TITLE = "title"
TITLE_ORDER = order_field(TITLE)
"""Every document sorts by its title, whatever attribute holds it."""


def facet_field(name: str) -> str:
    return order_field(TYPE) if name == TYPE else value_field(name)


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
        order_field(TYPE): [doc.type],
        VISIBILITY: list(doc.visibility),
        REFS: [f"{link}={id}" for link, id in doc.refs],
        PRIOR: doc.prior,
        NAMES: f" {MARK} ".join(" ".join(grams(fold(name))) for name in doc.names),
        GRAMS: " ".join(all_grams),
        NAMED: " ".join(named),
        SOUNDS: f" {MARK} ".join(" ".join(syllables(name)) for name in folded),
        KEYS: list(dict.fromkeys(key for name in folded if (key := fold_name(name)))),
        SPELLINGS: list(dict.fromkeys(s for name in folded for s in spellings(name) if s)),
        TITLE_ORDER: [order_key(folded[0])],
        DIGEST: doc.digest,
        SOURCE: source(doc),
    }
    for name, values in doc.values.items():
        field = mapping.fields[name]
        fields[value_field(name)] = list(values)
        if field.sortable and field.form is Form.KEYWORD and order_field(name) not in fields:
            fields[order_field(name)] = [_order(str(values[0]), field)]
    return fields


def _order(value: str, field: Field) -> Scalar:
    """What a value sorts by: codes by their place in the list, text as a reader expects."""
    if field.codes:
        return field.codes.index(value) if value in field.codes else len(field.codes)
    return order_key(fold(value)[:MAX_NAME])


def source(doc: SearchDocument) -> bytes:
    """What a hit needs to be shown: class, title, and the texts that highlights mark."""
    texts = [(p.field, p.text) for p in doc.passages if p.field not in (TYPE, ID)]
    return orjson.dumps((doc.type, doc.title, texts))


def read_source(stored: bytes) -> tuple[str, str, list[tuple[str, str]]]:
    """Class, title and (field, text) pairs."""
    type_, title, texts = orjson.loads(stored)
    return type_, title, texts


def sorting(name: str, mapping: SearchMapping) -> tuple[str, Form] | None:
    """The physical field behind an order and its form; None where nothing sorts by it."""
    if name in (TYPE, ID, TITLE):
        return order_field(name), Form.KEYWORD
    field = mapping.fields.get(name)
    if field is None or not field.sortable or field.form is None:
        return None
    if field.form is not Form.KEYWORD:
        return value_field(name), field.form
    return order_field(name), Form.INTEGER if field.codes else Form.KEYWORD


def typed_fields(mapping: SearchMapping) -> Mapping[str, Form]:
    """The physical fields for values and orders, with their forms."""
    forms: dict[str, Form] = {TITLE_ORDER: Form.KEYWORD, order_field(TYPE): Form.KEYWORD}
    for name, field in mapping.fields.items():
        if name in (TYPE, ID) or field.form is None:
            continue
        forms[value_field(name)] = field.form
        if order := sorting(name, mapping):
            forms.setdefault(*order)
    return forms
