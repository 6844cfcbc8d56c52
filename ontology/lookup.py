"""Classes by the names that callers give."""

from __future__ import annotations

from difflib import get_close_matches

from ontology.errors import InvalidInput
from ontology.model import Ontology, ResourceType


def class_named(ontology: Ontology, name: str) -> ResourceType:
    """The class of this name. Raises InvalidInput, with the nearest names, if there is none."""
    kind = ontology.types.get(name)
    if kind is None:
        near = ", ".join(get_close_matches(name, ontology.types, n=3))
        raise InvalidInput(
            f"没有类 {name!r} / there is no class {name!r}"
            + (f"；相近的有 / near: {near}" if near else "；mulu ontology 列出全部 / lists all")
        )
    return kind
