"""The ontology from the cache is the one from the files, and damage does no harm."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ontology.cache import KEPT, cached
from ontology.load import BASE, read_ontology
from ontology.model import Ontology

EXTRA = """
@prefix mulu: <https://w3id.org/mulu#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
mulu:extra%d a owl:DatatypeProperty ; rdfs:label "附加"@zh , "extra"@en ; rdfs:range xsd:string .
"""


class Reader:
    """`read_ontology`, counting."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, files: Sequence[Path]) -> Ontology:
        self.times += 1
        return read_ontology(files)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "mulu"


def test_what_comes_from_the_cache_is_what_was_read() -> None:
    read = Reader()
    first, again = cached(BASE, read), cached(BASE, read)
    assert read.times == 1
    assert (again.types, again.links, again.code_lists) == (
        first.types,
        first.links,
        first.code_lists,
    )
    assert again.digest == first.digest


def test_shapes_are_compiled_when_first_asked_for() -> None:
    read = Reader()
    first, again = cached(BASE, read), cached(BASE, read)
    assert [s.name for s in again.shapes] == [s.name for s in first.shapes]
    assert again.shapes[0].name == first.shapes[0].name
    assert len(again.shapes) == len(first.shapes)
    assert read.times == 2


@pytest.mark.parametrize("harm", ["cut", "flip", "empty", "open to all"])
def test_damage_is_passed_over_and_mended(home: Path, harm: str) -> None:
    read = Reader()
    cached(BASE, read)
    (kept,) = home.glob("*.pickle")
    whole = kept.read_bytes()
    if harm == "open to all":
        kept.chmod(0o666)
    else:
        flipped = whole[:500] + bytes([whole[500] ^ 1]) + whole[501:]
        kept.write_bytes({"cut": whole[:-9], "flip": flipped, "empty": b""}[harm])
    assert cached(BASE, read).types
    cached(BASE, read)
    assert read.times == 2


def test_other_files_are_read_and_few_are_kept(home: Path, tmp_path: Path) -> None:
    read = Reader()
    extra = tmp_path / "extra.ttl"
    digests = set()
    for n in range(KEPT + 1):
        extra.write_text(EXTRA % n, "utf-8")
        digests.add(cached((*BASE, extra), read).digest)
    assert read.times == KEPT + 1
    assert len(list(home.iterdir())) == KEPT


def test_where_nothing_can_be_written_files_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    read = Reader()
    assert cached(BASE, read).types
    assert cached(BASE, read).types
    assert read.times == 2
