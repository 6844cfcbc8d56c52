"""Words of Cypher that several statements share. Names enter a statement only by `quoted`;
every value is a parameter.

Intervals are commits: a relationship holds at `$at` if `since <= $at < until`, and one that
still holds ends at FOREVER, so that past and present are asked by the same text.
"""

from __future__ import annotations

from collections.abc import Iterable

from ontology.errors import OntologyError
from ontology.model import Ontology

FOREVER = 2**63 - 1
"""The `until` of what still holds."""
NOW = FOREVER - 1
"""The commit to ask for the present by."""

STANDS_FOR = f"_STANDS_FOR WHERE s.until = {FOREVER}"
"""Inside `-[s:…]->`: from the name of an alias to the name that readers see now."""
STOOD_FOR = "_STANDS_FOR WHERE s.since <= $at < s.until"
"""The same at a commit."""


def quoted(name: str) -> str:
    """A class or link type as an identifier of Cypher.

    Cypher reads `\\u0060` as a backtick before it looks for the end of a quoted name, and
    a server may cut names at a NUL; no ontology has such names, so they are refused.
    """
    if not name or "\\" in name or not name.isprintable():
        raise OntologyError(f"{name!r}: 不能用作标签或关系类型 / is no name for a label or type.")
    return "`" + name.replace("`", "``") + "`"


def labels(ontology: Ontology, type: str) -> tuple[str, ...]:
    """The labels of a resource of that class: the class and all above it."""
    return (type, *ontology.types[type].ancestors)


def label_text(names: Iterable[str]) -> str:
    """``:`Table`:`Dataset` ``."""
    return "".join(f":{quoted(name)}" for name in names)


def type_text(types: Iterable[str]) -> str:
    """``:`derivedFrom`|`hasField` ``; of no types: one that no relationship has."""
    return ":" + "|".join(quoted(name) for name in sorted(set(types)) or ["_NONE"])


def until_of(stored: int) -> int | None:
    """The end of an interval as the ledger says it."""
    return None if stored == FOREVER else stored
