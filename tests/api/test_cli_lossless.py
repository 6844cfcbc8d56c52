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


def test_who_wins_among_equals_is_kept(tmp_path: Path) -> None:
    told = {
        source: json.dumps(
            {"id": "org:x", "type": "Department", "attributes": {"name": f"{source}局"},
             "source": source, "rank": "authoritative"}
        )
        for source in "ab"
    }  # fmt: skip
    for order in ("ab", "ba"):
        data = tmp_path / order
        for source in order:
            file = tmp_path / f"{source}.jsonl"
            file.write_text(told[source] + "\n")
            assert mulu("ingest jsonl", file, data=data).code == 0
        file = tmp_path / f"{order}.jsonl"
        assert mulu("export", file, data=data).code == 0
        assert mulu("ingest jsonl", file, data=tmp_path / f"{order}2").code == 0
        again = mulu("export -", data=tmp_path / f"{order}2").raw
        assert again == file.read_bytes()
        assert json.loads(again.splitlines()[1])["attributes"]["name"] == f"{order[-1]}局"
