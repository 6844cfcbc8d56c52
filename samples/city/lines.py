"""Lines of the ledger's own form (ingest/jsonl.py), as platforms export them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ontology.identity import field_id
from ontology.resource import ResourceId

Line = Mapping[str, Any]


def save(path: Path, lines: Iterable[Line]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8", newline="\n")


def alias(seen: ResourceId, real: ResourceId, columns: Iterable[str]) -> Iterator[Line]:
    """A second name of a dataset, and of its fields."""
    yield {"alias": seen, "of": real}
    for column in columns:
        yield {"alias": field_id(seen, column), "of": field_id(real, column)}


def link(kind: str, target: str, **properties: str) -> Line:
    return {"type": kind, "target": target} | ({"properties": properties} if properties else {})
