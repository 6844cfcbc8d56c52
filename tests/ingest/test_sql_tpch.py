"""The TPC-H queries: each parses, and resolves as its qualified form does without a schema."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ingest.sql.dialect import DIALECTS
from ingest.sql.job import read_job
from ingest.sql.names import TableName
from ingest.sql.script import split

TPCH: Final = {
    "nation": "n_nationkey n_name n_regionkey n_comment",
    "region": "r_regionkey r_name r_comment",
    "part": "p_partkey p_name p_mfgr p_brand p_type p_size p_container p_retailprice p_comment",
    "supplier": "s_suppkey s_name s_address s_nationkey s_phone s_acctbal s_comment",
    "partsupp": "ps_partkey ps_suppkey ps_availqty ps_supplycost ps_comment",
    "customer": "c_custkey c_name c_address c_nationkey c_phone c_acctbal c_mktsegment c_comment",
    "orders": "o_orderkey o_custkey o_orderstatus o_totalprice o_orderdate o_orderpriority o_clerk "
    "o_shippriority o_comment",
    "lineitem": "l_orderkey l_partkey l_suppkey l_linenumber l_quantity l_extendedprice l_discount "
    "l_tax l_returnflag l_linestatus l_shipdate l_commitdate l_receiptdate l_shipinstruct "
    "l_shipmode l_comment",
}


def columns(name: TableName) -> list[str] | None:
    found = TPCH.get(name.table.lower())
    return found.split() if found else None


def test_all_queries_resolve_to_the_columns_of_their_qualified_form(shared_data: Path) -> None:
    text = (shared_data / "sql_lineage/tpch_queries.sql").read_text("utf-8")
    statements = [statement.text for statement in split(text, DIALECTS["duckdb"])]
    assert len(statements) == 44
    for plain, qualified in zip(statements[::2], statements[1::2], strict=True):
        found, expected = used(plain, known=True), used(qualified, known=False)
        assert found == expected, plain
        assert all(found)


def used(query: str, *, known: bool) -> tuple[set[tuple[str, str]], set[str]]:
    """Output column with each column that it comes from; all columns that choose rows."""
    job = read_job(
        f"create table result as {query}",
        DIALECTS["duckdb"],
        columns if known else lambda _: None,
    )
    assert not job.problems
    (flow,) = job.flows
    derived = {(e.target.key, str(e.origin).lower()) for e in flow.columns if e.kind.direct}
    # the qualified form was also simplified: conditions moved between WHERE and ON
    return derived, {str(trace.origin).lower() for trace in flow.influences}
