"""The ledger's own form: what is written can be read back, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.open import open_store
from graph.store import GraphStore
from ingest.jsonl import BadLine, Header, Told, read, write, write_alias, write_header
from ingest.pipeline import WRITING, ingest
from ingest.rejected import write as write_rejected
from ingest.source import Options, Progress
from ingest.sources.jsonl import open as open_jsonl
from ontology.model import Ontology
from ontology.resource import (
    Alias,
    ChangeSet,
    Claim,
    Denial,
    Edit,
    Held,
    Link,
    LinkKey,
    Rank,
    Resource,
    Source,
)

FORM = Source("编目表", Rank.AUTHORITATIVE)
SCAN = Source("扫描", Rank.SCANNED)
PERSON = Source("portal", Rank.CURATED)


async def exported(store: GraphStore, ontology: Ontology, path: Path) -> Path:
    """All of the current state, as `mulu export` writes it."""
    with path.open("wb") as file:
        file.write(write_header(Header(ontology=ontology.digest)))
        async for resource in store.scan():
            held = (await store.held([resource.id]))[resource.id]
            edges = (await store.links(resource.id, limit=1_000)).edges
            file.write(write(resource, edges, held))
        for alias in await store.aliases():
            file.write(write_alias(alias))
    return path


@pytest.fixture
async def ledger(store: GraphStore) -> GraphStore:
    """Two sources that disagree, a person's denial, evidence on a link, an alias."""
    entry, provider = "entry:990100/1", "org:990100/市公安局"
    table, origin = "dataset:postgres://h:5432/d.s.t", "dataset:postgres://h:5432/d.s.o"
    job = "job:etl/load"
    derived = Link("datasetDerivedFrom", origin, {"job": job, "rule": "SELECT *"}, job)
    form = Claim(
        entry,
        "DataResource",
        {
            "title": "人口“基本”\n信息",
            "keyword": ("人", "口"),
            "recordCount": 1.5,
            "onMarket": True,
        },
        (Link("providedBy", provider), Link("mounts", table)),
    )
    scan = Claim(entry, "DataResource", {"title": "人口", "sharingType": "无条件共享"})
    await store.commit(
        ChangeSet("a", FORM, claims=(form, Claim(provider, "Department", {"name": "市公安局"})))
    )
    tables = (
        Claim(table, "Table", {"name": "d.s.t"}, (derived,)),
        Claim(origin, None, {"name": "d.s.o"}),
    )
    await store.commit(ChangeSet("b", SCAN, claims=(scan, *tables)))
    await store.commit(
        ChangeSet(
            "c",
            PERSON,
            edits=(
                Edit(
                    entry,
                    set={"abstract": "改过"},
                    unset=frozenset({"sharingType"}),
                    unlink=frozenset({LinkKey("mounts", table)}),
                ),
            ),
            aliases=(Alias("org:公安局", provider),),
        )
    )
    return store


async def restored(path: Path, ontology: Ontology, folder: Path) -> GraphStore:
    store = open_store(f"sqlite:///{folder / 'again.db'}")
    await store.ensure(ontology)
    report = await ingest(store, ontology, open_jsonl(str(path), Options(), ontology), actor="t")
    assert report.exit_code == 0, report.problems
    return store


async def test_lossless_both_ways(ledger: GraphStore, ontology: Ontology, tmp_path: Path) -> None:
    first = await exported(ledger, ontology, tmp_path / "a.jsonl")
    again = await restored(first, ontology, tmp_path)
    second = await exported(again, ontology, tmp_path / "b.jsonl")
    assert first.read_bytes() == second.read_bytes()
    entry = (await again.get_many(["entry:990100/1"]))["entry:990100/1"]
    assert entry.attributes["title"] == "人口“基本”\n信息"
    assert entry.attributes["abstract"] == "改过"
    assert "sharingType" not in entry.attributes  # the denial came along
    assert {c.attribute for c in entry.conflicts} == {"title"}
    assert set(entry.sources) == {"portal", "编目表", "扫描"}
    assert await again.aliases() == (Alias("org:公安局", "org:990100/市公安局"),)
    await again.close()


async def test_importing_ones_own_export_changes_nothing(ledger, ontology, tmp_path) -> None:
    path = await exported(ledger, ontology, tmp_path / "a.jsonl")
    before = await ledger.head()
    source = open_jsonl(str(path), Options(), ontology)
    report = await ingest(ledger, ontology, source, actor="t")
    assert (report.commits, report.counts.new, report.counts.changed) == (None, 0, 0)
    assert await ledger.head() == before


def test_a_line_shows_the_merge_and_who_said_what() -> None:
    claim = Claim("org:x", "Department", {"name": "X"}, (Link("inRegion", "region:1"),))
    resource = Resource("org:x", "Department", {"name": "X"}, 1, 1, sources=("扫描",))
    line = write(resource, (), (Held(claim, SCAN, 1),))
    assert (
        line
        == (
            '{"id":"org:x","type":"Department","attributes":{"name":"X"},'
            '"links":[{"type":"inRegion","target":"region:1"}],"source":"扫描","rank":"scanned"}\n'
        ).encode()
    )
    assert read(line) == [Told(claim, SCAN)]


def test_denials_and_claims_under_another_name_come_back() -> None:
    denial = Denial(frozenset({"a"}), frozenset({LinkKey("mounts", "dataset:t", "k")}), True)
    claims = (
        Held(Claim("org:y", None, {}, (), denial), PERSON, 2),
        Held(Claim("org:x", "Department", {"shortName": ("x", "y")}), SCAN, 1),
    )
    resource = Resource("org:x", "Department", {}, 2, 1)
    assert read(write(resource, (), claims)) == [Told(h.claim, h.source) for h in claims]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "JSON"),
        ("[1]", "对象"),
        ('{"type": "X"}', "id"),
        ('{"id": 7, "type": "X"}', "非空文本"),
        ('{"id": "org:x", "type": "X", "attributes": {"a": {"b": 1}}}', "属性 a"),
        ('{"id": "org:x", "type": "X", "attributes": {"a": []}}', "属性 a"),
        ('{"id": "org:x", "type": "X", "links": [{"type": "t"}]}', "target"),
        ('{"id": "org:x", "type": "X", "source": "s", "rank": "high"}', "rank"),
        ('{"id": "org:x", "type": "X", "claims": []}', "claims"),
        ('{"id": "org:x", "type": "X", "claims": {"type": "X"}}', "claims"),
        ('{"id": "org:x", "denies": {"attributes": "name"}}', "attributes"),
        ('{"id": "org:x", "denies": {"links": "abc"}}', "links"),
        ('{"id": "org:x", "denies": {"links": ["abc"]}}', "三|three"),
        ('{"mulu": "jsonl", "version": 99}', "99"),
    ],
)
def test_a_bad_line_says_why(line: str, why: str) -> None:
    with pytest.raises(BadLine, match=why):
        read(line)


async def test_lines_that_others_write_are_claims_of_the_run(run, store, tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    path.write_text(
        '{"id": "org:x", "type": "Department", "attributes": {"name": "X"}}\n'
        "not json\n"
        '{"id": "org:x", "type": "Department", "attributes": {"shortName": ["x"]}}\n'
        '{"id": "org:y", "type": "Departement", "attributes": {"name": "Y"}}\n',
        "utf-8",
    )
    report = await run("jsonl", path, source="list")
    assert [(p.row, p.severity) for p in report.problems] == [
        (2, "error"),
        (3, "error"),
        (4, "error"),
    ]
    assert report.exit_code == 1
    assert [r.id async for r in store.scan()] == ["org:x"]


async def test_resumes_at_the_line_where_it_stopped(run, store, ontology, tmp_path: Path) -> None:
    path = tmp_path / "big.jsonl"
    line = '{"id":"matter:%05d","type":"Matter","attributes":{"name":"事项 %d"}}\n'
    path.write_bytes(write_header(Header()) + "".join(line % (n, n) for n in range(2_500)).encode())
    source = open_jsonl(str(path), Options(), ontology)
    cursors = [item.cursor for item in source.read() if hasattr(item, "cursor")]
    rest = [item for item in source.read(cursors[1]) if not hasattr(item, "cursor")]
    assert [rest[0].place.row, len(rest)] == [2_000, 502]
    report = await run("jsonl", path)
    assert report.counts.new == 2_500


def ledger_of(path: Path, rows: list[int], bad: int | None = None) -> Path:
    """A sorted file of matters; one of them, if asked for, of a class that does not exist."""
    line = '{"id":"matter:%05d","type":"%s","attributes":{"name":"事项 %d"}}\n'
    lines = [line % (n, "Mater" if n == bad else "Matter", n) for n in rows]
    path.write_bytes(write_header(Header()) + "".join(lines).encode())
    return path


def broken_at(line: int):
    """Ends a run where its reading has come this far."""

    def told(progress: Progress) -> None:
        if int(progress.cursor.split(":")[1]) > line:
            raise KeyboardInterrupt

    return told


async def broken_off(run, path: Path, *, after: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        await run("jsonl", path, progress=broken_at(after))


async def test_a_resumed_run_withdraws_nothing_that_it_kept_out_before(run, store, tmp_path):
    """The row that was refused before the break is not read again, and is not gone."""
    path = ledger_of(tmp_path / "big.jsonl", [*range(2_500)])
    await run("jsonl", path)
    ledger_of(path, [*range(2_400)], bad=503)
    await broken_off(run, path, after=1_500)
    report = await run("jsonl", path, resume=True)
    assert report.counts.read == 1_402  # from the thousandth line on
    assert (report.complete, report.exit_code, report.counts.withdrawn) == (False, 1, 0)
    assert "--resume" in report.unread[0].why
    assert (await store.counts())["Matter"] == 2_500
    assert (await store.runs())[0].problems == 1
    again = await run("jsonl", path)
    assert (again.counts.withdrawn, again.counts.rejected) == (100, 1)


async def test_a_file_that_changed_after_the_break_is_read_from_its_beginning(
    run, store, tmp_path
) -> None:
    path = ledger_of(tmp_path / "big.jsonl", [*range(2_500)])
    await broken_off(run, path, after=1_500)
    ledger_of(path, [*range(10, 2_500)])
    report = await run("jsonl", path, resume=True)
    assert (report.counts.read, report.complete, report.counts.withdrawn) == (2_490, True, 10)
    assert "从头读起" in report.problems[0].what


async def test_what_is_read_before_it_is_written_goes_on_at_its_beginning(
    run, store, ontology, tmp_path
) -> None:
    """A file that is not sorted is combined first: no line of it is done before the last."""
    path = ledger_of(tmp_path / "big.jsonl", [*range(2_500)])
    path.write_text(path.read_text("utf-8").split("\n", 1)[1], "utf-8")
    source = open_jsonl(str(path), Options(), ontology)

    def told(progress: Progress) -> None:
        if progress.what == WRITING and progress.done > 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await ingest(store, ontology, source, actor="tester", progress=told)
    report = await ingest(store, ontology, source, actor="tester", resume=True)
    assert (report.counts.read, report.counts.withdrawn) == (2_500, 0)
    assert (await store.counts())["Matter"] == 2_500


async def test_refused_lines_come_as_lines_and_go_in_again(run, store, tmp_path: Path) -> None:
    path, refused = tmp_path / "list.jsonl", tmp_path / "refused.jsonl"
    path.write_text(
        '{"id": "org:x", "type": "Department", "attributes": {"name": "X"}}\n'
        '{"id": "org:y", "type": "Departement", "attributes": {"name": "Y"}}\n'
        '{"id": "org:z", "type": "Department", "attributes": {"name": "Z"}\n',
        "utf-8",
    )
    report = await run("jsonl", path)
    assert write_rejected(refused, report.rejected) == 2
    text = refused.read_text("utf-8")
    assert text.splitlines() == path.read_text("utf-8").splitlines()[1:]
    refused.write_text(text.replace("Departement", "Department").replace('"Z"}', '"Z"}}'), "utf-8")
    assert (await run("jsonl", refused)).exit_code == 0
    assert [r.id async for r in store.scan()] == ["org:x", "org:y", "org:z"]


async def test_a_line_with_something_secret_is_not_repeated(run, tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    claims = (
        '{"source": "a", "rank": "scanned", "type": "LicenceType", "attributes": {"secret": true}},'
        '{"source": "b", "rank": "scanned", "type": "Licence_", "attributes": {"name": "证照"}}'
    )
    path.write_text(f'{{"id": "licence:1", "claims": [{claims}]}}\n', "utf-8")
    report = await run("jsonl", path)
    assert (report.counts.rejected, report.rejected) == (2, ())
