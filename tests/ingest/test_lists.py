"""Real lists by others: regions, departments, matters, 940 datasets. Nothing is lost."""

from __future__ import annotations

from pathlib import Path

from graph.store import GraphStore


async def test_regions_have_padded_codes_and_parents(run, store: GraphStore, shared_data) -> None:
    report = await run("catalogue", shared_data / "code_sets")
    lines = sum(
        len(file.read_text("utf-8").splitlines()) - 1
        for file in (shared_data / "code_sets").glob("*.csv")
    )
    doubled = 3  # 东莞, 中山, 儋州 are their own only county
    assert report.types == {"Region": lines - doubled}
    assert report.exit_code == 0
    beijing = await store.get_many(["region:110000", "region:110101"])
    assert beijing["region:110000"].attributes["name"] == "北京市"
    assert beijing["region:110101"].attributes["code"] == "110101"
    up = {e.target for e in (await store.links("region:110101", ["partOfRegion"])).edges}
    assert up == {"region:110100"}


async def test_a_region_is_no_part_of_itself(run, store: GraphStore, shared_data: Path) -> None:
    await run("catalogue", shared_data / "code_sets")
    up = {e.target for e in (await store.links("region:441900", ["partOfRegion"])).edges}
    assert up == {"region:440000"}


async def test_departments(run, store: GraphStore, shared_data: Path) -> None:
    report = await run("catalogue", shared_data / "departments")
    assert report.types == {"Department": 75}
    assert (await store.counts())["provisional"] == 75  # names are all that is known


async def test_matters_keep_their_codes_and_find_their_region(
    run, store: GraphStore, shared_data: Path
) -> None:
    report = await run("catalogue", shared_data / "service_matters")
    assert report.types == {"Department": 34, "Matter": 1135}
    assert report.exit_code == 0
    lower = "511F0045400001-511602000000-000-11511301452259996u-1-00"
    id = f"matter:{lower.upper()}"  # compared in upper case, kept as written
    assert (await store.get_many([id]))[id].attributes["itemCode"] == lower
    holders = [e.target async for r in store.scan("Matter") for e in await _edges(store, r.id)]
    assert {h.partition("/")[0] for h in holders} == {"org:511602"}


async def _edges(store: GraphStore, id: str) -> tuple:
    return (await store.links(id, ["heldBy"])).edges


async def test_matters_of_one_name_are_listed_for_a_person(run, shared_data: Path) -> None:
    report = await run("catalogue", shared_data / "service_matters")
    assert [d.value for d in report.duplicates] == [
        "求职创业补贴申领",
        "城市建筑物设施上张挂张贴宣传品审批",
    ]
    assert report.aliases == ()


async def test_datasets_of_a_portal(run, store: GraphStore, shared_data: Path) -> None:
    report = await run("catalogue", shared_data / "open_data_catalogs")
    assert report.types["DataResource"] == 940
    assert report.types["Department"] == 108
    assert report.counts.rejected == 0
    id = "entry:data.gov.tw/6070"
    entry = (await store.get_many([id]))[id]
    assert entry.attributes["title"] == "道路(橋梁)災害性封閉"  # kept in Traditional
    assert entry.attributes["updateCycle"] == "静态"  # 不更新
    assert entry.attributes["format"] == ("KML",)  # KMZ
    assert entry.attributes["openLicence"] == "政府資料開放授權條款-第1版"
    edges = (await store.links(id)).edges
    assert ("providedBy", "org:交通部公路总局") in {(e.type, e.target) for e in edges}
    assert sum(e.type == "hasItem" for e in edges) == 4
    with_items = 0
    async for resource in store.scan("DataResource"):
        with_items += bool((await store.links(resource.id, ["hasItem"], limit=1)).edges)
    assert with_items >= 574  # 576 have a list, two of them of blanks


async def test_a_second_run_of_each_list_makes_no_commit(run, shared_data: Path) -> None:
    for folder in ("departments", "service_matters", "code_sets"):
        assert (await run("catalogue", shared_data / folder)).commits is not None
        assert (await run("catalogue", shared_data / folder)).commits is None
