"""The gate on real schemas: columns that tell of persons and companies are dropped.

docs/real_run.md tells what is found and why. The files hold no 证件号 column; what identifies
somebody in them are telephones, mail addresses and 统一社会信用代码.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.api.command import ROOT, mulu

PERSONAL = re.compile(r"id_?card|mobile|phone|e?mail|uniform_code|credit_code", re.I)
PAGE = (ROOT / "docs" / "real_run.md").read_text("utf-8")

SETS = {
    "relational_ddl": (
        "relational_ddl/ruoyi_vue_pro_postgresql.sql",
        "--namespace postgres://oa.example:5432 --database oa --schema public --dialect postgres",
        "INSERT INTO ads_people (mobile, name) SELECT mobile, nickname FROM system_users;\n"
        "INSERT INTO ads_mail (n) SELECT count(*) FROM system_users WHERE email <> '';",
        "system_users",
    ),
    "government_catalog": (
        "government_catalog/ddl",
        "--namespace mysql://af.example:3306 --dialect mysql",
        "INSERT INTO af_configuration.t_firm_history (id, name, uniform_code, contact_phone)\n"
        "SELECT id, name, uniform_code, contact_phone FROM af_configuration.t_firm;",
        "af_configuration.t_firm",
    ),
}
"""By folder: the scripts, where they live, a job that uses them, the table that it reads."""


def run(name: str, data: Path, tmp_path: Path) -> tuple[Any, list[str]]:
    """The verdict on a migration that drops every such column, and the columns."""
    from tests.conftest import shared_data_folder

    scripts, bound, job, _ = SETS[name]
    source = shared_data_folder() / scripts
    if not source.exists():
        pytest.skip(f"{scripts} is not here")
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "job.sql").write_text(job)
    assert mulu(f"ingest ddl {source} {bound}", data=data).code in (0, 1)
    assert mulu(f"ingest sql {tmp_path / 'jobs'} {bound}", data=data).code == 0
    lines = mulu("export -", data=data).out.splitlines()
    fields = [f for line in lines if (f := json.loads(line)).get("type") == "Field"]
    asked = sorted(f["id"] for f in fields if PERSONAL.search(f["id"].partition("#")[2]))
    asked = [id for id in asked if ".ads_" not in id]
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "V1__drop.sql").write_text("\n".join(map(_drop, asked)))
    done = mulu(f"gate --migrations {tmp_path / 'new'} {bound} --json", data=data)
    assert done.code in (0, 1), done.err
    return done.json, asked


def _drop(field: str) -> str:
    dataset, _, column = field.partition("#")
    name = dataset.rpartition("/")[2].removeprefix("oa.public.")
    return f"ALTER TABLE {name} DROP COLUMN {column};"


@pytest.mark.parametrize("name", SETS)
def test_dropping_what_identifies_somebody(name: str, shared_data: Path, tmp_path: Path) -> None:
    told, asked = run(name, tmp_path / "data", tmp_path)
    assert len(asked) > 4
    assert told["doubts"] == []
    changes = {c["resource"]: c for c in told["changes"]}
    assert sorted(changes) == asked, "every one is recognised"
    assert {c["change"] for c in changes.values()} == {"remove"}
    assert [changes[id]["line"] for id in asked] == list(range(1, len(asked) + 1))
    blocked = {f["change"]["resource"] for f in told["findings"] if f["blocks"]}
    table = SETS[name][3]
    assert blocked, "what the job takes over"
    assert all(f"{table}#" in id for id in blocked), "nothing else is known to use its columns"
    for finding in (f for f in told["findings"] if f["blocks"]):
        assert finding["found"]["certainty"] == "exact"
        assert finding["found"]["path"][0]["source"].startswith("sql")
    assert f"{len(asked)} | {len(blocked)}" in PAGE, (len(asked), len(blocked))
