"""Forty run events as the scheduler emits them, for a later source (openlineage)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from samples.city.entries import tables

RUNS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    # job, inputs, output
    ("ods_ga_czrk_d", ("hz.t_czrkxx",), "dw.ods.ods_ga_czrk_d"),
    ("ods_mz_hydj_d", ("hydj.t_hydj",), "dw.ods.ods_mz_hydj_d"),
    ("dwd_rk_jbxx_ga", ("dw.ods.ods_ga_czrk_d",), "rkk.dwd_rk_jbxx"),
    ("dws_rk_lnr", ("rkk.dwd_rk_jbxx",), "dw.dws.dws_rk_lnr"),
    ("ads_gl_jt", ("dw.dws.dws_rk_lnr",), "dw.ads.ads_gl_jt"),
    ("ods_sj_qy_d", ("qydj.t_qyjbxx",), "dw.ods.ods_sj_qy_d"),
    ("dwd_fr_jbxx", ("dw.ods.ods_sj_qy_d",), "frk.dwd_fr_jbxx"),
    ("dws_xy_qydf", ("frk.dwd_fr_jbxx", "dw.ods.ods_sf_xzcf_d"), "dw.dws.dws_xy_qydf"),
    ("ads_xy_hmd", ("dw.dws.dws_xy_qydf",), "dw.ads.ads_xy_hmd"),
    ("ods_rs_sb_d", ("sb.ac02",), "dw.ods.ods_rs_sb_d"),
    ("dws_ms_grjfys", ("dw.ods.ods_rs_sb_d", "dw.ods.ods_gjj_jcmx_d"), "dw.dws.dws_ms_grjfys"),
    ("ads_rc_gfzg", ("dw.dws.dws_ms_grjfys", "dw.ods.ods_bdc_fwqs_d"), "dw.ads.ads_rc_gfzg"),
    ("dwd_jt_gps_lk", ("jt.ods_jt.gps_raw", "jt.dim_jt.lw_ld"), "jt.dwd_jt.gps_lk"),
    ("dws_jt_ldsd_h", ("jt.dwd_jt.gps_lk",), "jt.dws_jt.ldsd_h"),
    ("ads_jt_ydzs", ("jt.dws_jt.ldsd_h",), "dw.ads.ads_jt_ydzs"),
    ("dwd_hj_kqz", ("dw.ods.ods_hj_kqz_h",), "dw.dwd.dwd_hj_kqz"),
    ("dws_hj_aqi_d", ("dw.dwd.dwd_hj_kqz",), "dw.dws.dws_hj_aqi_d"),
    ("ods_yj_yhpc_d", ("yh.t_yhpc",), "dw.ods.ods_yj_yhpc_d"),
    ("dws_aq_yhfx", ("dw.dwd.dwd_cs_sj", "dw.ods.ods_yj_yhpc_d"), "dw.dws.dws_aq_yhfx"),
    ("ads_ywtg_ts", ("dw.dws.dws_aq_yhfx",), "dw.ads.ads_ywtg_ts"),
)
SEEN_AS = {
    "dw.ods.ods_ga_czrk_d": "postgres://dw-vip.yunlan.example:5432",
    "rkk.dwd_rk_jbxx": "postgres://rkk.yunlan.example:54321",
}
"""F17: two tables that the scheduler reaches under other names of their hosts."""
_PRODUCER = "https://dw.yunlan.example/scheduler"
_SPEC = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
_NIGHT = datetime(2026, 1, 15, 1, 30)


def write(root: Path) -> None:
    """One file an event below `root`/openlineage."""
    folder = root / "openlineage"
    folder.mkdir(parents=True, exist_ok=True)
    for number, event in enumerate(_events(), 1):
        path = folder / f"{number:02d}_{event['job']['name']}_{event['eventType'].lower()}.json"
        text = json.dumps(event, ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _events() -> Iterator[dict[str, Any]]:
    for number, (job, inputs, output) in enumerate(RUNS):
        for minute, kind in enumerate(("START", "COMPLETE")):
            when = _NIGHT + timedelta(minutes=5 * number + 3 * minute)
            yield {
                "eventType": kind,
                "eventTime": when.strftime("%Y-%m-%dT%H:%M:%S+08:00"),
                "run": {"runId": str(UUID(int=0x99010000000040008000000000000000 + number))},
                "job": {"namespace": "yunlan-scheduler", "name": job},
                "inputs": [_dataset(short) for short in inputs],
                "outputs": [_dataset(output)],
                "producer": _PRODUCER,
                "schemaURL": _SPEC,
            }


def _dataset(short: str) -> Mapping[str, Any]:
    table = tables()[short]
    namespace, name = table.dataset
    fields = [{"name": c.name, "description": c.comment} for c in table.columns]
    return {
        "namespace": SEEN_AS.get(short, namespace),
        "name": name,
        "facets": {
            "schema": {
                "_producer": _PRODUCER,
                "_schemaURL": "https://openlineage.io/spec/facets/1-1-1/SchemaDatasetFacet.json",
                "fields": fields,
            }
        },
    }
