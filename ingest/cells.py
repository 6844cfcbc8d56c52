"""The text of a cell → the values of an attribute.

Cells are cut where they hold several values; each piece is read as the ledger reads values
(ontology/values.py). What cannot be read stays as it stands, for validation to name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ontology.model import Attribute, Datatype, Ontology
from ontology.resource import Scalar, Value
from ontology.values import Reader, reader

STRONG_CUT = re.compile(r"[；;\n\r|]+")
WEAK_CUT = re.compile(r"[；;\n\r|、，,]+")
MAX_LISTED = 30
"""Characters of a name in a running list; longer pieces are prose."""


def several(text: str, *, weak: bool = True) -> tuple[str, ...]:
    """The parts of a cell with more than one value, in order, each once. `weak`: commas and
    、 cut too; without, only ；, | and line ends, which no name contains."""
    cut = WEAK_CUT if weak else STRONG_CUT
    return tuple(dict.fromkeys(part for raw in cut.split(text) if (part := raw.strip())))


def listed(text: str) -> tuple[str, ...]:
    """The names in a cell that holds a list of them, or prose (then none): one a line, or
    three and more short ones between 、."""
    if "\n" in text:
        return tuple(dict.fromkeys(part for raw in text.split("\n") if (part := raw.strip())))
    parts = tuple(dict.fromkeys(p for raw in re.split("[、；;]", text) if (p := raw.strip())))
    return parts if len(parts) > 2 and max(map(len, parts)) <= MAX_LISTED else ()


@dataclass
class Cells:
    """Reads cells for one ontology."""

    ontology: Ontology
    _readers: dict[int, tuple[Attribute, Reader]] = field(default_factory=dict)

    def value(self, text: str, attribute: Attribute) -> Value | None:
        """The value that this text means; None where it is blank."""
        text = text.strip()
        if not text:
            return None
        if not attribute.many:
            return self.one(text, attribute)
        if attribute.datatype is Datatype.CODE:
            whole = self.one(text, attribute)
            if whole != text or not WEAK_CUT.search(text):
                return (whole,)
        parts = several(text, weak=attribute.datatype is not Datatype.TEXT)
        return tuple(dict.fromkeys(self.one(part, attribute) for part in parts)) or None

    def one(self, text: str, attribute: Attribute) -> Scalar:
        """One value; the text itself where it is none."""
        known = self._readers.get(id(attribute))
        if known is None:
            known = (attribute, reader(attribute, self.ontology.code_lists))
            self._readers[id(attribute)] = known
        read = known[1](text)
        return text if read.value is None or read.fault or read.other else read.value
