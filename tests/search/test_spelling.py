"""Did you mean: from what was typed and names that the ledger has."""

import pytest

from search.parse import parse
from search.spelling import MAX_CHUNKS, chunks, mend
from search.text import Segmenter

NAMES = [
    *("社保缴费信息", "住房公积金缴存明细", "高龄津贴发放", "统一社会信用代码", "人口"),
    *("云澜市民政局", "市公安局", "港澳居民来往内地通行证", "个体工商户", "文物保护单位"),
    "云澜市市场监督管理局",
]
WORDS = Segmenter(["云澜市", "民政局", "公安局", "市场监督管理局"])


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("社报", "社保"),
        ("社报缴费", "社保缴费"),
        ("公绩金", "公积金"),
        ("高铃津贴", "高龄津贴"),
        ("统一社会信代码", "统一社会信用代码"),
        ("津高龄贴", None),
        ("龄高津贴", "高龄津贴"),
        ("社保缴废", "社保缴费"),
        ("shebao", "社保"),
        ("sbjf", "社保缴费"),
        ("ShebaoJiaofei", "社保缴费"),
        ("renkou", "人口"),
        ("minzhengju", "民政局"),
        ("gaj", "公安局"),
        ("个体户", "个体工商户"),
        ("市监局", "市场监督管理局"),
        ("五保", None),
        ("房产证", None),
        ("火星殖民", None),
        ("社", None),
        ("人口", None),
        ("ab", None),
    ],
)
def test_mends(typed: str, meant: str | None) -> None:
    assert mend(typed, NAMES, WORDS) == meant


def test_only_pieces_of_texts_are_mended() -> None:
    query = parse('社报 "公绩金 缴存" 部门:人社局 -明细 前*', {"部门": "department"})
    assert chunks(query) == ("社报", "公绩金", "缴存")
    assert len(chunks(parse(" ".join(f"词{n}" for n in range(99)), {}))) == MAX_CHUNKS
