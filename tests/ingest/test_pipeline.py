"""A run of a source: dry, strict, repeated, shrunk, broken off, beside an edit."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from graph.store import GraphStore
from ingest.pipeline import WRITING, ingest
from ingest.registry import factory, kinds
from ingest.rejected import MEND, PLACE, WRONG, write
from ingest.source import Place, Progress, Record, Unread, Yielded
from ontology.errors import InvalidInput
from ontology.model import Ontology
from ontology.problem import Problem, Severity
from ontology.resource import Alias, ChangeSet, Claim, Edit, Link, Rank, Source


@dataclass
class Said:
    """A source that says what it is given."""

    items: list[Yielded]
    name: str = "said"
    scope: str = "all"
    rank: Rank = Rank.AUTHORITATIVE
    streams: bool = False
    asked: list[str] = field(default_factory=list)

    def check(self) -> None:
        pass

    def fits(self, cursor: str) -> bool:
        return True

    def read(self, since: str = "") -> Iterator[Yielded]:
        self.asked.append(since)
        for item in self.items:
            if isinstance(item, Exception):
                raise item
            yield item


def department(name: str, **attributes: object) -> Record:
    claim = Claim(f"org:{name}", "Department", {"name": name, **attributes})
    return Record(claim, Place("a.csv", "", 1))


def matters(count: int, prefix: str = "事项") -> list[Yielded]:
    return [
        Record(Claim(f"matter:{prefix}{n}", "Matter", {"name": f"{prefix}{n}"}))
        for n in range(count)
    ]


@pytest.fixture
def say(store: GraphStore, ontology: Ontology):
    async def go(
        *items: Yielded,
        streams: bool = False,
        scope: str = "all",
        name: str = "said",
        rank: Rank = Rank.AUTHORITATIVE,
        **flags: object,
    ):
        source = Said(list(items), name, scope, rank, streams)
        return await ingest(store, ontology, source, actor="tester", **flags)

    return go


async def test_counts_and_commits(say, store: GraphStore) -> None:
    report = await say(*matters(3), department("市公安局"))
    assert (report.counts.new, report.types, report.exit_code) == (
        4,
        {"Department": 1, "Matter": 3},
        0,
    )
    assert report.commits == (1, 1)
    head = await store.head()
    assert (head.actor, head.source) == ("tester", "said")


async def test_a_second_run_makes_no_commit(say, store: GraphStore) -> None:
    await say(*matters(3))
    again = await say(*matters(3))
    assert again.commits is None
    assert again.counts.unchanged == 3
    assert (await store.head()).number == 1


async def test_the_same_words_of_another_rank_are_a_change(say, store: GraphStore) -> None:
    await say(department("市公安局"), rank=Rank.SCANNED)
    told = await say(department("市公安局"), rank=Rank.AUTHORITATIVE, dry_run=True)
    assert [(d.what, d.resource) for d in told.changes] == [("changed", "org:市公安局")]
    again = await say(department("市公安局"), rank=Rank.AUTHORITATIVE)
    assert (again.commits, again.counts.changed) == ((2, 2), 1)
    (held,) = (await store.held(["org:市公安局"]))["org:市公安局"]
    assert held.source.rank is Rank.AUTHORITATIVE


async def test_a_dry_run_tells_what_would_change_and_writes_nothing(say, store) -> None:
    await say(*matters(6), department("市公安局", shortName=("公安",)))
    report = await say(
        *matters(5), department("市公安局", address="一路 1 号"), *matters(1, "新"), dry_run=True
    )
    by_what = {(d.what, d.resource): d for d in report.changes}
    assert set(by_what) == {
        ("changed", "org:市公安局"),
        ("new", "matter:新0"),
        ("withdrawn", "matter:事项5"),
    }
    changed = by_what["changed", "org:市公安局"].attributes
    assert [(c.attribute, c.before, c.after) for c in changed] == [
        ("address", None, "一路 1 号"),
        ("shortName", ("公安",), None),
    ]
    assert (await store.head()).number == 1
    assert len(await store.runs()) == 1


async def test_strict_writes_nothing_when_a_row_is_wrong(say, store: GraphStore) -> None:
    nameless = Record(Claim("matter:x", "Matter", {"mainItem": "无名"}), raw={"名称": ""})
    report = await say(*matters(3), nameless, strict=True)
    assert report.refused
    assert report.exit_code == 1
    assert await store.head() is None
    report = await say(*matters(3), nameless)
    assert report.counts.new == 3  # the good half is in
    assert (report.counts.rejected, report.exit_code) == (1, 1)


async def test_what_is_gone_is_withdrawn_in_the_last_commit(say, store: GraphStore) -> None:
    await say(*matters(10))
    report = await say(*matters(9), department("市公安局"))
    assert report.counts.withdrawn == 1
    last = [c async for c in store.changes(report.commits[1] - 1)]
    assert [(c.action, c.resource) for c in last] == [("withdraw", "matter:事项9")]
    assert (await store.get_many(["matter:事项9"]))["matter:事项9"].retired


async def test_more_than_a_fifth_gone_is_asked_about_before_anything_is_written(
    say, store: GraphStore
) -> None:
    await say(*matters(10))
    with pytest.raises(InvalidInput, match="--confirm"):
        await say(*matters(7), department("市公安局"))
    assert (await store.head()).number == 1
    report = await say(*matters(7), department("市公安局"), confirm=True)
    assert report.counts.withdrawn == 3


async def test_a_dry_run_foretells_that_it_would_be_asked(say, store: GraphStore) -> None:
    await say(*matters(100))
    report = await say(*matters(10), dry_run=True)
    assert (report.counts.withdrawn, report.exit_code) == (90, 1)
    assert "would be refused without --confirm" in report.refused
    confirmed = await say(*matters(10), dry_run=True, confirm=True)
    assert (confirmed.refused, confirmed.exit_code) == ("", 0)
    assert (await store.head()).number == 1


async def test_what_is_asked_about_is_a_fifth_of_what_the_scope_holds_now(say) -> None:
    await say(*matters(100))
    await say(*matters(10), confirm=True)
    with pytest.raises(InvalidInput, match="10 个资源中的 9 个"):
        await say(*matters(1))


async def test_another_scope_is_left_alone(say, store: GraphStore) -> None:
    await say(*matters(3), scope="a")
    await say(*matters(3, "别的"), scope="b")
    assert (await store.counts())["Matter"] == 6


async def test_nothing_is_withdrawn_where_something_was_not_read(say, store) -> None:
    await say(*matters(10))
    report = await say(*matters(9), Unread(Place("b.csv"), "damaged"))
    assert (report.counts.withdrawn, report.complete, report.exit_code) == (0, False, 1)


async def test_a_row_kept_out_for_a_mistake_is_not_gone(say, store: GraphStore) -> None:
    await say(*matters(10))
    wrong = Record(Claim("matter:事项9", "Matter", {"mainItem": "名称漏填"}))
    report = await say(*matters(9), wrong)
    assert report.counts.withdrawn == 0
    assert not (await store.get_many(["matter:事项9"]))["matter:事项9"].retired


async def test_what_becomes_secret_is_withdrawn(say, store: GraphStore) -> None:
    items = [Record(Claim(f"licence:{n}", "LicenceType", {"name": f"证照{n}"})) for n in range(10)]
    await say(*items)
    secret = Claim("licence:9", "LicenceType", {"name": "证照9", "secret": True})
    report = await say(*items[:9], Record(secret, raw={"名称": "证照9"}))
    assert (report.counts.secret, report.counts.withdrawn) == (1, 1)
    assert report.rejected == ()  # its row is not repeated in the workbook


async def test_parts_of_what_is_secret_are_refused_with_it(say, store: GraphStore) -> None:
    entry, item = "entry:甲", "infoitem:甲/项"
    await say(
        Record(Claim(entry, "DataResource", {"title": "甲", "secret": True})),
        Record(Claim(item, "InformationItem", {"name": "项"})),
        Record(Claim(entry, None, {}, (Link("hasItem", item),))),
    )
    assert await store.head() is None


async def test_rows_about_one_resource_are_combined(say, store: GraphStore) -> None:
    report = await say(
        department("市公安局", shortName=("公安",)),
        department("市公安局", shortName=("市局",), address="一路 1 号"),
        department("市公安局", address="二路 2 号"),
    )
    said = (await store.get_many(["org:市公安局"]))["org:市公安局"].attributes
    assert said["shortName"] == ("公安", "市局")
    assert said["address"] == "一路 1 号"
    assert [p.severity for p in report.problems] == [Severity.WARNING]
    assert report.commits == (1, 1)


async def test_a_circle_of_wholes_is_cut_and_told(say, store: GraphStore) -> None:
    regions = [
        Record(
            Claim(
                f"region:{code}",
                "Region",
                {"code": code, "name": code},
                (Link("partOfRegion", f"region:{up}"),),
            )
        )
        for code, up in (("990100", "990102"), ("990102", "990103"), ("990103", "990100"))
    ]
    report = await say(*regions)
    assert [p.column for p in report.problems] == ["上级区划"]
    assert (await store.counts())["Region"] == 3


async def test_shapes_see_an_entry_with_its_items(say) -> None:
    """An entry stands as high as its highest item (就高), though the item comes later."""
    report = await say(
        Record(
            Claim("entry:甲", "DataResource", {"title": "甲", "securityLevel": "公开数据"}),
            Place("目录.xlsx", "目录", 4),
        ),
        Record(Claim("infoitem:甲/项", "InformationItem", {"name": "项", "securityLevel": "敏感"})),
        Record(Claim("entry:甲", None, {}, (Link("hasItem", "infoitem:甲/项"),))),
    )
    assert any("就高" in p.mend and p.row == 4 for p in report.problems)


async def test_shapes_see_what_the_ledger_has_from_others(say, store: GraphStore) -> None:
    """The items and the department's other entries come from another source."""
    entry, item, office = "entry:yl/1", "infoitem:yl/1/证件号", "org:公安局"
    first = [
        Record(Claim(item, "InformationItem", {"name": "证件号", "securityLevel": "敏感数据"})),
        Record(Claim(entry, None, {}, (Link("hasItem", item),))),
        Record(
            Claim("entry:yl/2", "DataResource", {"title": "人口"}, (Link("providedBy", office),))
        ),
    ]
    await say(*first, name="items")
    claim = Claim(
        entry,
        "DataResource",
        {"title": "人口", "securityLevel": "内部数据"},
        (Link("providedBy", office),),
    )
    report = await say(Record(claim, Place("a.csv", "", 1)), name="entries")
    told = "\n".join(p.what for p in report.problems if p.resource == entry)
    assert "低于其信息项" in told
    assert "已有同名条目" in told


async def test_what_others_said_of_an_entry_counts_where_a_list_gives_part(say) -> None:
    entry, item = "entry:yl/1", "infoitem:yl/1/证件号"
    whole = Claim(
        entry,
        "DataResource",
        {"title": "人口", "securityLevel": "敏感数据"},
        (Link("hasItem", item),),
    )
    items = Claim(item, "InformationItem", {"name": "证件号", "securityLevel": "敏感数据"})
    await say(Record(whole), Record(items), name="forms")
    part = Claim(entry, "DataResource", {"title": "人口", "updateCycle": "每日"})
    report = await say(Record(part, Place("a.csv", "", 1)), name="cycles")
    assert "低于其信息项" not in "\n".join(p.what for p in report.problems)


async def test_what_a_source_said_before_is_no_neighbour_of_what_it_says(
    say, store: GraphStore
) -> None:
    """An entry that goes to another department leaves its namesake there alone."""

    def entry(id: str, office: str) -> Record:
        claim = Claim(id, "DataResource", {"title": "人口"}, (Link("providedBy", office),))
        return Record(claim, Place("a.csv", "", 1))

    both = await say(entry("entry:yl/1", "org:公安局"), entry("entry:yl/2", "org:公安局"))
    assert "已有同名条目" in "\n".join(p.what for p in both.problems)
    moved = await say(entry("entry:yl/1", "org:公安局"), entry("entry:yl/2", "org:民政局"))
    assert "已有同名条目" not in "\n".join(p.what for p in moved.problems)


async def test_a_stronger_identifier_makes_an_alias(say, store: GraphStore) -> None:
    here = (Link("inRegion", "region:990100"),)
    weak = Claim("org:990100/市公安局", "Department", {"name": "市公安局"}, here)
    await say(Record(weak))
    code = "11990100MA1000000X"
    strong = Claim(
        "org:990100-1", "Department", {"name": "市公安局", "orgCode": ("990100-1",)}, here
    )
    report = await say(Record(strong), scope="codes")
    assert report.aliases == (Alias("org:990100/市公安局", "org:990100-1"),)
    assert code not in str(report)
    merged = (await store.get_many(["org:990100/市公安局"]))["org:990100/市公安局"]
    assert merged.id == "org:990100-1"
    again = await say(Record(strong), scope="codes")
    assert (again.commits, again.aliases) == (None, ())


async def test_an_alias_that_is_said_no_more_is_withdrawn(say, store: GraphStore) -> None:
    """Within the scope of the run; what followed from identifiers stays."""
    first, other = Alias("org:旧名", "org:市公安局"), Alias("org:别名", "org:市公安局")
    await say(department("市公安局"), first, other)
    await say(Alias("org:另名", "org:市公安局"), scope="elsewhere")
    again = await say(department("市公安局"), first, other)
    assert (again.commits, again.counts.unsaid) == (None, 0)
    dry = await say(department("市公安局"), other, dry_run=True)
    assert [(c.resource, c.what) for c in dry.changes] == [("org:旧名", "withdrawn")]
    report = await say(department("市公安局"), other)
    assert (report.counts.unsaid, report.counts.withdrawn) == (1, 0)
    assert {a.name for a in await store.aliases()} == {"org:别名", "org:另名"}
    last = await say(department("市公安局"), other)
    assert (last.commits, last.counts.unsaid) == (None, 0)


async def test_a_name_that_fits_several_is_for_a_person(say) -> None:
    here = (Link("inRegion", "region:990100"),)
    report = await say(
        *(
            Record(
                Claim(f"org:{code}", "Department", {"name": "市公安局", "orgCode": (code,)}, here)
            )
            for code in ("甲", "乙")
        )
    )
    assert report.aliases == ()
    assert [set(d.resources) for d in report.duplicates] == [{"org:甲", "org:乙"}]


async def test_a_broken_run_goes_on_at_its_cursor(store: GraphStore, ontology: Ontology) -> None:
    first = matters(3)
    broken = Said([*first, Progress(3, 6, "", "3"), RuntimeError("torn")], streams=True)  # type: ignore[list-item]
    with pytest.raises(RuntimeError):
        await ingest(store, ontology, broken, actor="tester")
    assert (await store.counts())["Matter"] == 3
    rest = Said(matters(3, "后"), streams=True)
    report = await ingest(store, ontology, rest, actor="tester", resume=True)
    assert rest.asked == ["3"]
    assert report.counts.withdrawn == 0  # what the first half met counts as met
    assert (await store.counts())["Matter"] == 6


@pytest.mark.parametrize("resume", [True, False])
async def test_a_run_torn_before_its_aliases_makes_them_when_run_again(
    say, store: GraphStore, resume: bool
) -> None:
    async def torn(changes: ChangeSet) -> None:
        """As if the process died behind the commit of the claims."""
        if changes.aliases:
            raise RuntimeError("torn")

    here = (Link("inRegion", "region:990100"),)
    weak = Claim("org:990100/市公安局", "Department", {"name": "市公安局"}, here)
    strong = Claim(
        "org:990100-1", "Department", {"name": "市公安局", "orgCode": ("990100-1",)}, here
    )
    await say(Record(weak))
    with pytest.raises(RuntimeError):
        await say(Record(strong), scope="codes", allowed=torn)
    assert (await store.counts())["Department"] == 2
    report = await say(Record(strong), scope="codes", resume=resume)
    assert report.aliases == (Alias("org:990100/市公安局", "org:990100-1"),)
    assert (await say(Record(strong), scope="codes")).commits is None


async def test_a_delivery_is_dated(say, store: GraphStore) -> None:
    at = datetime(2024, 1, 15, tzinfo=UTC)
    await say(*matters(1), at=at)
    assert (await store.head()).at == at


async def test_the_same_key_again_imports_once(say, store: GraphStore) -> None:
    await say(*matters(3), key="upload-1")
    await store.commit(
        ChangeSet("zhang", Source("said", Rank.AUTHORITATIVE), withdrawals=("matter:事项0",))
    )
    await say(*matters(3), key="upload-1")  # comes again late, and is not done again
    assert (await store.get_many(["matter:事项0"]))["matter:事项0"].retired


async def test_an_edit_gets_through_beside_an_import(store, ontology: Ontology) -> None:
    me = Source("portal", Rank.CURATED)
    importing = asyncio.create_task(ingest(store, ontology, Said(matters(4_000)), actor="tester"))
    took: list[float] = []
    loop = asyncio.get_running_loop()
    while not importing.done():
        began = loop.time()
        name = f"部门{len(took)}"
        edit = Edit(f"org:{name}", "Department", {"name": name})
        await store.commit(ChangeSet("zhang", me, edits=(edit,)))
        took.append(loop.time() - began)
        await asyncio.sleep(0.01)
    assert (await importing).counts.new == 4_000
    assert len(took) > 3
    assert sorted(took)[len(took) // 2] < 0.25


async def test_progress_is_told(say) -> None:
    told: list[Progress] = []
    await say(*matters(2), Progress(2, 2, "a.csv"), progress=told.append)
    # First as it is read, then as what was held back is written.
    assert [(p.done, p.total, p.what) for p in told] == [
        (2, 2, "a.csv"),
        (1, 2, WRITING),
        (2, 2, WRITING),
    ]


async def test_rejected_rows_come_as_a_workbook_and_go_in_again(run, store, tmp_path) -> None:
    csv = tmp_path / "事项清单.csv"
    csv.write_text("事项名称,事项编码,实施部门\n,A1,市公安局\n户口登记,A2,市公安局\n", "utf-8")
    report = await run("catalogue", csv)
    assert (report.counts.rejected, report.types["Matter"]) == (1, 1)
    book = tmp_path / "改正.xlsx"
    assert write(book, report.rejected) == 1
    sheet = openpyxl.load_workbook(book).worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    assert headers[-3:] == [PLACE, WRONG, MEND]
    workbook = openpyxl.load_workbook(book)
    column = headers.index("事项名称") + 1 if "事项名称" in headers else len(headers) + 1
    workbook.worksheets[0].cell(1, column).value = "事项名称"
    workbook.worksheets[0].cell(2, column).value = "身份证换领"
    workbook.save(book)
    assert (await run("excel", book)).exit_code == 0
    assert (await store.counts())["Matter"] == 2


async def test_a_report_is_plain_json(say) -> None:
    nameless = Record(Claim("matter:x", "Matter", {"mainItem": "无名"}), Place("a", "b", 3))
    report = await say(*matters(1), nameless, Problem("w", severity=Severity.WARNING), dry_run=True)
    told = json.loads(json.dumps(report.as_json(), ensure_ascii=False))
    assert told["counts"]["new"] == 1
    assert told["exit_code"] == 1
    assert {p["severity"] for p in told["problems"]} == {"error", "warning"}
    assert told["changes"][0]["what"] == "new"


def test_the_kinds_of_source_are_found_by_entry_point() -> None:
    assert {"catalogue", "database", "ddl", "excel", "jsonl", "sql"} <= set(kinds())
    with pytest.raises(InvalidInput, match="excel"):
        factory("excell")


async def test_a_missing_target_is_said_before_reading(run, tmp_path: Path) -> None:
    for kind in ("excel", "catalogue", "jsonl"):
        with pytest.raises(InvalidInput):
            await run(kind, tmp_path / "nowhere")


async def test_a_namesake_is_told_by_its_department(run, store, tmp_path: Path) -> None:
    """Two matters of one name; the form's own department tells which is meant."""
    matters = tmp_path / "事项清单.csv"
    matters.write_text(
        "事项名称,事项编码,实施部门\n户外广告设置,A1,市城管局\n户外广告设置,A2,市审批局\n", "utf-8"
    )
    await run("catalogue", matters, region="990100")
    entries = tmp_path / "数据资源目录.csv"
    entries.write_text(
        "数据资源名称,目录提供方,数据所属事项\n广告信息,市城管局,户外广告设置\n", "utf-8"
    )
    report = await run("catalogue", entries, region="990100", node="990100")
    assert Alias("matter:990100/市城管局/户外广告设置", "matter:A1") in report.aliases
    produced = await store.links("entry:990100/990100/市城管局/广告信息", ["producedBy"])
    assert [e.target for e in produced.edges] == ["matter:A1"]


async def test_a_link_may_be_given_by_code(run, store, tmp_path: Path) -> None:
    grants, mapping = tmp_path / "授权清单.csv", tmp_path / "m.yaml"
    grants.write_text("授权编号,授权名称,资源代码,使用部门\nQ1,甲用乙,101/1,市民政局\n", "utf-8")
    mapping.write_text("columns: {资源代码: {link: grants, by: catalogueCode}}", "utf-8")
    await run("catalogue", grants, mapping=str(mapping), node="990100", region="990100")
    edges = {(e.type, e.target) for e in (await store.links("grant:Q1")).edges}
    assert edges == {("grants", "entry:990100/101/1"), ("grantedTo", "org:990100/市民政局")}
