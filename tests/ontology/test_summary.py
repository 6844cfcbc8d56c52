"""The digest changes with what storage, search and spreading depend on, and with no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from ontology.load import load_ontology
from ontology.model import Ontology

EXTRA = (Path(__file__).parent / "extra.ttl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("before", "after", "matters"),
    [
        ("材质", "材料", False),
        ('rdfs:label "登记于"', 'rdfs:label "登记在"', False),
        ("mulu:searchWeight 2.0", "mulu:searchWeight 3.0", True),
        ("values, meaning", "values", True),
        ("city:material ; sh:maxCount 1", "city:material", True),
        ("componentsRecorded", "recordedComponents", True),
        ('skos:notation "园林绿化类"', 'skos:notation "绿化类"', True),
        ('mulu:family "component"', 'mulu:family "part"', True),
    ],
)
def test_what_matters(
    extended: Ontology, tmp_path: Path, before: str, after: str, matters: bool
) -> None:
    assert before in EXTRA
    changed = tmp_path / "changed.ttl"
    changed.write_text(EXTRA.replace(before, after), encoding="utf-8")
    assert (load_ontology([changed]).digest != extended.digest) is matters
