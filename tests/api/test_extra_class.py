"""The test of the idea: a class added in a TTL file has its own type, list and mutations."""

from __future__ import annotations

from typing import Any

CREATE = """mutation($input: UrbanComponentInput!) {
    createUrbanComponent(input: $input, wait: true) {
    commit { number } resource { id ... on UrbanComponent {
        componentClass recordedIn { nodes { id title } } } } } }"""

LAMP = {
    "name": "人民路 12 号路灯",
    "componentCode": "9901020100000001",
    "componentClass": "公用设施",
    "inspectionDays": 30,
    "recordedIn": ["dataset:postgres://pop.example:5432/pop.public.person"],
}


async def test_it_is_created_listed_found_and_reached(ask_extended: Any) -> None:
    made = (await ask_extended(CREATE, input=LAMP))["createUrbanComponent"]["resource"]
    assert made["id"] == "component:9901020100000001"
    assert made["componentClass"] == "公用设施类"
    assert made["recordedIn"]["nodes"][0]["title"] == "人口表"

    data = await ask_extended(
        """{ urbanComponents(filter: {componentClass: {eq: "公用设施类"},
                                      inspectionDays: {to: 60}}) {
               totalCount nodes { name inspectionDays } }
             search(query: "路灯", facets: ["componentClass"]) {
               total facets { values { value count } } }
             impact(ids: ["dataset:postgres://pop.example:5432/pop.public.person"]) {
               affected { id effect via } } }"""
    )
    assert data["urbanComponents"]["nodes"] == [{"name": LAMP["name"], "inspectionDays": 30}]
    assert data["search"]["facets"][0]["values"] == [{"value": "公用设施类", "count": 1}]
    reached = {r["id"]: r for r in data["impact"]["affected"]}
    assert reached["component:9901020100000001"]["via"] == "recordedIn"


async def test_datasets_know_what_is_recorded_in_them(ask_extended: Any) -> None:
    await ask_extended(CREATE, input=LAMP)
    data = await ask_extended("""{ tables { nodes { componentsRecorded { nodes { title } } } } }""")
    (table,) = data["tables"]["nodes"]
    assert table["componentsRecorded"]["nodes"] == [{"title": LAMP["name"]}]


async def test_its_shape_refuses_a_code_of_another_class(run_extended: Any) -> None:
    result = await run_extended(CREATE, input={**LAMP, "componentCode": "9901020200000001"})
    extensions = result.errors[0].extensions
    assert extensions["code"] == "INVALID"
    assert any("大类不符" in p["what"] for p in extensions["problems"])


async def test_its_attribute_is_checked_by_its_pattern(run_extended: Any) -> None:
    result = await run_extended(CREATE, input={**LAMP, "componentCode": "99"})
    paths = {p["path"] for p in result.errors[0].extensions["problems"]}
    assert "input.componentCode" in paths


async def test_the_other_schema_does_not_know_it(run: Any) -> None:
    result = await run("{ urbanComponents { totalCount } }")
    assert result.errors[0].extensions["code"] == "INVALID_QUERY"
