"""Lineage of statements and scripts, as pairs of SQL and flows in sql/lineage.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from ingest.sql.dialect import dialect_of
from ingest.sql.job import Job, read_job
from ingest.sql.names import TableName

PAIRS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "sql" / "lineage.yaml").read_text(encoding="utf-8")
)


def described(job: Job) -> Iterator[str]:
    """A job as the lines that the pairs are written in."""
    for flow in job.flows:
        origins = ", ".join(str(name) for name in flow.origins) or "nothing"
        sure = " (complete)" if flow.complete else ""
        yield f"{flow.line} {flow.verb} {flow.target or 'only reads'} ← {origins}{sure}"
        for edge in flow.columns:
            yield f"  {edge.target.column} ← {edge.origin} {edge.kind} · {edge.rule}"
        for trace in flow.influences:
            compared = f" {list(trace.literals)}" if trace.literals else ""
            yield f"  rows by {trace.origin} {trace.kind} · {trace.rule}{compared}"
    for problem in job.problems:
        yield f"! {problem.severity} {problem.row} {problem.what}"


def columns_of(schema: dict[str, str]) -> Any:
    """A schema of the pairs as the look-up that the reader asks."""
    known = {TableName.parse(name): columns.split() for name, columns in schema.items()}

    def columns(name: TableName) -> Sequence[str] | None:
        return known.get(name)

    return columns


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["name"])
def test_lineage_of(pair: dict[str, Any]) -> None:
    columns = columns_of(pair.get("schema", {}))
    job = read_job(pair["sql"], dialect_of(pair["dialect"]), columns, "a.sql")
    assert list(described(job)) == (pair["gives"] or "").splitlines()


def test_a_statement_that_does_not_parse_is_a_problem_and_the_rest_goes_on() -> None:
    text = "insert into a select x from s;\ninsert into b selec y frm s;\ntruncate table c"
    job = read_job(text, dialect_of("postgresql"), file="job.sql")
    (problem,) = job.problems
    assert [str(name) for name in job.writes] == ["a", "c"]
    assert (problem.file, problem.row) == ("job.sql", 2)
    assert problem.value.startswith("insert into b")
    assert problem.mend
