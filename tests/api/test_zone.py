"""A date without a zone means one place for everybody, wherever the process runs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from api.schema.build import LedgerSchema
from ontology.model import Ontology
from search.mapping import derive
from tests.api.command import mulu
from tests.api.conftest import asking, open_over, runner

LINE = '{"id": "org:a", "type": "Department", "attributes": {"name": "公安局"}}'
EVENING = "2025-01-31T20:00Z"  # the first of February in China


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("zone")
    (folder / "a.jsonl").write_text(LINE, "utf-8")
    done = mulu(f"ingest jsonl {folder}/a.jsonl --at {EVENING}", data=folder)
    assert done.code == 0, done.err
    return folder


@pytest.mark.parametrize("process", ["UTC", "America/Lima"])
def test_a_date_of_the_command_line(data: Path, process: str) -> None:
    def code(day: str, **said: str) -> int:
        return mulu(f"show org:a --at {day}", data=data, TZ=process, **said).code

    assert [code("2025-01-31"), code("2025-02-01")] == [2, 0]
    assert code("2025-01-31", MULU_ZONE="UTC") == 0
    assert "2025-02-01 04:00:00" in mulu("log", data=data, TZ=process).out


def test_a_date_of_delivery(data: Path, tmp_path: Path) -> None:
    mulu(f"ingest jsonl {data}/a.jsonl --at 2025-01-31", data=tmp_path)
    assert mulu("log --json", data=tmp_path).json[0]["at"] == "2025-01-31T15:59:59.999999+00:00"


def test_today_ends_now_and_what_comes_too_late_is_told(data: Path, tmp_path: Path) -> None:
    today = f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d}"
    done = mulu(f"ingest jsonl {data}/a.jsonl --at {today}", data=tmp_path)
    assert done.code == 0, done.err
    now = datetime.now(UTC)
    assert datetime.fromisoformat(mulu("log --json", data=tmp_path).json[0]["at"]) <= now
    late = mulu(f"ingest jsonl {data}/a.jsonl --as b --at 2025-01-31", data=tmp_path)
    assert "is before the last commit" in late.err


def test_a_year_is_no_commit(data: Path) -> None:
    refused = mulu("show org:a --at 2025", data=data)
    assert refused.code == 2
    assert "2025-01-01" in refused.err


@pytest.mark.parametrize(("zone", "hour"), [("Asia/Shanghai", 15), ("America/Lima", 4)])
async def test_a_date_of_graphql(ontology: Ontology, zone: str, hour: int, tmp_path: Path) -> None:
    schema = LedgerSchema(ontology, derive(ontology, zone))
    async with open_over(schema, tmp_path) as ledger:  # the portal shows instants by that clock
        assert await asking(runner(ledger, schema))("{ zone }") == {"zone": zone}
    at = schema.get_type_by_name("At")
    assert at is not None
    meant = getattr(at, "parse_value")("2025-01-31")  # noqa: B009 - of scalars only
    assert meant.utctimetuple().tm_hour == hour
