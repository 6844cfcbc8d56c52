"""A nation's ledger, made by numbers alone: seeded, as a stream, without the network.

    python tests/bench/nation.py FOLDER [--scale 0.01]

Scale 1: 2 million catalogue entries and 1 million tables (the "3 million entries"), 8 million
information items and 12 million columns (the "20 million items"), .5 million jobs, elements,
code sets; 5,951 departments at any scale; 46 million links, 10 million of them lineage.

Tables stand in *flows*: each derives its columns, one by one, from an earlier table of its
flow, so that the closure of a flow's first column is known by construction. In the first half
of the tables those of a flow are neighbours, as in life; in the second they are scattered over
all of it. The first flows of both halves are those that are asked about (`starts`). Elsewhere
a tenth of the tables know only their origin as a whole, and a tenth of the flows run in a
circle. `later` are the claims of a year after: a hundredth of the lineage is another by then.
"""

# ruff: noqa: E501, SIM905  (rows of words)

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

SOURCE = "国家目录"
COLUMNS, DERIVED, ITEMS = 12, 10, 4
A_TABLE = 5
"""Resources that a change reaches for each table of a flow: the column, the table, the item,
its entry, and the information resource behind it."""
SIZES = (300_000, 10_000, 100)

PROVINCES = (
    "北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 广西 "
    "海南 重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆"
).split()
BODIES = (
    "公安 民政 人社 医保 住建 交通 水利 农业农村 商务 文旅 卫健 应急 审计 市场监管 统计 教育 科技 工信 司法 财政 "
    "自然资源 生态环境 税务 气象 海关 林草 广电 体育 能源 档案 数据 信访"
).split()
SUBJECTS = (
    "人口 企业 社保 公积金 医保 婚姻 户籍 车辆 驾驶人 不动产 排污 空气 水质 学校 教师 学生 医院 药品 食品 道路 桥梁 "
    "管网 停车 公交 出租车 低保 高龄 残疾人 退役军人 法人 信用 处罚 许可 执法 隐患 危化品 消防 气象 地名 地块 宗地 "
    "林地 耕地 农户 商户 纳税人 发票 预算 采购"
).split()
ASPECTS = (
    "基本信息 登记信息 缴费记录 变更记录 注销信息 年检结果 监测数据 统计汇总 名册 明细 台账 清单 档案 审批结果 "
    "检查记录 投诉记录 发放记录 参保登记 缴存明细"
).split()
PARTS = (
    "公民身份号码 行政区划代码 姓名 统一社会信用代码 性别 出生日期 联系电话 居住地址 登记日期 有效期 状态 金额 "
    "单位名称 法定代表人 备注 更新时间 经办机构 审批文号 证照编号 数据来源 民族 学历 职务 面积 坐标 数量 单价 "
    "起始日期 终止日期 户口类别 联系人 邮政编码"
).split()
PHYSICAL = (
    "gmsfhm xzqhdm xm tyshxydm xb csrq lxdh jzdz djrq yxq zt je dwmc fddbr bz gxsj jbjg spwh zzbh sjly mz xl zw mj zb "
    "sl dj qsrq zzrq hklb lxr yzbm"
).split()
HUB = "element:GB/公民身份号码"
DIVISIONS = "codeset:GB/行政区划代码"
LEVELS = ("公开数据", "内部数据", "内部数据", "内部数据", "敏感数据")
SHARING = ("无条件共享", "有条件共享", "有条件共享", "不予共享")
CYCLES = ("实时", "每日", "每月", "每年")
DERIVATIONS = ("identity",) * 6 + ("transformation", "transformation", "aggregation", "filter")


@dataclass(frozen=True, slots=True)
class Start:
    """A column whose removal reaches about `size` resources, of a flow that lies together or
    is scattered."""

    id: str
    size: int
    scattered: bool


@dataclass(frozen=True)
class Nation:
    """All of it at one scale. Everything is worked out from numbers; nothing is kept."""

    scale: float = 1.0
    seed: int = 7
    departments: int = 5_951
    elements: int = 5_000
    codesets: int = 1_000
    _draw: random.Random = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_draw", random.Random(self.seed))

    @property
    def tables(self) -> int:
        return max(20, round(1_000_000 * self.scale))

    @cached_property
    def resources(self) -> int:
        """How many lines the first delivery has, its head aside."""
        each = 1 + COLUMNS + 2 * (1 + ITEMS)
        jobs = -(-self.tables // 2)
        return self.departments + self.elements + self.codesets + self.tables * each + jobs

    # --- flows ----------------------------------------------------------------------------

    @property
    def _half(self) -> int:
        return self.tables // 2

    @cached_property
    def _asked(self) -> list[tuple[int, int, int]]:
        """(size, first place, tables) of the flows that are asked about, in either half."""
        found, place = [], 0
        for turn, size in enumerate(SIZES, 1):
            count = min(size // A_TABLE, self._half >> turn)
            found.append((size, place, count))
            place += count
        return [one for one in found if one[1] + one[2] <= self._half]

    def _table(self, place: int) -> int:
        """The table at a place: in the second half an affine permutation scatters them."""
        half = self._half
        if place < half:
            return place
        rest = self.tables - half
        return half + (place - half) * 611_953 % rest

    def _flow(self, within: int) -> tuple[int, int, bool]:
        """First place of the flow (within its half), its tables, and whether it is asked about."""
        end = 0
        for _, first, count in self._asked:
            if within < first + count:
                return first, count, True
            end = first + count
        length = (12, 40, 90, 25, 150, 60, 8, 33)[(within - end) // 600 % 8]
        first = end + (within - end) // 600 * 600 + (within - end) % 600 // length * length
        return first, length, False

    def origin(self, place: int) -> tuple[int | None, bool]:
        """The place that the table at a place is derived from, and whether column by column."""
        half = 0 if place < self._half else self._half
        within = place - half
        first, length, asked = self._flow(within)
        i = within - first
        if i == 0:
            last = min(first + length, self.tables - half if half else self._half) - 1
            circle = not asked and first // 8 % 10 == 0 and last > first
            return (half + last if circle else None), True
        parent = i - 1 if i % 50 < 20 else i // 3
        return half + first + parent, asked or i % 10 != 9

    def starts(self) -> tuple[Start, ...]:
        """The columns that are asked about."""
        return tuple(
            Start(column(self._table(half + first), 0), count * A_TABLE, bool(half))
            for half in (0, self._half)
            for _, first, count in self._asked
        )

    # --- lines ----------------------------------------------------------------------------

    def lines(self) -> Iterator[str]:
        """The first delivery."""
        yield '{"mulu":"jsonl","version":1,"ontology":"","sorted":true}\n'
        yield from self._references()
        for place in range(self.tables):
            yield from self._entry(place)
            yield from self._columns(place, self._table(place), place // 2)

    def later(self) -> Iterator[str]:
        """What is said a year after: every hundredth table is derived by another job."""
        yield '{"mulu":"jsonl","version":1,"ontology":"","sorted":true}\n'
        for place in range(7, self.tables, 100):
            yield from self._columns(place, self._table(place), place // 2 + 10_000_000, only=True)

    def _references(self) -> Iterator[str]:
        for n in range(self.departments):
            yield (
                f'{{"id":"{department(n)}","type":"Department","attributes":'
                f'{{"name":"{_department(n)}"}}}}\n'
            )
        for n in range(self.elements):
            name = "公民身份号码" if n == 0 else f"{SUBJECTS[n % 49]}{PARTS[n % 32]}{n // 32}"
            yield (
                f'{{"id":"{element(n)}","type":"DataElement","attributes":'
                f'{{"nameZh":"{name}","identifier":"DE{n:05}"}}}}\n'
            )
        for n in range(self.codesets):
            name = "行政区划代码" if n == 0 else f"{SUBJECTS[n % 49]}类别代码{n // 49}"
            yield (
                f'{{"id":"{codeset(n)}","type":"CodeSet","attributes":'
                f'{{"nameZh":"{name}","identifier":"CV{n:04}"}}}}\n'
            )

    def _entry(self, place: int) -> Iterator[str]:
        """The two entries of a table: the data resource that it is mounted by, and the
        information resource that this materialises; with their items."""
        draw, t = self._draw.random, self._table(place)
        owner = int(self.departments * draw() ** 3)
        name = f"{PROVINCES[owner % 31]}{SUBJECTS[int(draw() * 49)]}{ASPECTS[int(draw() * 19)]}"
        level, sharing = LEVELS[int(draw() * 5)], SHARING[int(draw() * 4)]
        cycle, day = CYCLES[t % 4], f"20{t % 11 + 15}-0{t % 9 + 1}-{t % 18 + 10}"
        for kind, more in (
            ("DataResource", f'{{"type":"mounts","target":"{dataset(t)}"}}'),
            ("InformationResource", f'{{"type":"materialisedBy","target":"{entry(2 * t)}"}}'),
        ):
            e = 2 * t + (kind == "InformationResource")
            items = [item(e, k) for k in range(ITEMS)]
            parts = ",".join(f'{{"type":"hasItem","target":"{i}"}}' for i in items)
            title = f"{name}{'库' if kind == 'DataResource' else ''}"
            yield (
                f'{{"id":"{entry(e)}","type":"{kind}","attributes":{{"title":"{title}",'
                f'"abstract":"{title}，{cycle}更新，供各地各部门共享使用。",'
                f'"sharingType":"{sharing}","securityLevel":"{level}","updateCycle":"{cycle}",'
                f'"publishedAt":"{day}"}},"links":[{parts},'
                f'{{"type":"providedBy","target":"{department(owner)}"}},{more}]}}\n'
            )
            for k, id in enumerate(items):
                links = []
                if k < 2:
                    links.append(f'{{"type":"conformsTo","target":"{HUB}"}}')
                if kind == "DataResource":
                    links.append(f'{{"type":"mapsTo","target":"{column(t, k)}"}}')
                part = PARTS[k if k < 2 else (t + 7 * k) % 32]
                yield (
                    f'{{"id":"{id}","type":"InformationItem","attributes":{{"name":"{part}",'
                    f'"order":{k + 1},"dataType":"字符型 C","length":{t % 60 + 4}}},'
                    f'"links":[{",".join(links)}]}}\n'
                )

    def _columns(self, place: int, t: int, job: int, *, only: bool = False) -> Iterator[str]:
        """The table and its columns; with the job, for every second table. `only` the columns
        that are derived."""
        above, by_column = self.origin(place)
        origin = None if above is None else self._table(above)
        work = f"job:etl.gov.example/{job:08}"
        if not only:
            yield from self._table_line(t, None if by_column else origin)
            if place % 2 == 0:
                yield _job_line(work, t, t if origin is None else origin)
        for k in range(COLUMNS):
            links = []
            if k == 0:
                links.append(f'{{"type":"conformsTo","target":"{HUB}"}}')
            elif k == 1:
                links.append(f'{{"type":"valueDomain","target":"{DIVISIONS}"}}')
            if by_column and origin is not None and k < DERIVED:
                way = DERIVATIONS[0 if k < 3 else (t + k) % 10]
                links.append(
                    f'{{"type":"fieldDerivedFrom","target":"{column(origin, k)}","key":"{work}",'
                    f'"properties":{{"derivation":"{way}","job":"{work}"}}}}'
                )
            elif only:
                continue
            part = k if k < 2 else (t + 7 * k) % 32
            yield (
                f'{{"id":"{column(t, k)}","type":"Field","attributes":{{"physicalName":'
                f'"{PHYSICAL[part]}","displayName":"{PARTS[part]}",'
                f'"sqlType":"varchar({t % 60 + 4})","ordinal":{k + 1}}},"links":[{",".join(links)}]}}\n'
            )

    def _table_line(self, t: int, origin: int | None) -> Iterator[str]:
        parts = ",".join(f'{{"type":"hasField","target":"{column(t, k)}"}}' for k in range(COLUMNS))
        derived = ""
        if origin is not None:
            derived = f',{{"type":"datasetDerivedFrom","target":"{dataset(origin)}"}}'
        owner = t * 2_654_435_761 % self.departments
        yield (
            f'{{"id":"{dataset(t)}","type":"Table","attributes":{{"name":"gov.s{t % 997}.t_{t}",'
            f'"displayName":"{SUBJECTS[t % 49]}{ASPECTS[t % 19]}表",'
            f'"recordCount":{t * 37 % 9_999_991}}},'
            f'"links":[{parts},{{"type":"managedBy","target":"{department(owner)}"}}{derived}]}}\n'
        )


def _job_line(work: str, t: int, origin: int) -> str:
    return (
        f'{{"id":"{work}","type":"Job","attributes":{{"name":"etl_{t}"}},"links":['
        f'{{"type":"reads","target":"{dataset(origin)}"}},'
        f'{{"type":"writes","target":"{dataset(t)}"}}]}}\n'
    )


def _department(n: int) -> str:
    place = PROVINCES[n % 31]
    where = f"{place}第{n // 992 + 1}区" if n >= 992 else place
    return f"{where}{BODIES[n // 31 % 32]}{'厅' if n < 992 else '局'}"


def department(n: int) -> str:
    return f"org:{n:06}"


def element(n: int) -> str:
    return HUB if n == 0 else f"element:GB/DE{n:05}"


def codeset(n: int) -> str:
    return DIVISIONS if n == 0 else f"codeset:GB/CV{n:04}"


def entry(n: int) -> str:
    return f"entry:{n % 31 + 11}0000/{n:08}"


def item(n: int, k: int) -> str:
    return f"infoitem:{n % 31 + 11}0000/{n:08}/{k}"


def dataset(t: int) -> str:
    return f"dataset:postgres://db.gov.example:5432/gov.s{t % 997}.t_{t}"


def column(t: int, k: int) -> str:
    return f"field:postgres://db.gov.example:5432/gov.s{t % 997}.t_{t}#c{k}"


def write(folder: Path, nation: Nation) -> tuple[Path, Path]:
    """Both deliveries as files; a few megabytes of memory at any scale."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = folder / "2025.jsonl", folder / "2026.jsonl"
    for path, lines in zip(paths, (nation.lines(), nation.later()), strict=True):
        with path.open("w", encoding="utf-8", buffering=1 << 20) as file:
            file.writelines(lines)
    return paths


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--scale", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=7)
    said = parser.parse_args()
    for path in write(said.folder, Nation(said.scale, said.seed)):
        print(path, f"{path.stat().st_size:,}")


if __name__ == "__main__":
    main()
