"""The district's own databases (SQLite): the grid's events, and a population register that
collects again what the police already own (F1)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

_WG = """
CREATE TABLE t_sjsb (  -- 网格事件上报表
  sjbh varchar(20) PRIMARY KEY, wgbh varchar(14), sjlb char(4), sjms text, fsdz varchar(200),
  jd decimal(10,6), wd decimal(9,6), sbsj datetime, czdw varchar(100), bjsj datetime,
  bjzt char(1), hfjg varchar(100));
CREATE TABLE t_sjpj (  -- 网格事件评价表，2025-09-26 新建
  sjbh varchar(20) PRIMARY KEY, pjsj datetime, mydpj char(1), pjnr text);
"""
_EVENTS = (
    (
        "WG2025120001",
        "99010200100101",
        "0102",
        "小区北门暴露垃圾",
        "澜东区学府路12号",
        100.512345,
        30.112233,
        "2025-12-02 08:15:00",
        "东门街道综合行政执法队",
        "2025-12-02 11:40:00",
        "9",
        "满意",
    ),
    (
        "WG2025120002",
        "99010200100102",
        "0502",
        "早市占道经营",
        "澜东区东门街28号",
        100.513456,
        30.113344,
        "2025-12-02 09:05:00",
        "东门街道综合行政执法队",
        "2025-12-02 10:20:00",
        "9",
        "满意",
    ),
    (
        "WG2025120003",
        "99010200200101",
        "0401",
        "人行道路面塌陷",
        "澜东区月桥路3号",
        100.522222,
        30.121212,
        "2025-12-03 14:30:00",
        "月桥街道办事处",
        None,
        "4",
        None,
    ),
)
_RK = """
CREATE TABLE t_czrk (  -- 常住人口台账
  zjhm varchar(18) PRIMARY KEY, xm varchar(50), sjhm varchar(11), jzdz varchar(200),
  wgbh varchar(14), gxsj datetime);
CREATE TABLE t_fwjl (  -- 走访服务记录
  jlbh varchar(20) PRIMARY KEY, zjhm varchar(18) REFERENCES t_czrk(zjhm), fwrq date, fwnr text);
CREATE VIEW v_zfdx AS SELECT zjhm, xm, jzdz, wgbh FROM t_czrk;
"""

POPULATION = (("zjhm", "公民身份号码"), ("xm", "姓名"), ("sjhm", "手机号码"), ("jzdz", "居住地址"))
"""Columns of t_czrk that follow an element (F1: the last two are the police's to collect)."""


def write(root: Path) -> None:
    """Both databases below `root`/ledger, with a few invented rows."""
    folder = root / "ledger"
    folder.mkdir(parents=True, exist_ok=True)
    _build(folder / "wg.sqlite", _WG, "t_sjsb", _EVENTS)
    _build(folder / "rk_tz.sqlite", _RK, "", ())


def _build(path: Path, script: str, table: str, body: tuple[tuple[object, ...], ...]) -> None:
    path.unlink(missing_ok=True)
    base = sqlite3.connect(path)
    base.executescript(script)
    if body:
        marks = ", ".join("?" * len(body[0]))
        base.executemany(f"INSERT INTO {table} VALUES ({marks})", body)
    base.commit()
    base.close()
