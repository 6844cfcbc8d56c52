"""Whatever is wrong with a command: exit code 2, one clear message, never a traceback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from api.cli import PARTS, program
from ontology.load import load_ontology
from tests.api.command import ROOT, Done, environment, made, mulu


def refused(done: Done, *words: str) -> None:
    assert done.code == 2, done.out + done.err
    assert not done.out
    assert "Traceback" not in done.err
    assert "internal error" not in done.err
    for word in words:
        assert word.lower() in done.err.lower(), done.err


WRONG = {
    "search": "QUERY",
    "search a --limit 0": "limit",
    "search a --limit many": "--limit",
    "search a --sort nothing": "nothing",
    "search a --facet nothing=1": "nothing",
    "search a --facet type": "name=value",
    "search a --type Nothing": "Nothing",
    "search a --after nonsense": "cursor",
    "show": "ID",
    "show nonsense": "nonsense",
    "show org:none": "org:none",
    "show dataset:x:y": "dataset:x:y",
    "show 'org:[/b]'": "org:[/b]",
    "show org:none --at yesterday": "yesterday",
    "lineage dataset:none": "dataset:none",
    "lineage dataset:none --depth 0": "depth",
    "lineage dataset:none --at 2025-99-99": "2025-99-99",
    "impact": "ID",
    "impact dataset:none": "dataset:none",
    "impact dataset:none --change broken": "broken",
    "impact dataset:none --certainty maybe": "maybe",
    "log --limit 0": "limit",
    "ontology Nothing": "Nothing",
    "template Nothing": "Nothing",
    "template CatalogEntry": "CatalogEntry",
    "ingest": "KIND",
    "ingest nothing x": "nothing",
    "ingest jsonl /no/such/file": "/no/such/file",
    "ingest excel /no/such/file": "/no/such/file",
    "ingest ddl /no/such/file": "/no/such/file",
    "ingest sql /no/such/file": "/no/such/file",
    "ingest catalogue /no/such/file": "/no/such/file",
    "ingest database nothing://x": "nothing",
    "ingest jsonl x --rank best": "best",
    "ingest jsonl x --at tomorrow": "tomorrow",
    "ingest jsonl x --at 12": "12",
    f"ingest jsonl {__file__} --at 2062-01-01": "2062-01-01",
    "show org:none --at 0001-01-01": "org:none",
    "export": "TARGET",
    "export /no/such/folder/file": "/no/such/folder",
    "serve --port 99999999": "PORT",
    "serve --host 0.0.0.0": "0.0.0.0",
    "nothing": "nothing",
    "search a --nothing": "nothing",
}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("empty"))


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_command_is_refused_in_one_message(line: str, empty: Path) -> None:
    refused(mulu(line, data=empty), WRONG[line])


def test_json_stays_clean_when_refused(empty: Path) -> None:
    refused(mulu("show org:none --json", data=empty), "org:none")


def test_only_what_fills_a_ledger_makes_one(tmp_path: Path) -> None:
    """A mistyped --data is no empty ledger."""
    lines = ["search a", "suggest a", "show org:a", "log", "conflicts", "verify", "reindex"]
    lines += ["impact org:a", "lineage org:a", "origins org:a", "diff 1"]
    lines += [f"export {tmp_path}/out", "export -", f"backup {tmp_path}/out"]
    lines += [f"copy --to sqlite:///{tmp_path}/copy.db"]
    for line in lines:
        refused(mulu(line, data=tmp_path / "typo"), f"no ledger at {tmp_path}/typo", "mulu ingest")
    refused(mulu(f"copy --from sqlite:///{tmp_path}/typo.db --to memory:"), "no ledger at")
    assert not (tmp_path / "typo").exists()
    assert not (tmp_path / "out").exists()


def test_an_empty_ledger_answers(tmp_path: Path) -> None:
    made(tmp_path)
    found = mulu("search 社保 --json", data=tmp_path).json
    assert (found["total"], found["complete"], found["hits"]) == (0, True, [])
    assert mulu("log --json", data=tmp_path).json == []
    assert mulu("conflicts --json", data=tmp_path).json == []
    assert mulu("suggest 社 --json", data=tmp_path).json == []
    assert mulu("verify --json", data=tmp_path).json["sound"] is True


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"MULU_PORT": "many"}, "MULU_PORT"),
        ({"MULU_GRAPH": "mysql://x"}, "sqlite:///path"),
        ({"MULU_SEARCH": "solr://x"}, "tantivy:///path"),
        ({"MULU_ONTOLOGY": "/no/such.ttl"}, "/no/such.ttl"),
        ({"MULU_ZONE": "Asia/Shangri-La"}, "Asia/Urumqi"),
        ({"MULU_ZONE": "../etc"}, "MULU_ZONE"),
    ],
)
def test_a_wrong_setting_is_named(said: dict[str, str], words: str, tmp_path: Path) -> None:
    refused(mulu("log", data=made(tmp_path), **said), words)


def test_a_broken_settings_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mulu.toml").write_text("data = [broken")
    refused(mulu("log"), "mulu.toml")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("@prefix a: <http://a/> .\na:b a:c ] .\n", 2),
        ("@prefix a: <http://a/> .\n\na:b a <http://www.w3.org/2002/07/owl#Class> .\n", 3),
    ],
)
def test_a_broken_ontology_says_file_line_and_reason(tmp_path: Path, text: str, line: int) -> None:
    ttl = tmp_path / "mine.ttl"
    ttl.write_text(text)
    refused(mulu("log", data=made(tmp_path), MULU_ONTOLOGY=str(ttl)), f"{ttl}:{line}: ")


def test_settings_come_from_option_then_environment_then_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mulu.toml").write_text('data = "of-file"\n')
    (tmp_path / "none.jsonl").touch()
    mulu("ingest jsonl none.jsonl")
    mulu("ingest jsonl none.jsonl", data=tmp_path / "of-environment")
    mulu("ingest jsonl none.jsonl --data of-option", data=tmp_path / "not-this")
    folders = {path.name for path in tmp_path.iterdir() if path.is_dir()}
    assert folders == {"of-file", "of-environment", "of-option"}


def test_record_and_index_may_lie_elsewhere(tmp_path: Path) -> None:
    said = {
        "MULU_GRAPH": f"sqlite:///{tmp_path}/record.db",
        "MULU_SEARCH": f"tantivy:///{tmp_path}/words",
    }
    (tmp_path / "none.jsonl").touch()
    mulu("ingest jsonl", tmp_path / "none.jsonl", data=tmp_path / "data", **said)
    assert mulu("search a --json", data=tmp_path / "data", **said).json["total"] == 0
    assert (tmp_path / "record.db").is_file()
    assert (tmp_path / "words").is_dir()


def test_an_internal_error_has_a_mark_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("api.ledger.Ledger.conflicts", broken)
    done = mulu("conflicts", data=made(tmp_path))
    assert done.code == 2
    assert "MULU_DEBUG" in done.err
    assert "Traceback" not in done.err


READING = ("search a", "suggest a", "show org:none", "log", "conflicts", "impact dataset:none")
HEAVY = ("strawberry", "uvicorn", "starlette", "openpyxl", "sqlglot", "sqlalchemy", "rdflib")


def loaded(lines: Sequence[str], names: Sequence[str], folder: Path) -> str:
    """Which of these modules a process has in memory that ran these commands."""
    program = f"""
import sys
from api.cli import run
for line in {[line.split() for line in lines]!r}:
    run(line)
print([name for name in {names!r} if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment(folder, {}),
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.splitlines()[-1]


def test_reading_commands_import_no_more_than_they_need(tmp_path: Path) -> None:
    load_ontology()  # read once, it is read from the cache
    made(tmp_path)
    assert loaded(READING, HEAVY, tmp_path) == "[]"


def test_what_follows_links_opens_no_search(tmp_path: Path) -> None:
    made(tmp_path)
    asked = ["impact department:1 --json", "lineage department:1", "diff 1 2", "gate none.yaml"]
    names = ("tantivy", "search.mapping", "ingest.projector", "api.cli.run")
    assert loaded(asked, names, tmp_path) == "['api.cli.run']"


def test_an_export_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    old = tmp_path / "out.jsonl"
    old.write_text("kept")
    refused(mulu("export", old, data=tmp_path / "data", MULU_GRAPH="mysql://x"), "sqlite:///path")
    assert old.read_text() == "kept"
    assert not (tmp_path / "out.jsonl.part").exists()
    assert mulu("export", old, data=made(tmp_path)).code == 0
    assert old.read_text() != "kept"


@pytest.mark.parametrize("part", PARTS)
def test_each_command_is_found_in_its_module(part: str) -> None:
    commands = program([part]).registered_commands
    names = [command.name or command.callback.__name__ for command in commands]
    assert tuple(names) == PARTS[part]


def test_a_name_that_looks_like_markup_is_shown_as_it_is(tmp_path: Path) -> None:
    """Names come from everywhere: SQL Server writes [dbo].[user]."""
    line = '{"id": "org:[dbo]", "type": "Department", "attributes": {"name": "[dbo] :x: [/b]"}}'
    (tmp_path / "a.jsonl").write_text(line, encoding="utf-8")
    mulu(f"ingest jsonl {tmp_path / 'a.jsonl'} --as [b]x[/red]", data=tmp_path / "data")
    for command in ("show 'org:[dbo]'", "suggest '[dbo'", "search dbo"):
        done = mulu(command, data=tmp_path / "data")
        assert done.code == 0, done.err
        assert "[dbo] :x: [/b]" in done.out
    assert "[b]x[/red]" in mulu("log", data=tmp_path / "data").out
