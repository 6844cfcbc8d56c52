"""Reading over GraphQL: words, ids, typed lists, links, history, the model."""

from __future__ import annotations

from typing import Any

from api.ledger import Ledger
from ontology.resource import ChangeSet, Claim, Link, Rank, ResourceId, Source
from ontology.viewer import Viewer


async def test_search_gives_hits_facets_and_their_resources(ask: Any) -> None:
    data = await ask(
        """query($q: String!) { search(query: $q, facets: ["sharingType", "type"], first: 5) {
             total relaxed complete
             hits { id type title score highlights { field text spans } resource { version } }
             facets { name values { value count } }
             pageInfo { hasNextPage endCursor } } }""",
        q="人口信息",
    )
    found = data["search"]
    assert found["total"] >= 60
    assert found["complete"]
    assert len(found["hits"]) == 5
    assert found["hits"][0]["resource"]["version"] == 1
    facets = {f["name"]: {v["value"]: v["count"] for v in f["values"]} for f in found["facets"]}
    assert facets["sharingType"] == {"无条件共享": 30, "有条件共享": 30}


async def test_selected_facet_values_narrow_the_hits_but_not_their_own_counts(ask: Any) -> None:
    data = await ask(
        """{ search(query: "人口信息", facets: ["sharingType"],
                    selected: [{name: "sharingType", values: ["有条件共享"]}]) {
               total facets { values { value count } } } }"""
    )
    assert data["search"]["total"] == 30
    assert len(data["search"]["facets"][0]["values"]) == 2


async def test_search_pages_on_without_gaps(ask: Any) -> None:
    seen: list[str] = []
    after = None
    while True:
        data = await ask(
            """query($after: String) { search(query: "户籍", first: 25, after: $after) {
                 hits { id } pageInfo { hasNextPage endCursor } } }""",
            after=after,
        )
        page = data["search"]
        seen += [hit["id"] for hit in page["hits"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert len(seen) == len(set(seen)) == 60


async def test_suggest_knows_the_beginning_of_a_name(ask: Any) -> None:
    data = await ask('{ suggest(prefix: "云澜") { id title } }')
    assert data["suggest"][0]["title"] == "云澜市公安局"


async def test_a_typed_list_filters_orders_and_counts(ask: Any) -> None:
    data = await ask(
        """{ informationResources(
               filter: {sharingType: {eq: "无条件共享"}, recordCount: {from: 50000}},
               order: {field: recordCount, descending: true}, first: 3) {
               totalCount pageInfo { hasNextPage endCursor }
               edges { cursor node { id title recordCount sharingType keyword } } } }"""
    )
    page = data["informationResources"]
    assert page["totalCount"] == 5
    assert [e["node"]["recordCount"] for e in page["edges"]] == [59000, 57000, 55000]
    assert page["edges"][0]["node"]["keyword"] == ["人口", "户籍"]
    assert page["pageInfo"]["hasNextPage"]


async def test_filters_combine(ask: Any) -> None:
    data = await ask(
        """{ informationResources(filter: {
               or: [{recordCount: {eq: 1000}}, {recordCount: {in: [2000, 3000]}}],
               not: {sharingType: {eq: "有条件共享"}}}) { totalCount } }"""
    )
    assert data["informationResources"]["totalCount"] == 2


async def test_an_abstract_class_lists_all_below_it(ask: Any) -> None:
    data = await ask("{ catalogEntries { totalCount nodes { __typename title } } }")
    assert data["catalogEntries"]["totalCount"] == 60
    assert data["catalogEntries"]["nodes"][0]["__typename"] == "InformationResource"


async def test_every_list_can_be_sorted_and_filtered_by_name(ask: Any) -> None:
    data = await ask(
        """{ catalogEntries(order: {field: title, descending: true}, first: 2) { nodes { title } }
             departments(filter: {title: {eq: "云澜市公安局"}}) { totalCount }
             datasets(filter: {type: {eq: "View"}}) { nodes { title __typename } } }"""
    )
    titles = [node["title"] for node in data["catalogEntries"]["nodes"]]
    assert titles == ["人口信息目录060", "人口信息目录059"]
    assert data["departments"]["totalCount"] == 1
    assert data["datasets"]["nodes"] == [{"title": "统计视图", "__typename": "View"}]


async def test_a_filter_may_name_the_resource_at_the_other_end(ask: Any) -> None:
    data = await ask(
        """{ informationResources(filter: {providedBy: {eq: "org:bureau"}}) { totalCount }
             none: informationResources(filter: {providedBy: {eq: "org:other"}}) { totalCount } }"""
    )
    assert data["informationResources"]["totalCount"] == 60
    assert data["none"]["totalCount"] == 0


async def test_links_are_fields_both_ways_with_their_evidence(ask: Any) -> None:
    data = await ask(
        """{ resource(id: "entry:demo/001") {
               ... on InformationResource {
                 providedBy { nodes { title __typename } }
                 mounts { nodes { title
                 derives: links(types: ["derivedFrom"], direction: BACKWARD) {
                   edges { source since until rule derivation properties { name value }
                           node { id title } } totalCount } } } } } }"""
    )
    found = data["resource"]
    assert found["providedBy"]["nodes"] == [{"title": "云澜市公安局", "__typename": "Department"}]
    derives = found["mounts"]["nodes"][0]["derives"]
    assert derives["totalCount"] == 1
    edge = derives["edges"][0]
    assert edge["node"]["id"].endswith("report")
    assert (edge["source"], edge["since"], edge["until"]) == ("form", 1, None)
    assert edge["derivation"] == "aggregation"
    assert edge["rule"].startswith("SELECT")


async def test_links_page_on_without_gaps(ask: Any) -> None:
    seen: list[str] = []
    after, pages = None, 0
    while pages == 0 or after is not None:
        data = await ask(
            """query($after: String) { resource(id: "org:bureau") {
                 links(direction: BACKWARD, first: 13, after: $after) {
                   edges { cursor } nodes { id } pageInfo { hasNextPage endCursor } } } }""",
            after=after,
        )
        page = data["resource"]["links"]
        seen += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None
        pages += 1
    assert pages == 5
    assert len(seen) == len(set(seen)) == 60


async def test_a_cursor_in_the_middle_of_a_page_goes_on_after_it(ask: Any) -> None:
    page = """query($after: String) { resource(id: "org:bureau") {
        links(direction: BACKWARD, first: 10, after: $after) { edges { cursor node { id } } } } }"""
    first = (await ask(page))["resource"]["links"]["edges"]
    again = (await ask(page, after=first[3]["cursor"]))["resource"]["links"]["edges"]
    assert again[:6] == [
        {**e, "cursor": a["cursor"]} for e, a in zip(first[4:], again, strict=False)
    ]
    onward = (await ask(page, after=again[2]["cursor"]))["resource"]["links"]["edges"]
    assert onward[0]["node"] == again[3]["node"]


async def test_what_is_named_only_is_a_placeholder(ask: Any, ledger: Ledger) -> None:
    told = Claim(
        ResourceId("entry:demo/x"),
        "InformationResource",
        {"title": "登记表"},
        (Link("mounts", ResourceId("dataset:file/unknown.csv")),),
    )
    await ledger.commit(ChangeSet("t", Source("a", Rank.SCANNED), claims=(told,)))
    data = await ask(
        """{ resource(id: "entry:demo/x") { ... on InformationResource { mounts {
               nodes { __typename id title placeholder type } } } } }"""
    )
    (node,) = data["resource"]["mounts"]["nodes"]
    assert node["placeholder"]
    assert node["__typename"] == "PlainDataset"


async def test_resource_is_null_where_there_is_none(ask: Any) -> None:
    data = await ask(
        '{ resource(id: "entry:none") { id } resources(ids: ["org:bureau", "x:y"]) { id } }'
    )
    assert data == {"resource": None, "resources": [{"id": "org:bureau"}, None]}


async def test_the_past_is_read_at_a_commit(ask: Any, ledger: Ledger) -> None:
    changed = Claim(ResourceId("org:bureau"), "Department", {"name": "云澜市公安局（新）"})
    await ledger.commit(ChangeSet("t", Source("form", Rank.AUTHORITATIVE), claims=(changed,)))
    data = await ask(
        """{ now: resource(id: "org:bureau") { title version }
             then: resource(id: "org:bureau", at: 1) { title version } }"""
    )
    assert data["now"]["title"] == "云澜市公安局（新）"
    assert data["then"] == {"title": "云澜市公安局", "version": 1}


async def test_results_of_the_past_are_resources_of_then(ask: Any, ledger: Ledger) -> None:
    now = Claim(
        ResourceId("dataset:postgres://pop.example:5432/pop.public.report"),
        "View",
        {"displayName": "新视图"},
    )
    await ledger.commit(ChangeSet("t", Source("form", Rank.AUTHORITATIVE), claims=(now,)), wait=5.0)
    person = "dataset:postgres://pop.example:5432/pop.public.person"
    told = await ask(
        f"""{{ impact(ids: ["{person}"], at: 1) {{ affected {{ resource {{ title }} }} }}
        lineage(id: "{person}", at: 1, direction: DOWNSTREAM) {{
            nodes {{ resource {{ title }} }} }} }}"""
    )
    assert "统计视图" in str(told["impact"])
    assert "统计视图" in str(told["lineage"])
    assert "新视图" not in str(told)


async def test_links_of_a_past_resource_are_those_of_then(ask: Any, ledger: Ledger) -> None:
    moved = Claim(ResourceId("entry:demo/001"), "InformationResource", {"title": "改名"})
    await ledger.commit(ChangeSet("t", Source("form", Rank.AUTHORITATIVE), claims=(moved,)))
    data = await ask(
        """{ now: resource(id: "entry:demo/001") { links { totalCount } }
             then: resource(id: "entry:demo/001", at: 1) { links { totalCount
               edges { until } } } }"""
    )
    assert data["now"]["links"]["totalCount"] == 0
    assert data["then"]["links"]["totalCount"] == 2


async def test_conflicts_and_history_say_who_says_what(ask: Any, ledger: Ledger) -> None:
    other = Claim(ResourceId("org:bureau"), "Department", {"name": "云澜公安"})
    await ledger.commit(ChangeSet("t", Source("scan", Rank.SCANNED), claims=(other,)))
    data = await ask(
        """{ conflicts { nodes { id conflicts { attribute said { value source rank commit } } } }
             history(id: "org:bureau") { source rank since until attributes { name value } }
             claims(id: "org:bureau") { source } }"""
    )
    (conflict,) = data["conflicts"]["nodes"][0]["conflicts"]
    assert conflict["attribute"] == "name"
    assert [s["source"] for s in conflict["said"]] == ["form", "scan"]
    assert [c["source"] for c in data["claims"]] == ["form", "scan"]
    assert [h["since"] for h in data["history"]] == [1, 2]


async def test_the_log_is_newest_first_and_pages(ask: Any, ledger: Ledger) -> None:
    for n in range(4):
        told = Claim(ResourceId(f"org:{n}"), "Department", {"name": f"部门{n}"})
        await ledger.commit(ChangeSet("t", Source("a", Rank.SCANNED), f"第{n}次", claims=(told,)))
    page = """query($after: String) { commits(first: 3, after: $after) { totalCount
        nodes { number reason lines { id action resource { title } } }
        pageInfo { hasNextPage endCursor } } }"""
    first = (await ask(page))["commits"]
    assert [n["number"] for n in first["nodes"]] == [5, 4, 3]
    assert first["nodes"][0]["lines"] == [
        {"id": "org:3", "action": "claim", "resource": {"title": "部门3"}}
    ]
    rest = (await ask(page, after=first["pageInfo"]["endCursor"]))["commits"]
    assert [n["number"] for n in rest["nodes"]] == [2, 1]
    assert not rest["pageInfo"]["hasNextPage"]
    oldest = await ask("{ commits(oldestFirst: true, first: 2) { nodes { number } } }")
    assert [n["number"] for n in oldest["commits"]["nodes"]] == [1, 2]


async def test_the_model_is_told_whole(ask: Any, ledger: Ledger) -> None:
    data = await ask(
        """{ ontology { digest facets changeKinds
               classes { name label { zh en } abstract listField createField
                 attributes { name field datatype codeList required many } links inverseLinks }
               codeLists { name codes { notation label { zh } synonyms } }
               links { name field inverseField domain range
                 spreads { direction way kinds { accepts becomes } } } } }"""
    )
    told = data["ontology"]
    assert {c["name"] for c in told["classes"]} == set(ledger.ontology.types)
    assert len(told["links"]) == len(ledger.ontology.links)
    entry = next(c for c in told["classes"] if c["name"] == "InformationResource")
    assert entry["createField"] == "createInformationResource"
    assert "providedBy" in entry["links"]
    assert "broken" not in told["changeKinds"]


async def test_every_list_and_attribute_that_the_model_names_can_be_asked(ask: Any) -> None:
    told = (await ask("{ ontology { classes { listField attributes { field } } } }"))["ontology"]
    for kind in told["classes"]:
        fields = " ".join(dict.fromkeys(["id", *(a["field"] for a in kind["attributes"])]))
        await ask(f"{{ {kind['listField']}(first: 1) {{ nodes {{ {fields} }} }} }}")


async def test_statistics_count_what_the_viewer_may_see(ask: Any) -> None:
    query = """{ statistics(facets: ["securityLevel"]) { total placeholders commits behind
        byType { value count } facets { name values { value count } } } }"""
    everything = (await ask(query))["statistics"]
    counts = {c["value"]: c["count"] for c in everything["byType"]}
    assert counts["InformationResource"] == 60
    assert everything["total"] == sum(counts.values()) == 63
    assert everything["placeholders"] == 0
    public = Viewer("guest", clearance="公开数据", personal=False)
    seen = (await ask(query, viewer=public))["statistics"]
    assert seen["total"] == 3
    assert seen["placeholders"] is None


async def test_what_is_above_the_clearance_does_not_exist_for_the_viewer(ask: Any) -> None:
    public = Viewer("guest", clearance="公开数据", personal=False)
    data = await ask(
        """{ resource(id: "entry:demo/001") { id }
             informationResources { totalCount nodes { id } }
             bureau: resource(id: "org:bureau") {
               links(direction: BACKWARD) { nodes { id } } } }""",
        viewer=public,
    )
    assert data["resource"] is None
    assert data["informationResources"] == {"totalCount": 0, "nodes": []}
    assert data["bureau"]["links"]["nodes"] == []


async def test_lineage_goes_both_ways_with_its_rules(ask: Any) -> None:
    person = "dataset:postgres://pop.example:5432/pop.public.person"
    data = await ask(
        """query($id: ID!) { lineage(id: $id, direction: DOWNSTREAM) {
             complete hidden nodes { id type title depth resource { version } }
             edges { origin use type rule kind source commit } cut }
             up: lineage(id: $id, direction: UPSTREAM) { nodes { id } edges { origin } } }""",
        id=person,
    )
    found = data["lineage"]
    assert found["complete"]
    assert {n["id"].rpartition(".")[2] for n in found["nodes"]} == {"person", "report"}
    (edge,) = found["edges"]
    assert edge["origin"] == person
    assert edge["use"].endswith("report")
    assert (edge["kind"], edge["source"], edge["commit"]) == ("aggregation", "form", 1)
    assert data["up"]["edges"] == []


async def test_impact_tells_affected_and_touched_who_answers_and_why(ask: Any) -> None:
    data = await ask(
        """{ impact(ids: ["dataset:postgres://pop.example:5432/pop.public.person"],
                    change: REMOVE, first: 500, why: true) {
               complete counts { exact indirect coarse touched } next upto
               affected { id type effect certainty depth via path { origin target type rule } }
               touched { id type effect department departmentTitle resource { title } } } }"""
    )
    found = data["impact"]
    assert found["complete"]
    (report,) = [r for r in found["affected"] if r["id"].endswith("report")]
    assert report["effect"] == "breaks"
    assert report["path"][-1]["type"] == "datasetDerivedFrom"
    entries = [r for r in found["touched"] if r["type"] == "InformationResource"]
    assert len(entries) == 60
    assert {r["departmentTitle"] for r in entries} == {"云澜市公安局"}
    assert found["counts"]["touched"] >= 60


async def test_impact_pages_and_keeps_to_the_classes_asked_for(ask: Any) -> None:
    query = """query($after: Int!) { impact(first: 25, after: $after,
        ids: ["dataset:postgres://pop.example:5432/pop.public.person"],
        types: ["InformationResource"]) { next affected { id } touched { id } } }"""
    seen: list[str] = []
    after: int | None = 0
    while after is not None:
        page = (await ask(query, after=after))["impact"]
        seen += [r["id"] for r in (*page["affected"], *page["touched"])]
        after = page["next"]
    assert len(seen) == len(set(seen)) == 60


async def test_a_timeline_tells_who_made_each_claim_and_why(ask: Any, ledger: Ledger) -> None:
    again = Claim(ResourceId("org:bureau"), "Department", {"name": "公安局"})
    source = Source("form", Rank.AUTHORITATIVE)
    await ledger.commit(ChangeSet("李工", source, "更名", claims=(again,)))
    data = await ask(
        """{ resource(id: "org:bureau") { history { since until attributes { value }
               commit { number actor reason } } } }"""
    )
    assert [h["commit"] for h in data["resource"]["history"]] == [
        {"number": 1, "actor": "seed", "reason": ""},
        {"number": 2, "actor": "李工", "reason": "更名"},
    ]
    assert [h["until"] for h in data["resource"]["history"]] == [2, None]


async def test_a_page_of_a_guest_knows_whether_it_is_the_last(ask: Any, ledger: Ledger) -> None:
    hidden = [Link("mounts", ResourceId(f"dataset:file/{n}.csv")) for n in range(5)]
    secret = tuple(
        Claim(link.target, "File", {"name": f"{n}.csv", "securityLevel": "核心数据"})
        for n, link in enumerate(hidden[:4])
    )
    open_entry = Claim(
        ResourceId("entry:demo/open"), "InformationResource", {"title": "公开目录"}, tuple(hidden)
    )
    source = Source("a", Rank.SCANNED)
    await ledger.commit(ChangeSet("t", source, claims=(open_entry, *secret)))
    guest = Viewer("guest", clearance="公开数据", personal=False)
    query = """query($after: String) { resource(id: "entry:demo/open") {
        links(first: 2, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }
        history(id: "entry:demo/open") { links { target } } }"""
    first = await ask(query, viewer=guest)
    assert first["resource"]["links"]["pageInfo"]["hasNextPage"]
    shown = [x["target"] for h in first["history"] for x in h["links"]]
    assert shown == ["dataset:file/4.csv"]


async def test_personal_data_are_for_those_who_may_see_them(ask: Any, ledger: Ledger) -> None:
    personal = sorted(
        (kind.name, a.name)
        for kind in ledger.ontology.types.values()
        for a in kind.attributes.values()
        if a.personal and not kind.abstract
    )
    assert personal, "the ontology has no personal data"
    type, name = personal[0]
    id = ResourceId(f"{ledger.ontology.types[type].family}:p")
    told = Claim(id, type, {"name": "窗口", name: "张三"})
    await ledger.commit(ChangeSet("t", Source("a", Rank.SCANNED), claims=(told,)))
    query = f"""{{ resource(id: "{id}") {{ ... on {type} {{ {name} }}
        history {{ attributes {{ name value }} }} }} }}"""
    assert "张三" in str(await ask(query))
    assert "张三" not in str(await ask(query, viewer=Viewer("guest", personal=False)))


async def test_statistics_tell_how_many_have_a_lineage(ask: Any) -> None:
    asked = "query($types: [String!]) { statistics(types: $types) { derived } }"
    assert (await ask(asked, types=["Table", "View"]))["statistics"]["derived"] == 2
    assert (await ask(asked, types=["View"]))["statistics"]["derived"] == 1
    assert (await ask(asked, types=["Department"]))["statistics"]["derived"] == 0


async def test_all_attributes_are_told_whatever_the_class(ask: Any) -> None:
    found = await ask('{ resource(id: "entry:demo/001") { attributes { name value } } }')
    told = {a["name"]: a["value"] for a in found["resource"]["attributes"]}
    assert told["sharingType"] == "无条件共享"
    assert list(told["keyword"]) == ["人口", "户籍"]
    assert told["recordCount"] == 1000
