"""Natural keys: whoever names a thing computes the same id without asking.

A `ResourceId` is `family:key`. The key comes from the first identifier scheme of the class
(mulu:identifiedBy, domain/ontology.md §8) that the source can give; all schemes together are
the identifiers under which the ledger finds a resource again. Datasets and fields have rules
of their own (ontology/naming.py).

    org:91990100MA1XXXXX0A            credit code with a valid check digit
    org:990100/云澜市商务局            weak: region and folded name; provisional
    entry:990100/307001/000123        node and catalogue code
    infoitem:<key of entry>/出生日期    code:<key of code set>/10
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ontology.checks import CHECKS
from ontology.model import IdentifierScheme, Ontology
from ontology.naming import (
    dataset_id,
    dataset_key,
    dataset_of,
    escape,
    field_id,
)
from ontology.resource import Link, ResourceId, Value

if TYPE_CHECKING:
    from opencc import OpenCC

__all__ = [
    "Identifier",
    "dataset_id",
    "dataset_of",
    "drag_filled",
    "field_id",
    "fold_name",
    "identifiers_of",
    "resource_id",
    "simplified",
]

Identifier = tuple[str, str, str]
"""(scheme, scope, value): what the ledger's index of identifiers holds."""

_NOISE = re.compile(r"[\s《》〈〉<>()\[\]【】〔〕「」『』“”‘’\"'、\-‐‑‒–—―－]+")
_YEAR = re.compile(r"[-—–:](?P<year>(?:19|20)\d\d)$")
_NUMBERED = re.compile(r"(.*?)(\d{1,9})$", re.DOTALL)


class _Simplified(dict[int, str]):
    """Traditional → Simplified, one character at a time: what OpenCC makes of a phrase
    depends on its neighbours, and two spellings of one name must not differ by that.
    Characters are asked for once, so that nothing is loaded before the first is met."""

    _converter: OpenCC | None = None

    def __missing__(self, code: int) -> str:
        if code < 0x3400 or 0xD800 <= code < 0xE000:  # half a surrogate pair stays as it is
            return chr(code)
        if self._converter is None:
            from opencc import OpenCC

            self._converter = OpenCC("t2s")
        self[code] = converted = str(self._converter.convert(chr(code)))
        return converted


_SIMPLIFIED = _Simplified()


def simplified(text: str) -> str:
    """The text in Simplified script, character by character."""
    return text if text.isascii() else text.translate(_SIMPLIFIED)


@lru_cache(maxsize=65_536)
def fold_name(text: str) -> str:
    """The form in which names are compared: NFKC, Simplified, lower case, without blanks,
    brackets, quotes, 、 and dashes. A name of nothing else stays as it is."""
    folded = _NOISE.sub("", simplified(unicodedata.normalize("NFKC", text)).casefold())
    if folded and not folded.isascii():  # marks may compose once blanks between are gone
        folded = unicodedata.normalize("NFKC", folded).casefold()
    return folded or unicodedata.normalize("NFKC", text).strip()


def resource_id(
    ontology: Ontology,
    type: str,
    attributes: Mapping[str, Value],
    scope: Mapping[str, str] | None = None,
) -> tuple[ResourceId, bool] | None:
    """The id of a resource and whether it is provisional; None when nothing identifies it.

    `scope` maps the link types (or attributes) that a scheme is scoped by to the id of the
    link's target (or to text): `{"inCatalogue": "node:990100", "hasItem": "entry:…"}`. The
    first scheme with all its attributes and scopes wins; failing that, the first with all
    its attributes, its unknown scopes left out, and then the id is provisional.
    """
    kind = ontology.types[type]
    scope = scope or {}
    spare: ResourceId | None = None
    for scheme in kind.identifiers:
        values = _values(scheme, attributes)
        if values is None:
            continue
        scopes = [_scope_key(scheme, name, attributes, scope) for name in scheme.scope]
        id = _id(kind.family, scheme, values, [s for s in scopes if s])
        if all(scopes):
            return id, scheme.weak
        if spare is None:
            spare = id
    return None if spare is None else (spare, True)


def identifiers_of(
    ontology: Ontology,
    type: str | None,
    attributes: Mapping[str, Value],
    links: Iterable[Link] = (),
    scope: Mapping[str, str] | None = None,
) -> tuple[Identifier, ...]:
    """All (scheme, scope, value) that these attributes and links give, each once.

    An attribute with many values gives an identifier for each. A scheme whose scope is not
    known gives none: out of its scope it identifies nothing.
    """
    kind = ontology.types.get(type) if type is not None else None
    if kind is None:
        return ()
    known = {link.type: str(link.target) for link in links}
    if scope:
        known |= scope
    found: dict[Identifier, None] = {}
    for scheme in kind.identifiers:
        scopes = [_scope_key(scheme, name, attributes, known) for name in scheme.scope]
        if not all(scopes):
            continue
        where = "/".join(s for s in scopes if s)
        if len(scheme.attributes) == 1:
            value = attributes.get(scheme.attributes[0])
            for one in value if isinstance(value, tuple) else (value,):
                folded = _folded(scheme, one) if one is not None else ""
                if folded:
                    found[(scheme.name, where, folded)] = None
        else:
            values = _values(scheme, attributes)
            if values is not None:
                found[(scheme.name, where, _key(scheme, values))] = None
    return tuple(found)


def drag_filled(names: Sequence[str]) -> tuple[range, ...]:
    """Runs of three and more neighbours that differ only by a number counting up at the end
    (…1, …2, …3): made by dragging a cell down, and a Problem rather than new names."""
    runs: list[range] = []
    start = 0
    for index in range(1, len(names) + 1):
        if index < len(names) and _next_number(names[index - 1], names[index]):
            continue
        if index - start >= 3:
            runs.append(range(start, index))
        start = index
    return tuple(runs)


def _next_number(before: str, after: str) -> bool:
    a, b = _NUMBERED.fullmatch(before.strip()), _NUMBERED.fullmatch(after.strip())
    return a is not None and b is not None and a[1] == b[1] and int(b[2]) == int(a[2]) + 1


# --- keys -----------------------------------------------------------------------------


def _id(
    family: str, scheme: IdentifierScheme, values: Sequence[str], scopes: list[str]
) -> ResourceId:
    if scheme.fold == "dataset":
        if scopes:
            return field_id(f"dataset:{scopes[0]}", values[0])
        return ResourceId(f"{family}:{dataset_key(*values) if len(values) == 2 else values[0]}")
    return ResourceId(f"{family}:" + "/".join([*scopes, _key(scheme, values)]))


def _key(scheme: IdentifierScheme, values: Sequence[str]) -> str:
    if scheme.fold == "dataset" and len(values) == 2:
        return dataset_key(*values)
    return "/".join(escape(value) for value in values)


def _values(scheme: IdentifierScheme, attributes: Mapping[str, Value]) -> list[str] | None:
    values: list[str] = []
    for name in scheme.attributes:
        value = attributes.get(name)
        if isinstance(value, tuple):
            value = value[0] if value else None
        folded = "" if value is None else _folded(scheme, value)
        if not folded:
            return None
        values.append(folded)
    return values


def _scope_key(
    scheme: IdentifierScheme, name: str, attributes: Mapping[str, Value], scope: Mapping[str, str]
) -> str | None:
    """The key of the scope's resource, without its family; an attribute's value folded."""
    found = scope.get(name)
    if found is None:
        value = attributes.get(name)
        if value is None or isinstance(value, tuple):
            return None
        return escape(FOLDS[scheme.scope_folds.get(name, "name")](str(value)))
    return found.partition(":")[2] or escape(found)


def _folded(scheme: IdentifierScheme, value: object) -> str:
    text = str(value).strip()
    folded = FOLDS[scheme.fold](text)
    if scheme.check and folded and CHECKS[scheme.check](folded):
        return ""  # a code with a wrong check digit identifies nobody
    return folded


def _exact(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _division(text: str) -> str:
    """6, 9 or 12 digits; 2 and 4 padded, zeros that only fill up cut off."""
    digits = _exact(text)
    if not digits.isdigit():
        return digits
    if len(digits) < 6:
        return digits.ljust(6, "0")
    while len(digits) > 6 and digits.endswith("000"):
        digits = digits[:-3]
    return digits


def _standard(text: str) -> str:
    """GB/T 2261.1-2003 → GB/T2261.1"""
    return _YEAR.sub("", _number(text))


def _edition(text: str) -> str:
    """GB/T 2261.1-2003 → GB/T2261.1/2003"""
    return _YEAR.sub(r"/\g<year>", _number(text))


def _number(text: str) -> str:
    return re.sub(r"\s+", "", _exact(text)).upper()


FOLDS: dict[str, Callable[[str], str]] = {
    "exact": _exact,
    "upper": lambda text: _exact(text).upper(),
    "lower": lambda text: _exact(text).lower(),
    "name": fold_name,
    "dataset": lambda text: text,
    "division": _division,
    "standard": _standard,
    "edition": _edition,
}
"""How values are made comparable, by the names that the ontology uses."""
