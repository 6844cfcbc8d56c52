"""Settings: what the caller says, then the environment, then `mulu.toml`, then the defaults."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.settings import Settings, settings
from ontology.errors import InvalidInput
from ontology.load import load_ontology
from search.mapping import SearchMapping, derive


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("MULU_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_who_says_it_last_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings() == Settings()
    (tmp_path / "mulu.toml").write_text('port = 1\nworkers = 2\nhost = "a"\nother = 5\n', "utf-8")
    monkeypatch.setenv("MULU_PORT", "3")
    monkeypatch.setenv("MULU_WORKERS", "4")
    said = settings(port=5, host=None, data=Path("x"))
    assert (said.port, said.workers, said.host, said.data) == (5, 4, "a", Path("x"))


def test_another_process_reads_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = settings(data=tmp_path, reach_seconds="2.5", monitoring="open", tokens="t.json")
    for name, value in said.environment().items():
        monkeypatch.setenv(name, value)
    assert settings() == said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "65536"),
        ("port", "1.5"),
        ("workers", "inf"),
        ("workers", 0),
        ("reach", "disk"),
        ("query_seconds", "soon"),
        ("graph", 5),
        ("zone", "/etc"),
    ],
)
def test_what_is_wrong_is_named(name: str, value: object) -> None:
    with pytest.raises(InvalidInput, match=f"MULU_{name.upper()}"):
        settings(**{name: value})


def test_what_would_be_right_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"'disk'.*memory, store, auto"):
        settings(reach="disk")


def test_a_command_does_without_the_slow_packages() -> None:
    said = "import sys, api.cli.reading; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", said], check=True, capture_output=True)
    assert {b"pydantic", b"rdflib", b"strawberry", b"numpy"}.isdisjoint(loaded.stdout.split())


def test_a_mapping_read_back_is_the_one_that_was_kept() -> None:
    mapping = derive(load_ontology())
    read = SearchMapping.from_json(mapping.to_json())
    assert (read, read.version) == (mapping, mapping.version)
