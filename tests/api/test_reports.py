"""Who must be told, as a file: from the command line, over HTTP and over GraphQL."""

from __future__ import annotations

import csv
import io
import itertools
import json
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import openpyxl
import pytest
from starlette.testclient import TestClient

from api.app import app_of
from api.report.format import MEDIA, Format
from api.settings import settings
from tests.api.command import mulu

MARITAL = "field:kingbase8://rkk.yunlan.example:54321/rkk.public.dwd_rk_jbxx#hyzk_dm"
TABLE = "dataset:postgres://dw.yunlan.example:5432/dw.ads.ads_gl_jt"
BEGINNINGS = {
    Format.MD: b"# ",
    Format.CSV: b"\xef\xbb\xbf",
    Format.XLSX: b"PK",
    Format.DOT: b"digraph ",
    Format.MERMAID: b"flowchart LR\n",
    Format.JGF: b"{",
    Format.JSONL: b"{",
}


PHONE = "field:sqlite:rk_tz/t_czrk#sjhm"
ASKED = {
    "impact": (
        f"impact {MARITAL}",
        f"impact?id={quote(MARITAL)}",
        f'impact(ids: ["{MARITAL}"])',
    ),
    "lineage": (
        f"lineage {TABLE}",
        f"lineage?id={quote(TABLE)}",
        f'lineage(id: "{TABLE}", limit: 10000)',
    ),
    "origins": (
        f"origins {PHONE}",
        f"origins?id={quote(PHONE)}",
        f'origins(id: "{PHONE}", limit: 10000)',
    ),
    "comparison": (
        f"impact {MARITAL} --against 2024-12-31 --first 20",
        f"impact?id={quote(MARITAL)}&against=2024-12-31&first=20",
        f'comparison(ids: ["{MARITAL}"], against: "2024-12-31", first: 20)',
    ),
    "diff": (
        "diff 2025-06-30 --type System",
        "diff?start=2025-06-30&type=System",
        'diff(start: "2025-06-30", types: ["System"])',
    ),
}
"""By question: the command, the address, the GraphQL field."""


@pytest.fixture(scope="module")
def client(city: Path) -> Iterator[TestClient]:
    with TestClient(app_of(settings(data=city)), base_url="http://127.0.0.1:8000") as opened:
        yield opened


@pytest.mark.parametrize("format", Format)
@pytest.mark.parametrize("question", ASKED)
def test_the_command_and_the_server_write_the_same_file(
    question: str, format: Format, city: Path, tmp_path: Path, client: TestClient
) -> None:
    line, address, query = ASKED[question]
    path = tmp_path / f"report.{format}"
    done = mulu(f"{line} --output {path}", data=city)
    assert done.code == 0, done.err
    assert list(tmp_path.iterdir()) == [path]
    content = path.read_bytes()
    assert content.startswith(BEGINNINGS[format])
    name, _, parameters = address.partition("?")
    answer = client.get(f"/report/{name}.{format}?{parameters}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == MEDIA[format]
    assert f"{name}.{format}" in answer.headers["content-disposition"]
    asked = (
        f"{{ told: {query} {{ report(format: {format.upper()}) {{ mediaType text base64 }} }} }}"
    )
    report = client.post("/graphql", json={"query": asked}).json()["data"]["told"]["report"]
    assert report["mediaType"] == MEDIA[format]
    if format is Format.XLSX:  # a workbook has a date of its own
        assert _cells(answer.content) == _cells(b64decode(report["base64"])) == _cells(content)
    else:
        assert answer.content == report["text"].encode() == content


def _cells(book: bytes) -> list[list[Any]]:
    sheets = openpyxl.load_workbook(io.BytesIO(book)).worksheets
    return [[cell.value for cell in row] for sheet in sheets for row in sheet.iter_rows()]


def test_who_must_be_told(city: Path, tmp_path: Path) -> None:
    """Every result stands below its department, with its contact, certainty and path."""
    path = tmp_path / "told.csv"
    assert mulu(f"impact {MARITAL} -o {path}", data=city).code == 0
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    whole = mulu(f"impact {MARITAL} --json", data=city).json
    assert len(rows) == len(whole["affected"]) + len(whole["touched"])
    assert {r["标识 id"] for r in rows} >= {x["id"] for x in whole["affected"]}
    departments = [r["部门 department"] for r in rows]
    changes = sum(a != b for a, b in itertools.pairwise(departments))
    assert changes == len(set(departments)) - 1, "one block a department"
    civil = next(r for r in rows if r["部门 department"] == "云澜市民政局")
    assert civil["联系 contact"]
    assert all(r["路径 path"] and "→" in r["路径 path"] for r in rows)
    assert any("job:" in r["路径 path"] for r in rows)


def test_a_picture_begins_at_what_changes(city: Path) -> None:
    told = json.loads(mulu(f"impact {MARITAL} --format jgf", data=city).raw)["graph"]
    assert told["nodes"][MARITAL]["metadata"]["mark"] == "start"
    ends = {end for e in told["edges"] for end in (e["source"], e["target"])}
    assert ends <= told["nodes"].keys()
    assert any(e["metadata"]["rule"] and e["metadata"]["job"] for e in told["edges"])


def test_what_is_cut_says_so_in_every_form(city: Path) -> None:
    for format in (Format.MD, Format.CSV, Format.DOT, Format.MERMAID, Format.JGF):
        out = mulu(f"impact {MARITAL} --first 2 --format {format}", data=city).out
        assert "after 2" in out, format
    head = mulu(f"impact {MARITAL} --first 2 --format jsonl", data=city).out.splitlines()
    assert len(head) == 3
    assert json.loads(head[0])["next"] == 2
    for format in (Format.MD, Format.DOT):
        assert "cut" in mulu(f"lineage {TABLE} --limit 2 --format {format}", data=city).out


@pytest.mark.parametrize(
    "line",
    [
        f"impact {MARITAL} --format pdf",
        f"impact {MARITAL} --format xlsx",
        f"impact {MARITAL} --output /nowhere/at/all.csv",
        f"impact {MARITAL} --limit exact",
        f"impact explode={MARITAL}",
        f"impact {MARITAL} --level 绝密",
    ],
)
def test_what_cannot_be_written_is_told(line: str, city: Path) -> None:
    done = mulu(line, data=city)
    assert done.code == 2
    assert done.err.startswith("错误")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/report/impact.csv", 400),
        ("/report/impact.csv?id=field:nobody%23x", 404),
        (f"/report/impact.pdf?id={TABLE}", 404),
        (f"/report/nothing.csv?id={TABLE}", 404),
        (f"/report/impact.csv?id={TABLE}&first=100001", 400),
        (f"/report/impact.csv?id={TABLE}&limit=exact", 400),
        (f"/report/impact.csv?id={TABLE}&certainty=maybe", 400),
        (f"/report/impact.csv?id={TABLE}&chagne=move", 400),
        (f"/report/lineage.csv?id={TABLE}&id={TABLE}", 400),
        ("/report/impact.csv?" + "&".join(["id=x:y"] * 1001), 400),
    ],
)
def test_a_wrong_address_is_refused_before_the_file_begins(
    path: str, status: int, client: TestClient
) -> None:
    answer = client.get(path)
    assert (answer.status_code, "code" in answer.json()) == (status, True)
