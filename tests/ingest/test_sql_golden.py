"""The reader against sqllineage's cases: F1 in a reviewed golden file (MULU_GOLDEN=write).

Their conventions are not gospel: where mulu differs by conviction, the case stands in DIFFERENT
with the reason. Their table cases name only the ends of a script's chain; mulu's flows are summed
up in the same way here. `<unknown>.column` of theirs is a warning of mulu's and no edge.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ingest.sql.dialect import Dialect, dialect_of
from ingest.sql.job import Job, read_job

DIALECTS: Final = {
    "db2": "ansi",
    "materialize": "postgresql",
    "vertica": "postgresql",
}
DIFFERENT: Final = {
    "test_select_column_using_cast#1": "an unnamed cast of a column is called as the column",
    "test_select_unqualified_column_from_join_is_unresolved#1": "a warning, not an unknown table",
    "test_column_disable_lateral_ref_within_subquery#2": "a warning, not an unknown table",
    "test_teradata_title_phrase#1": "sqlglot does not read TITLE: a Problem with its line",
    "test_nested_cte_with_partial_wildcard_expansion#1": "f1 beside * is an edge of its own",
    "test_select_column_using_function#1": "count(*) uses no column: rows, not values",
    "test_select_column_using_function#2": "count(*) uses no column: rows, not values",
    "test_union_where_later_branch_introduces_new_output_columns#1": "unions go by position",
    "test_swapping_partitions#1": "a function of one engine; its arguments are strings",
    "test_truncate_table#1": "a job that empties a table writes it",
    "test_delete_from_table#1": "a job that deletes from a table writes it",
    "test_select_with_table_name_in_backtick#1": "Athena's queries quote names with double quotes",
    "test_select_with_schema_in_backtick#1": "Athena's queries quote names with double quotes",
}


def dialect(case: Mapping[str, Any]) -> Dialect:
    name = str(case["dialect"])
    return dialect_of(DIALECTS.get(name, name))


def plain(name: object) -> str:
    return re.sub(r"[\s`\"]+", "", str(name).lower())


def ends(job: Job) -> set[tuple[str, str]]:
    """Tables that are only read, and tables that are only written, as the cases name them."""
    edges = {(plain(o), plain(f.target)) for f in job.flows if f.target for o in f.origins}
    read = {plain(name) for name in job.reads}
    written = {plain(name) for name in job.writes}
    between = (read & written) - {o for o, t in edges if o == t}
    return {("source", n) for n in read - between} | {("target", n) for n in written - between}


def columns(job: Job) -> set[tuple[str, str]]:
    return {(plain(e.origin), plain(e.target)) for flow in job.flows for e in flow.columns}


def wanted(case: Mapping[str, Any]) -> set[tuple[str, str]]:
    if "lineage" not in case:
        return {("source", plain(name)) for name in case["source_tables"]} | {
            ("target", plain(name)) for name in case["target_tables"]
        }

    def column(of: Mapping[str, Any]) -> str:
        return plain(f"{of['table']}.{of['column']}")

    return {(column(edge["source"]), column(edge["target"])) for edge in case["lineage"]}


def f1(right: int, extra: int, missing: int) -> float:
    return round(2 * right / (2 * right + extra + missing), 4)


def score(cases: list[dict[str, Any]]) -> dict[str, Any]:
    """Counts and F1 of both kinds, and every case that differs."""
    counts = {"table": [0, 0, 0], "column": [0, 0, 0]}
    differing: dict[str, Any] = {}
    for case in cases:
        job = read_job(case["sql"], dialect(case))
        kind = "column" if "lineage" in case else "table"
        want, got = wanted(case), columns(job) if kind == "column" else ends(job)
        for at, found in enumerate((want & got, got - want, want - got)):
            counts[kind][at] += len(found)
        if want != got:
            short = case["id"].split("::")[1].split("[")[0]
            differing[case["id"]] = {
                "extra": sorted(map(list, got - want)),
                "missing": sorted(map(list, want - got)),
                "why": DIFFERENT.get(short, "NOT EXPLAINED"),
            }
    named = ("right", "extra", "missing")
    return {
        **{
            kind: {**dict(zip(named, count, strict=True)), "f1": f1(*count)}
            for kind, count in counts.items()
        },
        "cases": len(cases),
        "differing": differing,
    }


def test_lineage_of_sqllineage_cases(shared_data: Path, golden: Path) -> None:
    cases = json.loads((shared_data / "sql_lineage/sqllineage_cases.json").read_text("utf-8"))
    found = score(cases)
    file = golden / "sql_lineage.json"
    if os.environ.get("MULU_GOLDEN") == "write":
        file.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert found == json.loads(file.read_text("utf-8"))
    assert found["table"]["f1"] >= 0.95
    assert found["column"]["f1"] >= 0.9
    assert all(case["why"] != "NOT EXPLAINED" for case in found["differing"].values())
