"""Tables and pictures as files: nothing in them is run, broken or lost."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Iterable

import openpyxl
import pytest

from api.report.graph import MERMAID_EDGES, Arc, Graph, Vertex, as_dot, as_json_graph, as_mermaid
from api.report.sheet import Row, Sheet
from api.report.text import as_csv, as_markdown, escaped
from api.report.workbook import LONGEST, as_workbook

DANGEROUS = [
    "=1+1",
    "=cmd|'/c calc'!A0",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "＝1+1",
    " =1",
    "\t=1",
    "\r=1",
    '=HYPERLINK("http://example","x")',
]
PLAIN = ["云澜市民政局", "a,b", 'say "x"', "two\nlines", "", "a=1", "field:x#y"]


def sheet(rows: Iterable[Row], cut: tuple[str, ...] = ()) -> Sheet:
    async def taken() -> AsyncIterator[Row]:
        for row in rows:
            yield row

    return Sheet("清单", ("资源", "步"), taken(), ("说明 / a note",), cut)


async def whole(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def read_csv(made: Sheet) -> list[list[str]]:
    text = (await whole(as_csv(made))).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.parametrize("text", DANGEROUS)
async def test_csv_has_no_formula(text: str) -> None:
    (_, row) = await read_csv(sheet([(text, 1)]))
    assert row[0].startswith("'"), "a spreadsheet takes it for text"


@pytest.mark.parametrize("text", PLAIN)
async def test_csv_keeps_what_is_plain(text: str) -> None:
    assert (await read_csv(sheet([(text, -1)])))[1] == [text, "-1"]


async def test_csv_opens_in_excel_and_says_where_it_ends() -> None:
    raw = await whole(as_csv(sheet([("a", 1)], ("未完 / cut: size",))))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig").splitlines()[-1] == "未完 / cut: size"


@pytest.mark.parametrize("text", DANGEROUS)
async def test_excel_has_no_formula(text: str) -> None:
    raw = await whole(as_workbook(sheet([(text, 1)])))
    cell = openpyxl.load_workbook(io.BytesIO(raw))["清单"]["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cell.value.strip() == text.replace("\r", "").strip()


async def test_excel_to_sort_and_filter_with_a_page_about_it() -> None:
    rows: list[Row] = [("甲", 1), ("x" * 40_000, 2), ("bad\x00\x0bchar", None)]
    raw = await whole(as_workbook(sheet(rows, ("未完 / cut: size",))))
    book = openpyxl.load_workbook(io.BytesIO(raw))
    table = book["清单"]
    assert [c.value for c in table[1]] == ["资源", "步"]
    assert (table["A2"].value, table["B2"].value, table.freeze_panes) == ("甲", 1, "A2")
    assert len(table["A3"].value) == LONGEST
    assert table["A4"].value == "badchar"
    about = [row[0].value for row in book["说明"].iter_rows()]
    assert about == ["清单", "说明 / a note", "未完 / cut: size"]


async def test_markdown_shows_marks_and_does_not_act_on_them() -> None:
    rows: list[Row] = [("<b>a|b</b> `x`\nnext [l](u) *s*", None)]
    text = (await whole(as_markdown(sheet(rows, ("未完",))))).decode()
    lines = text.splitlines()
    assert lines[0] == "# 清单"
    assert "- 未完" in lines
    assert lines[-1] == "| &lt;b>a\\|b&lt;/b> \\`x\\` next \\[l\\](u) \\*s\\* |  |"
    assert escaped("\x00a\x1b") == "a"


GRAPH = Graph(
    '影响 "x"',
    (
        Vertex("field:a#x", '甲 "quoted" <b>', "Field", "start"),
        Vertex("field:b#x", "乙\\n", "Field", "exact"),
    ),
    (Arc("field:a#x", "field:b#x", "identity", 'a = "1"\n', "job:j", "sql"),),
    ("未完 / cut",),
)


def test_dot_quotes_what_is_said() -> None:
    text = b"".join(as_dot(GRAPH)).decode()
    assert text.startswith('digraph "影响 \\"x\\"" {')
    assert '"field:a#x" -> "field:b#x" [label="identity", tooltip="a = \\"1\\"\\n"];' in text
    assert '\\"quoted\\"' in text
    assert "乙\\\\n" in text
    assert "未完" in text
    assert text.endswith("}\n")


def test_mermaid_has_no_marks_of_its_own_in_texts() -> None:
    text = b"".join(as_mermaid(GRAPH)).decode()
    assert text.startswith("flowchart LR\n")
    assert '["甲 #quot;quoted#quot; #lt;b#gt;"]:::start' in text
    assert 'n0 -->|"identity"| n1' in text
    assert "未完" in text
    assert "classDef exact" in text


def test_mermaid_draws_what_mermaid_can_and_says_what_it_leaves_out() -> None:
    vertices = tuple(Vertex(f"v{i}", f"v{i}") for i in range(MERMAID_EDGES + 2))
    arcs = tuple(Arc("v0", v.id, "") for v in vertices[1:])
    text = b"".join(as_mermaid(Graph("g", vertices, arcs))).decode()
    assert text.count("-->") == MERMAID_EDGES
    assert f"first {MERMAID_EDGES} of {MERMAID_EDGES + 1}" in text


def test_json_graph_is_version_two() -> None:
    told = json.loads(b"".join(as_json_graph(GRAPH)))["graph"]
    assert told["directed"] is True
    assert told["nodes"]["field:a#x"]["metadata"] == {"type": "Field", "mark": "start"}
    (edge,) = told["edges"]
    assert (edge["source"], edge["target"], edge["relation"]) == (
        "field:a#x",
        "field:b#x",
        "identity",
    )
    assert edge["metadata"] == {"rule": 'a = "1"\n', "job": "job:j", "source": "sql"}
    assert told["metadata"] == {"complete": False, "cut": ["未完 / cut"]}
