"""`mulu ingest sql`: from a folder of jobs to claims."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.memory.store import MemoryStore
from ingest.pipeline import ingest
from ingest.source import Options, Record
from ingest.sources.sql import about
from ingest.sources.sql import open as open_sql
from ontology.errors import InvalidInput
from ontology.model import Ontology
from ontology.problem import Problem
from ontology.resource import Link

DW = "postgres://dw.example:5432"
JOB = """-- 作业: dws_rk_lnr  老年人口
-- 周期: 每日
delete from dws.dws_rk_lnr where dt = '${bizdate}';
insert into dws.dws_rk_lnr (zjhm, hyzk, nld)
select a.zjhm, a.hyzk_dm, case when b.nl >= 80 then '2' else '1' end
from rkk.dwd_rk_jbxx a join dim.nl b on a.csrq = b.csrq
where a.swbz in ('0', '9');
"""


def read(target: Path, ontology: Ontology, **options: Any) -> tuple[list[Record], list[Problem]]:
    given = {"namespace": DW, "database": "dw", "dialect": "postgresql", "source": "作业"} | options
    source = open_sql(str(target), Options(**given), ontology)
    source.check()
    items = list(source.read())
    return (
        [item for item in items if isinstance(item, Record)],
        [item for item in items if isinstance(item, Problem)],
    )


def links(records: list[Record]) -> dict[tuple[str, str, str], Link]:
    """(from, type, to) by the last part of their ids → link."""
    return {
        (
            record.claim.resource.rpartition("dw.")[2],
            link.type,
            link.target.rpartition("dw.")[2],
        ): link
        for record in records
        for link in record.claim.links
    }


def test_a_job_with_title_definition_reads_and_writes(tmp_path: Path, ontology: Ontology) -> None:
    (tmp_path / "dws").mkdir()
    (tmp_path / "dws/dws_rk_lnr.sql").write_text(JOB, "utf-8")
    records, problems = read(tmp_path, ontology)
    assert not problems
    job = records[0].claim
    assert (job.resource, job.type) == ("job:作业/dws/dws_rk_lnr", "Job")
    assert job.attributes["displayName"] == "dws_rk_lnr 老年人口"
    assert job.attributes["description"] == "周期: 每日"
    assert job.attributes["path"] == "dws/dws_rk_lnr.sql"
    assert job.attributes["definitionSql"] == JOB
    found = {(link.type, link.target.rpartition("dw.")[2]): link for link in job.links}
    assert ("reads", "rkk.dwd_rk_jbxx") in found
    assert ("reads", "dim.nl") in found
    assert ("writes", "dws.dws_rk_lnr") in found
    # A broken job leaves its outputs stale, without a fan-out to their fields (spreading.md §2).
    assert not any(kind == "writes" and "#" in target for kind, target in found)
    assert found["reads", "rkk.dwd_rk_jbxx#swbz"].properties == {"literals": "0\n9"}
    assert found["reads", "dim.nl#nl"].properties == {"literals": "80"}


def test_derivations_carry_rule_kind_job_and_literals(tmp_path: Path, ontology: Ontology) -> None:
    (tmp_path / "lnr.sql").write_text(JOB, "utf-8")
    found = links(read(tmp_path, ontology)[0])
    job = "job:作业/lnr"
    edge = found["dws.dws_rk_lnr", "datasetDerivedFrom", "rkk.dwd_rk_jbxx"]
    assert (edge.properties, edge.key) == ({"complete": True, "job": job}, job)
    edge = found["dws.dws_rk_lnr#zjhm", "fieldDerivedFrom", "rkk.dwd_rk_jbxx#zjhm"]
    assert edge.properties == {
        "derivation": "identity",
        "complete": True,
        "rule": "a.zjhm",
        "job": job,
    }
    edge = found["dws.dws_rk_lnr#nld", "fieldDerivedFrom", "dim.nl#nl"]
    assert edge.properties["derivation"] == "transformation"
    assert edge.properties["rule"] == "CASE WHEN b.nl >= 80 THEN '2' ELSE '1' END"
    for column in ("zjhm", "hyzk", "nld"):
        edge = found[f"dws.dws_rk_lnr#{column}", "fieldDerivedFrom", "rkk.dwd_rk_jbxx#swbz"]
        assert edge.properties["derivation"] == "filter"
        assert edge.properties["literals"] == "0\n9"
        edge = found[f"dws.dws_rk_lnr#{column}", "fieldDerivedFrom", "dim.nl#csrq"]
        assert edge.properties["derivation"] == "join"


def test_a_direct_edge_hides_an_indirect_one_of_the_same_job(
    tmp_path: Path, ontology: Ontology
) -> None:
    (tmp_path / "j.sql").write_text("insert into t (a) select x from s where x > '5';", "utf-8")
    found = links(read(tmp_path, ontology)[0])
    edge = found["public.t#a", "fieldDerivedFrom", "public.s#x"]
    assert (edge.properties["derivation"], edge.properties["rule"]) == ("identity", "x")
    assert edge.properties["literals"] == "5"


def test_the_ledgers_schemas_resolve_stars_and_names(tmp_path: Path, ontology: Ontology) -> None:
    (tmp_path / "j.sql").write_text("insert into t select * from s join u on a = c;", "utf-8")
    schemas = {
        f"dataset:{DW}/dw.public.s": ("a", "b"),
        f"dataset:{DW}/dw.public.u": ("c",),
        f"dataset:{DW}/dw.public.t": ("x", "y", "z"),
    }
    found = links(read(tmp_path, ontology, schemas=schemas)[0])
    assert ("public.t#y", "fieldDerivedFrom", "public.s#b") in found
    assert found["public.t", "datasetDerivedFrom", "public.u"].properties["complete"] is True
    unknown = links(read(tmp_path, ontology)[0])
    assert not [key for key in unknown if key[1] == "fieldDerivedFrom" and "*" in key[0]]
    assert unknown["public.t", "datasetDerivedFrom", "public.u"].properties["complete"] is False


def test_one_statement_not_understood_makes_the_pair_incomplete(
    tmp_path: Path, ontology: Ontology
) -> None:
    text = (
        "insert into t (a) select x from s; insert into t select * from s;"
        "insert into t (b) select y from u;"
    )
    (tmp_path / "j.sql").write_text(text, "utf-8")
    found = links(read(tmp_path, ontology)[0])
    complete = {
        key: link.properties["complete"] for key, link in found.items() if "Derived" in key[1]
    }
    assert complete == {
        ("public.t", "datasetDerivedFrom", "public.s"): False,
        ("public.t#a", "fieldDerivedFrom", "public.s#x"): False,
        ("public.t", "datasetDerivedFrom", "public.u"): True,
        ("public.t#b", "fieldDerivedFrom", "public.u#y"): True,
    }


def test_tables_that_jobs_create_are_known_to_other_jobs(
    tmp_path: Path, ontology: Ontology
) -> None:
    (tmp_path / "a.sql").write_text("create table t as select * from v;", "utf-8")
    (tmp_path / "b.sql").write_text("create view v as select x, y from s;", "utf-8")
    records, _ = read(tmp_path, ontology)
    found = links(records)
    assert ("public.t#y", "fieldDerivedFrom", "public.v#y") in found
    types = {record.claim.resource: record.claim.type for record in records if record.claim.type}
    assert types[f"dataset:{DW}/dw.public.v"] == "View"
    assert types[f"dataset:{DW}/dw.public.t"] == "Table"
    assert types[f"field:{DW}/dw.public.t#y"] == "Field"


def test_bindings_tell_where_foreign_schemas_live(tmp_path: Path, ontology: Ontology) -> None:
    (tmp_path / "j.sql").write_text("insert into ods.t (a) select x from hz.t_czrkxx;", "utf-8")
    (tmp_path / "bindings.yaml").write_text(
        'schemas:\n  hz: {namespace: "oracle://hz.example:1521", database: hzdb}\n', "utf-8"
    )
    (record,) = [r for r in read(tmp_path, ontology)[0] if r.claim.resource.endswith("#a")]
    assert [link.target for link in record.claim.links] == [
        "field:oracle://hz.example:1521/hzdb.hz.t_czrkxx#x"
    ]


def test_a_broken_mapping_is_refused(tmp_path: Path, ontology: Ontology) -> None:
    (tmp_path / "j.sql").write_text("select 1", "utf-8")
    (tmp_path / "bindings.yaml").write_text("schemas: [1, 2", "utf-8")
    with pytest.raises(InvalidInput, match="映射文件"):
        open_sql(str(tmp_path), Options(), ontology).check()


def test_problems_say_file_and_line(tmp_path: Path, ontology: Ontology) -> None:
    (tmp_path / "j.sql").write_text("select a from s;\n\ninsert into t selec x frm s;", "utf-8")
    records, problems = read(tmp_path, ontology)
    assert [(p.file, p.row) for p in problems] == [("j.sql", 3)]
    assert [r.claim.type for r in records] == ["Job"]


def test_a_system_hosts_the_jobs(tmp_path: Path, ontology: Ontology) -> None:
    (tmp_path / "j.sql").write_text("insert into t (a) select x from s", "utf-8")
    found = links(read(tmp_path, ontology, system="system:sjzt")[0])
    assert ("system:sjzt", "hosts", "job:作业/j") in found


@pytest.mark.parametrize(
    ("text", "title", "description"),
    [
        ("-- 作业: a  甲\n-- 乙\nselect 1", "a 甲", "乙"),
        ("/* 每日归集\n * 责任: 数据科\n */\nselect 1", "每日归集", "责任: 数据科"),
        ("select 1 -- 甲", "", ""),
        ("----\n--\nselect 1", "", ""),
    ],
)
def test_title_and_description_from_the_first_comment(
    text: str, title: str, description: str
) -> None:
    assert about(text) == (title, description)


async def test_a_second_run_changes_nothing(tmp_path: Path, ontology: Ontology) -> None:
    (tmp_path / "a.sql").write_text("create table t as select * from v;", "utf-8")
    (tmp_path / "b.sql").write_text("create view v as select x, y from s;", "utf-8")
    (tmp_path / "c.sql").write_text(JOB, "utf-8")
    store = MemoryStore()
    await store.ensure(ontology)
    for expected in (True, False):
        source = open_sql(str(tmp_path), Options(namespace=DW, dialect="postgresql"), ontology)
        report = await ingest(store, ontology, source, actor="测试")
        assert (report.commits is not None) is expected
        assert not report.problems
