"""The order in which the scripts of a folder are applied.

Migrations are ordered by version, then ``init`` first, then by their numbers, then by name:
``configuration-center__0.1.0__init.sql``, ``…__0.1.0__02-menu.sql``, ``…__0.4.0__init.sql``; also
folders (``svc/0.1.0/02-menu.sql``) and Flyway's ``V2_1__add.sql``. Undo scripts are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

_VERSION: Final = re.compile(r"(?:^|[\W_])[vV]?(\d+(?:\.\d+)+)(?=$|[\W_])")
_FLYWAY: Final = re.compile(r"^V(\d+(?:[._]\d+)*)__")
_UNDO: Final = re.compile(r"^U\d[\d._]*__|[._-](?:down|rollback|undo)\.sql$", re.IGNORECASE)
_INIT: Final = re.compile(r"(?:^|[\W_])(?:init|schema|baseline)(?:[\W_]|$)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One script: what orders it, its path, and the version it belongs to."""

    order: tuple[str, tuple[int, ...], bool, tuple[int, ...], str]
    path: str
    version: str


def in_order(paths: Iterable[str]) -> list[Step]:
    """The scripts of one folder (paths with "/") in the order in which they apply."""
    return sorted(_step(path) for path in paths if not _UNDO.search(PurePosixPath(path).name))


def _step(path: str) -> Step:
    pure = PurePosixPath(path)
    flyway = _FLYWAY.match(pure.name)
    if flyway:
        numbers = _numbers(flyway[1])
        return Step((str(pure.parent), (), False, numbers, pure.name), path, "")
    found = _VERSION.search(path.removesuffix(pure.suffix))
    series = path[: found.start()] if found else str(pure.parent)
    rest = path[found.end() :] if found else pure.name
    own = rest.strip("_/-. ")
    first = _NUMBER.match(own)
    init = bool(_INIT.search("_" + own.removesuffix(pure.suffix)))
    order = (
        series,
        _numbers(found[1]) if found else (),
        not init,
        (int(first[0]),) if first else (),
        own,
    )
    return Step(order, path, found[1] if found else "")


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in _NUMBER.findall(text))
