"""Descriptions in both languages: 中文 / English, then what it means and where it is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry

from ontology.model import Attribute, Direction, Label, LinkType, Ontology, ResourceType


def paired(label: Label) -> str:
    """`中文 / English`, or the one that there is."""
    return " / ".join(part for part in (label.zh, label.en) if part)


def describe(kind: ResourceType) -> str:
    return _text(kind.label, kind.definition, kind.clause)


def describe_attribute(attribute: Attribute, ontology: Ontology) -> str:
    text = _text(attribute.label, attribute.definition, attribute.clause)
    if attribute.code_list is None:
        return text
    codes = ontology.code_lists[attribute.code_list]
    listed = ", ".join(code.notation for code in codes.codes[:20])
    more = ", …" if codes.open or len(codes.codes) > 20 else ""
    return f"{text}\n\n{codes.name}: {listed}{more}"


def describe_link(link: LinkType, way: Direction) -> str:
    if way is Direction.FORWARD:
        return _text(link.label, link.definition, link.clause)
    return _text(link.inverse_label, Label("", ""), link.clause)


def _text(label: Label, definition: Label, clause: str) -> str:
    parts = [paired(label), paired(definition)]
    text = "\n\n".join(part for part in parts if part)
    return f"{text} ({clause})" if clause else text


def resolved(description: str) -> Callable[[Callable[..., Any]], Any]:
    """A field answered by the method that this decorates."""
    made: Callable[[Callable[..., Any]], Any] = strawberry.field(description=description)
    return made
