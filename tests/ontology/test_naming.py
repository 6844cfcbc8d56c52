"""Names of datasets: one table, one name, whoever tells of it (domain/ontology.md §8)."""

from __future__ import annotations

import pytest

from ontology.naming import (
    api_name,
    dataset_id,
    dataset_name,
    dataset_of,
    field_id,
    namespace,
    normal_namespace,
    unbound,
)


@pytest.mark.parametrize(
    ("dialect", "expected", "name"),
    [
        ("postgres", "postgres://h:5432", "d.s.t"),
        ("postgresql+psycopg", "postgres://h:5432", "d.s.t"),
        ("mysql", "mysql://h:3306", "d.t"),
        ("mariadb", "mysql://h:3306", "d.t"),
        ("tidb", "mysql://h:4000", "d.t"),
        ("oracle", "oracle://h:1521", "d.s.t"),
        ("tsql", "mssql://h:1433", "d.s.t"),
        ("hive", "hive://h:9083", "d.t"),
        ("oceanbase", "oceanbase://h:2881", "d.t"),
        ("dm", "dm://h:5236", "s.t"),
        ("kingbase", "kingbase8://h:54321", "d.s.t"),
        ("opengauss", "opengauss://h:5432", "d.s.t"),
        ("kafka", "kafka://h:9092", "t"),
        ("teradata", "teradata://h", "d.s.t"),
    ],
)
def test_engines(dialect: str, expected: str, name: str) -> None:
    assert namespace(dialect, "H") == expected
    assert dataset_name(dialect, "t", database="d", schema="s") == name


def test_a_port_that_is_given_stays() -> None:
    assert namespace("dm", "db.yunlan.example", 5237) == "dm://db.yunlan.example:5237"


def test_sqlite_is_called_by_a_configured_name_and_never_by_its_path() -> None:
    assert namespace("sqlite", name="ledger") == "sqlite:ledger"
    assert dataset_name("sqlite", "t_sjsb", database="main", schema="main") == "t_sjsb"


def test_mysql_calls_a_database_a_schema_too() -> None:
    assert dataset_name("mysql", "t", schema="hr") == "hr.t"


@pytest.mark.parametrize(
    ("seen", "normal"),
    [
        ("postgresql://HR.example", "postgres://hr.example:5432"),
        ("jdbc:postgresql://hr.example:5433/", "postgres://hr.example:5433"),
        ("kafka://a:9092,b:9092", "kafka://a:9092,b:9092"),
        ("kingbase8://h", "kingbase8://h:54321"),
        ("s3://bucket/", "s3://bucket"),
        ("file", "file"),
        ("file:///", "file"),
        ("unbound:旧系统", "unbound:旧系统"),
        ("https://api.yunlan.example/", "https://api.yunlan.example"),
    ],
)
def test_one_spelling_of_a_namespace(seen: str, normal: str) -> None:
    assert normal_namespace(seen) == normal


def test_sources_meet_at_one_dataset() -> None:
    """A scan, a DDL script bound to the host and a run event."""
    scan = dataset_id("postgres://hr.example:5432", "pension.public.person")
    assert scan == "dataset:postgres://hr.example:5432/pension.public.person"
    assert dataset_id(namespace("postgres", "hr.example"), "Pension.Public.PERSON") == scan
    assert dataset_id("postgresql://hr.example", "pension.public.person") == scan


def test_files_topics_and_apis_keep_their_case() -> None:
    assert dataset_id("file", "/Data/空气 日报.csv") == "dataset:file/Data/空气%20日报.csv"
    assert dataset_id("kafka://k:9092", "jt.GPS.taxi") == "dataset:kafka://k:9092/jt.GPS.taxi"
    get = api_name("get", "/rk/v1/lnr/{zjhm}")
    assert dataset_id("https://g.example", get) == (
        "dataset:https://g.example/GET%20/rk/v1/lnr/{zjhm}"
    )


def test_a_hash_in_a_name_is_escaped_since_it_parts_dataset_and_field() -> None:
    dataset = dataset_id("oracle://h:1521", "ORCL.HZ.T#CZ")
    assert dataset == "dataset:oracle://h:1521/orcl.hz.t%23cz"
    field = field_id(dataset, "XM#2")
    assert field == "field:oracle://h:1521/orcl.hz.t%23cz#xm%232"
    assert dataset_of(field) == dataset
    assert dataset_of("field:x") is None


def test_what_knows_no_host_lives_under_its_source() -> None:
    assert dataset_id(unbound("ddl-2024"), "hr.T") == "dataset:unbound:ddl-2024/hr.t"
