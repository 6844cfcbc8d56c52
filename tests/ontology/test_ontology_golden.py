"""What the ontology says, as a review reads it; `make golden` rewrites the copies."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ontology.model import Ontology
from ontology.tables import described, spreading_table


def agrees(copy: Path, text: str) -> None:
    if os.environ.get("MULU_GOLDEN") == "write":
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(text, encoding="utf-8")
    assert copy.read_text(encoding="utf-8") == text, (
        f"{copy.name} changed: run `make golden` and read the diff"
    )


def test_golden_ontology(ontology: Ontology, golden: Path) -> None:
    text = json.dumps(described(ontology), ensure_ascii=False, indent=1) + "\n"
    agrees(golden / "ontology.json", text)


def test_golden_spreading(ontology: Ontology, golden: Path) -> None:
    agrees(golden / "spreading.md", spreading_table(ontology))


def test_loading_twice_gives_equal_ontologies(ontology: Ontology) -> None:
    from ontology.load import load_ontology

    again = load_ontology()
    assert again.digest == ontology.digest
    assert described(again) == described(ontology)
    assert [s.name for s in again.shapes] == [s.name for s in ontology.shapes]
