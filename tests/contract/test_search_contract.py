"""How every search index is fed: positions, generations, several processes."""

# ruff: noqa: F401, F811  (rows of cases; fixtures come by import)

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "search"))

import small_ledger
from search_engines import (
    FACETS,
    MAPPING,
    WORDS,
    Open,
    ask,
    counts,
    docs,
    empty,
    engine,
    entry,
    found,
    index,
    open_here,
)

from ontology.errors import CatalogError
from ontology.resource import ResourceId
from search.index import Request, SearchIndex
from search.mapping import SearchMapping

# --- beginning, position, removal -----------------------------------------------------------


async def test_an_empty_index_answers(empty: SearchIndex) -> None:
    page = await ask(empty, "社保", facets=FACETS)
    assert (page.total, page.hits, page.after, page.position) == (0, (), None, 0)
    assert [f.values for f in page.facets] == [()] * len(FACETS)
    assert await empty.position() == 0
    assert await empty.count() == 0
    assert await empty.suggest("社") == ()
    assert await empty.stored() == []


async def test_before_ensure_it_says_so(open_here: Open) -> None:
    with pytest.raises(CatalogError):
        await open_here().search(Request())


async def test_documents_and_position_move_together(empty: SearchIndex) -> None:
    await empty.put(docs(entry("a", "人口")), upto=3)
    assert (await ask(empty, "人口")).position == 3
    await empty.put((), upto=9)
    assert await empty.position() == 9
    assert await found(empty, "人口") == ["entry:a"]


async def test_the_position_is_no_document(index: SearchIndex) -> None:
    assert await index.count() == len(small_ledger.LEDGER)
    assert (await ask(index, "")).total == len(small_ledger.LEDGER)
    assert (await ask(index, "position")).total == 0


async def test_a_document_put_again_replaces_the_old_one(empty: SearchIndex) -> None:
    await empty.put(docs(entry("a", "户籍登记")), upto=1)
    await empty.put(docs(entry("a", "婚姻登记")), upto=2)
    assert await empty.count() == 1
    assert (await ask(empty, "户籍")).total == 0
    assert await found(empty, "婚姻") == ["entry:a"]


async def test_twice_in_one_batch_the_last_counts(empty: SearchIndex) -> None:
    await empty.put([*docs(entry("a", "户籍登记")), *docs(entry("a", "婚姻登记"))], upto=1)
    assert await empty.count() == 1
    assert await found(empty, "登记") == ["entry:a"]
    assert await found(empty, "婚姻") == ["entry:a"]


async def test_delete(index: SearchIndex) -> None:
    await index.delete([ResourceId("entry:sbjf"), ResourceId("entry:unknown")], upto=8)
    assert "entry:sbjf" not in await found(index, "社保 缴费")
    assert await index.position() == 8
    assert await index.count() == len(small_ledger.LEDGER) - 1


async def test_delete_and_put_in_one_step(index: SearchIndex) -> None:
    fresh = docs(entry("new", "社保缴费清册"), first=90)
    await index.put(fresh, upto=9, deleted=[ResourceId("entry:sbjf")])
    assert (await found(index, "社保缴费"))[0] == "entry:new"
    assert "entry:sbjf" not in await found(index, "社保缴费")


async def test_deleted_and_put_again_in_one_step_is_there(index: SearchIndex) -> None:
    fresh = docs(entry("sbjf", "社保缴费清册"), first=90)
    await index.put(fresh, upto=9, deleted=[ResourceId("entry:sbjf")])
    assert await found(index, "清册") == ["entry:sbjf"]


async def test_all_or_nothing(empty: SearchIndex) -> None:
    def broken() -> Iterable[ResourceId]:
        yield ResourceId("entry:a")
        raise RuntimeError("the caller's iterator broke")

    await empty.put(docs(entry("a", "户籍登记")), upto=1)
    with pytest.raises(RuntimeError):
        await empty.put(docs(entry("b", "婚姻登记")), upto=2, deleted=broken())
    assert await empty.position() == 1
    assert await found(empty, "登记") == ["entry:a"]
    await empty.put(docs(entry("c", "失业登记"), first=3), upto=3)
    assert set(await found(empty, "登记")) == {"entry:a", "entry:c"}


async def test_everything_is_there_after_a_restart(open_here: Open) -> None:
    first = open_here()
    await first.ensure(MAPPING, WORDS)
    await first.put(small_ledger.documents(MAPPING), upto=7)
    before = await found(first, "社保 缴费")
    await first.close()
    second = open_here()
    await second.ensure(MAPPING)
    assert await second.position() == 7
    assert await found(second, "社保 缴费") == before
    assert not second.outdated(MAPPING, WORDS)
    await second.close()


async def test_another_process_sees_what_is_put(index: SearchIndex, open_here: Open) -> None:
    reader = open_here()
    await reader.ensure(MAPPING)
    assert await reader.position() == 7
    await index.put(docs(entry("new", "社保缴费清册"), first=90), upto=8)
    assert (await found(reader, "清册"), await reader.position()) == (["entry:new"], 8)
    await reader.close()


async def test_release_lets_another_process_feed(index: SearchIndex, open_here: Open) -> None:
    other = open_here()
    await other.ensure(MAPPING)
    await index.release()
    await other.put(docs(entry("o", "他人所写"), first=90), upto=8)
    await other.release()
    await index.put(docs(entry("i", "自己所写"), first=91), upto=9)
    assert {*await found(other, "所写")} == {"entry:o", "entry:i"}
    await other.close()


async def test_stored_lists_ids_in_order_with_digests(index: SearchIndex) -> None:
    expected = {doc.id: doc.digest for doc in small_ledger.documents(MAPPING)}
    seen: dict[str, str] = {}
    after: ResourceId | None = None
    while batch := await index.stored(after=after, limit=7):
        assert len(batch) <= 7
        seen |= {one.id: one.digest for one in batch}
        after = batch[-1].id
    assert seen == expected
    assert list(seen) == sorted(seen)


# --- generations --------------------------------------------------------------------------------


def changed() -> SearchMapping:
    """The mapping after the ontology gave abstracts more weight."""
    text = MAPPING.types["InformationResource"]
    data = MAPPING.to_json()
    for kept in data["types"].values():
        if "abstract" in kept["texts"]:
            kept["texts"] = {**kept["texts"], "abstract": 16.0}
    data["bands"] = [16.0, *data["bands"]]
    assert text.texts["abstract"] == 2
    return SearchMapping.from_json(data)


async def test_a_mapping_reads_back_what_it_wrote() -> None:
    assert SearchMapping.from_json(MAPPING.to_json()) == MAPPING
    assert SearchMapping.from_json(MAPPING.to_json()).version == MAPPING.version


async def test_a_new_generation_is_built_beside_the_old(
    index: SearchIndex, open_here: Open
) -> None:
    reader, mapping = open_here(), changed()
    await reader.ensure(mapping)
    assert index.outdated(mapping)
    assert reader.outdated(mapping)
    assert index.outdated(MAPPING, (*WORDS, "新词"))
    built = await index.rebuild(mapping, (*WORDS, "新词"))
    assert await built.position() == 0
    await built.put(small_ledger.documents(mapping)[:10], upto=3)
    assert await built.position() == 3
    assert await index.count() == len(small_ledger.LEDGER)  # the old one answers
    await index.put(docs(entry("late", "迟来的社保缴费"), first=90), upto=8)
    assert "entry:late" in await found(reader, "迟来")  # … and is still fed
    await built.put(small_ledger.documents(mapping)[10:], upto=8)
    await built.publish()
    for one in (index, reader):
        assert await one.count() == len(small_ledger.LEDGER)
        assert await one.position() == 8
        assert not one.outdated(mapping, (*WORDS, "新词"))
        assert one.mapping == mapping
        assert (await found(one, "社保缴费"))[0] == "entry:sbjf"
    await index.put(docs(entry("later", "更迟的条目"), first=91), upto=9)
    assert "entry:later" in await found(reader, "更迟")
    await reader.close()


async def test_a_generation_given_up_leaves_nothing(index: SearchIndex) -> None:
    built = await index.rebuild(changed(), ())
    await built.put([], upto=3)
    await built.discard()
    assert await index.position() == 7
    assert not index.outdated(MAPPING, WORDS)


async def test_one_left_unfinished_by_a_crash_is_in_nobody_s_way(
    index: SearchIndex, open_here: Open
) -> None:
    crashed = await index.rebuild(changed(), ())
    await crashed.put(small_ledger.documents(changed()), upto=3)
    del crashed
    await index.close()
    again = open_here()
    await again.ensure(MAPPING)
    assert await again.position() == 7
    built = await again.rebuild(MAPPING, WORDS)
    await built.put(small_ledger.documents(MAPPING), upto=9)
    await built.publish()
    assert await again.position() == 9
    await again.close()


async def test_new_names_are_found_before_and_after_they_become_words(empty: SearchIndex) -> None:
    await empty.put(docs(entry("a", "云澜通办一件事清单")), upto=1)
    assert await found(empty, "澜通办") == ["entry:a"]
    built = await empty.rebuild(MAPPING, ("澜通办",))
    await built.put(docs(entry("a", "云澜通办一件事清单")), upto=1)
    await built.publish()
    assert await found(empty, "澜通办") == ["entry:a"]


async def test_an_empty_generation_starts_all_over(index: SearchIndex) -> None:
    await (await index.rebuild(MAPPING, WORDS)).publish()
    assert (await index.count(), await index.position()) == (0, 0)
    await index.put(docs(entry("a", "人口")), upto=1)
    assert await found(index, "人口") == ["entry:a"]


# --- at once ------------------------------------------------------------------------------------


async def test_searches_and_writes_at_once(index: SearchIndex) -> None:
    async def write(n: int) -> None:
        await index.put(docs(entry(f"w{n}", f"社保缴费第{n}批"), first=100 + n), upto=100 + n)

    async def read() -> int:
        page = await ask(index, "社保缴费", facets=FACETS)
        assert page.hits[0].id.startswith("entry:")
        assert sum(counts(page, "type").values()) == page.total
        return page.total

    totals = await asyncio.gather(*(read() if n % 2 else write(n) for n in range(24)))
    assert all(t is None or t >= 2 for t in totals)
    assert (await ask(index, "社保缴费")).total >= 14


async def test_put_is_visible_to_the_next_search(index: SearchIndex) -> None:
    for n in range(20):
        await index.put(docs(entry("v", f"可见性检验{n}"), first=90), upto=8 + n)
        assert (await ask(index, "id:entry:v")).hits[0].title == f"可见性检验{n}"
        assert await index.position() == 8 + n
