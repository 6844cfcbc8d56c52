"""Export and import of the ledger's own form lose nothing, there and back."""

from __future__ import annotations

import json
from pathlib import Path

from tests.api.command import mulu


def body(path: Path) -> list[bytes]:
    """The lines but for the header."""
    header, *lines = path.read_bytes().splitlines()
    assert json.loads(header)["mulu"] == "jsonl"
    return lines


def test_the_sample_city_is_exported_and_read_back_without_loss(city: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    assert mulu("export", first, data=city).code == 0
    done = mulu("ingest jsonl", first, "--json", data=tmp_path / "other")
    assert done.code == 0, done.json["problems"][:5]
    assert mulu("export", second, data=tmp_path / "other").code == 0
    assert body(second) == body(first)
    assert mulu("export -", data=city).raw == first.read_bytes(), "the same each time"
    again = mulu("ingest jsonl", first, "--json", data=tmp_path / "other")
    assert again.json["commits"] in (None, []), "a second run changes nothing"
    assert mulu("verify --json", data=tmp_path / "other").json["sound"] is True
