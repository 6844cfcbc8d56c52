"""Nothing that a script contains crashes or hangs the reader, and the rest is read."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from ingest.sql.ddl import parse_ddl
from ingest.sql.dialect import DIALECTS
from ingest.sql.job import Job, read_job
from ingest.sql.parse import MAX_LENGTH
from ingest.sql.script import split

DEEP = 5_000
NESTED: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: "select " + "(" * n + "a" + ")" * n + " from s",
    "functions": lambda n: "select " + "replace(" * n + "a" + ",'x','y')" * n + " from s",
    "subqueries": lambda n: "select a from " + "(select a from " * n + "s" + ") x" * n,
    "conditions": lambda n: (
        "select a from s where a in " + "(select a from s where a in " * n + "(1)" + ")" * n
    ),
    "cases": lambda n: (
        "select " + "case when a = 1 then 2 else " * n + "3" + " end" * n + " from s"
    ),
    "casts": lambda n: "select " + "cast(" * n + "a" + " as int)" * n + " from s",
    "joins": lambda n: "select * from " + "(" * n + "s" + " join s on 1 = 1)" * n,
    "ctes": lambda n: "with a as (" * n + "select 1" + ") select * from a" * n,
    "negations": lambda n: "select " + "not " * n + "a from s",
    "signs": lambda n: "select " + "- " * n + "a from s",
}
LONG: dict[str, str] = {
    "conjunctions": "select a from s where " + " and ".join(f"a = {i}" for i in range(DEEP)),
    "sums": "select " + " + ".join("a" for _ in range(DEEP)) + " from s",
    "unions": " union all ".join("select a from s" for _ in range(DEEP)),
    "casts": "select a" + "::int" * DEEP + " from s",
}
AROUND = (
    "insert into a (x) select y from b;\ninsert into t (z) {};\ninsert into c (x) select y from d;"
)


def rest_is_read(job: Job) -> bool:
    return {"a", "c"} <= {str(name) for name in job.writes}


@pytest.mark.parametrize("dialect", ["postgresql", "mysql"])
@pytest.mark.parametrize("kind", NESTED)
def test_nesting_5000_deep_is_a_problem_and_the_rest_goes_on(kind: str, dialect: str) -> None:
    job = read_job(AROUND.format(NESTED[kind](DEEP)), DIALECTS[dialect])
    (problem,) = job.problems
    assert "嵌套" in problem.what
    assert problem.row == 2
    assert rest_is_read(job)


@pytest.mark.parametrize("kind", NESTED)
def test_nesting_150_deep_is_read(kind: str) -> None:
    job = read_job(AROUND.format(NESTED[kind](150)), DIALECTS["postgresql"])
    assert "t" in {str(name) for name in job.writes}
    assert rest_is_read(job)


@pytest.mark.parametrize("kind", LONG)
def test_long_chains_are_read(kind: str) -> None:
    began = time.perf_counter()
    job = read_job(AROUND.format(LONG[kind]), DIALECTS["postgresql"])
    assert not job.problems
    assert [str(o) for flow in job.flows if str(flow.target) == "t" for o in flow.origins] == ["s"]
    assert rest_is_read(job)
    assert time.perf_counter() - began < 20


def test_deep_nesting_in_a_thread_with_a_small_stack() -> None:
    found: list[Job] = []

    def work() -> None:
        found.extend(
            read_job(AROUND.format(make(DEEP)), DIALECTS["mysql"]) for make in NESTED.values()
        )
        found.append(read_job(AROUND.format(NESTED["functions"](150)), DIALECTS["mysql"]))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    assert len(found) == len(NESTED) + 1
    assert all(rest_is_read(job) for job in found)


def test_doubling_ctes_stay_linear() -> None:
    for step in (
        "select x.a + y.a as a from c{0} x join c{0} y on x.a = y.a",
        "select * from c{0} union all select * from c{0}",
        "select * from c{0} x join c{0} y on x.a = y.a",
    ):
        ctes = ", ".join(f"c{n + 1} as ({step.format(n)})" for n in range(40))
        began = time.perf_counter()
        read_job(
            f"with c0 as (select * from s), {ctes} insert into t (a) select a from c40",
            DIALECTS["postgresql"],
        )
        assert time.perf_counter() - began < 5


def test_a_statement_too_long_is_a_problem() -> None:
    big = "select '" + "x" * MAX_LENGTH + "'"
    job = read_job(AROUND.format(big), DIALECTS["postgresql"])
    assert "过长" in job.problems[0].what
    assert rest_is_read(job)


def test_types_5000_deep_in_ddl() -> None:
    deep = (
        "create table a (x int); create table t (a " + "array<" * DEEP + "int" + ">" * DEEP + ");"
    )
    schema = parse_ddl(deep + "create table c (y int);", DIALECTS["hive"])
    assert {"a", "c"} <= {str(name) for name in schema.tables}


@pytest.mark.parametrize(
    "text",
    [
        "",
        ";;;",
        "'",
        '"',
        "/*",
        "--",
        "$$",
        "create table",
        "create table t",
        "create table t (",
        "create table t (,)",
        "create view v as",
        "alter table",
        "alter table t add",
        "comment on",
        "comment on column t is 'x'",
        "insert into",
        "insert into t",
        "merge into t using",
        "with a as (",
        "select",
        "DELIMITER",
        "use",
        "exec",
        "rename table a",
        "create table t (a int, primary key)",
        "\ufeffcreate table t (a int)",
        "create table t (a int \x00, b int)",
        "update set where",
        "delete",
        "from",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    ],
)
@pytest.mark.parametrize("dialect", ["mysql", "postgresql", "oracle", "sqlserver", "hive", "ansi"])
def test_fragments_never_raise(text: str, dialect: str) -> None:
    list(split(text, DIALECTS[dialect]))
    read_job(text, DIALECTS[dialect])
    parse_ddl(text, DIALECTS[dialect])
