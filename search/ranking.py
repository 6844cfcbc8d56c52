"""All that decides the order of hits: the numbers, in one place for every engine.

A hit's score is the sum over the words of the query of the best passage that has the
word (BM25 × the band of the passage), plus bonuses when a name *is* or *begins with* the
query, all times the prior of its class. `plan.py` builds this as clauses, the index
translates them; tests/golden/search_ranking.json shows what a change here does.
"""

from __future__ import annotations

from functools import lru_cache
from math import log2

NAME_SHARE = 0.6
"""A string attribute weighing at least this share of the title's weight is a further name
(简称, 别名, synonym): searched, suggested and boosted as the title is."""

SPEAKS_FOR_WHOLE = 1.5
"""A part embedded with at least this weight (an item of its entry, a field of its table)
speaks for the whole: what the part is named after, its data element, is embedded too …"""

REMOTE = 0.5
"""… with this share of the product of both weights."""

TYPE_WEIGHT = 0.5
"""The label of a resource's class, so that 人口 表 prefers tables."""

ID_WEIGHT = 1.0
"""The words of an id."""

OTHERS = 0.15
"""Passages beside the best one that has the word count for this share."""

GRAMS = 0.25
"""A word found only by its characters counts for this share of a band."""

WHOLE = 0.5
"""Bonus for a compound found as one word, beside its required parts."""

MAX_WORDS = 24
"""Words of one text that count; a pasted paragraph is found by its beginning."""

WEAK = 0.2
"""Left-over single characters (的, 号) rank a little and are not required."""

SHORT_FORM = 8.0
"""Weight of a word found in the short form of a name (社保 of 社会保险缴费信息)."""

PRIOR_POWER = 1.75
"""How strongly the ontology's class priors tell: score × prior to this power."""

SPARSE, WELL_DESCRIBED = 0.75, 4
"""A resource known by hardly more than its name counts for this share; from so many
attributes and links on, in full."""

IS_ID = 1_000.0
IS_NAME = 100.0
ENDS_NAME = 16.0
BEGINS_NAME = 12.0
IN_NAME = 6.0
"""Bonuses: the query is an id, is a name, ends a name (Chinese names end in what they
are: 云澜市公安局), begins a name, stands in a name as it is."""

ENDS_ALIKE = 60.0
"""Bonus: a name ends in the last two words of a longer query (大数据局 → 云澜市数据局)."""

IS_TAG = 11.0
"""Bonus: the query is a keyword that somebody gave the resource (低保)."""

OF_CLASS = 80.0
"""Bonus: a word of the query names the class (人口 表, 社保 接口)."""

SUGGEST_BEGINS, SUGGEST_SPELLS, SUGGEST_WITHIN = 40.0, 20.0, 1.0
"""Suggestions: a name begins so; its pinyin or initials do; it stands within."""

RELAXED_SHARE = 0.6
"""Of the words of a query that found nothing, so many are required in the second try."""

_BANDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


@lru_cache
def band(weight: float) -> float:
    """Weights are rounded to powers of two, so that passages of about the same weight
    share one field of the index (few fields make quick queries)."""
    return min(_BANDS, key=lambda b: abs(log2(b) - log2(weight)))
