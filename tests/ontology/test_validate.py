"""Claims as they come: normalised, with what is wrong told and what is good kept."""

from __future__ import annotations

import pytest

from ontology.model import Direction, Ontology
from ontology.problem import Problem, Severity
from ontology.resource import Claim, Link, Rank, ResourceId, Value
from ontology.shapes import Focus
from ontology.validate import Policy, policy_of, validate

ENTRY = ResourceId("entry:990100/307001/000123")
PROVIDER = Link("providedBy", ResourceId("org:A"))


def entry(*links: Link, **attributes: Value) -> Claim:
    return Claim(ENTRY, "DataResource", {"title": "人口基本信息", **attributes}, (PROVIDER, *links))


def told(problems: list[Problem]) -> str:
    return "\n".join(p.what for p in problems)


def test_a_clean_claim_comes_back_as_it_is(ontology: Ontology) -> None:
    claim = entry(sharingType="无条件共享", keyword=("人口", "户籍"), recordCount=12.0)
    assert validate(ontology, claim) == (claim, [])


def test_values_are_normalised(ontology: Ontology) -> None:
    claim = entry(
        sharingType="無條件",
        updateCycle="每天",
        format="csv",
        publishedAt="2025/4/27",
        importantData="否",
        keyword=("a", " a ", "b"),
    )
    checked, problems = validate(ontology, claim)
    assert not problems
    assert checked.attributes == {
        "title": "人口基本信息",
        "sharingType": "无条件共享",
        "updateCycle": "每日",
        "format": ("CSV",),
        "publishedAt": "2025-04-27",
        "importantData": False,
        "keyword": ("a", "b"),
    }


def test_a_bad_attribute_does_not_take_the_good_ones_with_it(ontology: Ontology) -> None:
    claim = entry(sharingType="随便", openingType="不予开放", colour="红")
    checked, problems = validate(ontology, claim, policy=Policy.SCAN)
    assert checked.attributes == {"title": "人口基本信息", "openingType": "不予开放"}
    assert [p.severity for p in problems] == [Severity.WARNING] * 2
    assert problems[0].column == "共享类型"
    assert problems[0].value == "随便"
    assert all(p.resource == ENTRY for p in problems)
    assert "colour" in told(problems)


@pytest.mark.parametrize(
    ("policy", "refused"),
    [
        (Policy.SCAN, ""),
        (Policy.DELIVERY, "missing violation"),
        (Policy.EDIT, "unusable missing violation"),
        (Policy.PUBLISH, "unusable missing violation doubt"),
    ],
)
def test_who_speaks_decides_what_is_refused(
    extended: Ontology, policy: Policy, refused: str
) -> None:
    def errors(ontology: Ontology, claim: Claim) -> bool:
        _, problems = validate(ontology, claim, policy=policy)
        assert problems
        return any(p.severity is Severity.ERROR for p in problems)

    unusable = entry(sharingType="随便")
    missing = Claim(ENTRY, "DataResource", {"abstract": "无名"}, (PROVIDER,))
    doubt = entry(sharingType="不予共享", openingType="不予开放")
    violation = Claim(
        ResourceId("component:9901020201000001"),
        "UrbanComponent",
        {"name": "井盖", "componentCode": "9901020201000001", "componentClass": "公用设施类"},
    )
    cases = {"unusable": unusable, "missing": missing, "violation": violation, "doubt": doubt}
    assert {name for name, c in cases.items() if errors(extended, c)} == set(refused.split())


def test_scans_and_what_is_inferred_are_only_warned() -> None:
    assert policy_of(Rank.INFERRED) is policy_of(Rank.SCANNED) is Policy.SCAN
    assert policy_of(Rank.AUTHORITATIVE) is policy_of(Rank.CURATED) is Policy.DELIVERY


@pytest.mark.parametrize("mark", [True, "涉密", "是", "机密", ("涉密",), "看情况"])
@pytest.mark.parametrize("policy", Policy)
def test_what_is_secret_is_refused_and_no_word_of_it_kept(
    ontology: Ontology, mark: Value, policy: Policy
) -> None:
    claim = Claim(
        ResourceId("infoitem:990100/部署/兵力"), "InformationItem", {"name": "兵力", "secret": mark}
    )
    checked, problems = validate(ontology, claim, policy=policy)
    assert not checked.attributes
    assert not checked.links
    assert [p.severity for p in problems] == [Severity.ERROR]
    assert "兵力" not in str(problems)
    assert "部署" not in str(problems)


def test_what_says_it_is_not_secret_is_kept(ontology: Ontology) -> None:
    for mark in ("非涉密", "否", False, "不涉密"):
        checked, problems = validate(ontology, entry(secret=mark))
        assert not problems
        assert checked.attributes["secret"] is False


def test_only_one_where_one_is_meant(ontology: Ontology) -> None:
    checked, problems = validate(ontology, entry(securityLevel=("公开数据", "内部数据")))
    assert checked.attributes["securityLevel"] == "公开数据"
    assert "只能有一个值" in told(problems)
    checked, problems = validate(ontology, entry(Link("providedBy", ResourceId("org:B"))))
    assert [x.target for x in checked.links] == ["org:A"]
    assert "提供方只能有一个" in told(problems)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (Link("providedBy", ResourceId("system:x")), "不能指向"),
        (Link("mounts", ResourceId("表")), "不能指向"),
        (Link("likes", ResourceId("org:A")), "未知的关联"),
        (Link("hasField", ResourceId("field:x")), "没有关联"),
        (Link("derivedFrom", ResourceId("dataset:x")), "太笼统"),
    ],
)
def test_links_that_cannot_be(ontology: Ontology, link: Link, said: str) -> None:
    checked, problems = validate(ontology, entry(link))
    assert checked.links == (PROVIDER,)
    assert said in told(problems)


def test_evidence_is_normalised_and_gives_the_key(ontology: Ontology) -> None:
    field = ResourceId("field:dm://h:5236/a.b#c")
    origin = ResourceId("field:dm://h:5236/a.a#c")
    claim = Claim(
        field,
        "Field",
        {"physicalName": "c"},
        (
            Link("fieldDerivedFrom", origin, {"derivation": "汇总", "job": "job:x", "mood": 1}),
            Link("fieldDerivedFrom", origin, {"derivation": "identity", "job": "job:y"}),
        ),
    )
    checked, problems = validate(ontology, claim)
    assert [(x.key, x.properties["derivation"]) for x in checked.links] == [
        ("job:x", "aggregation"),
        ("job:y", "identity"),
    ]
    assert "没有属性 mood" in told(problems)


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        (Claim(ResourceId("entry:1"), "Nonsense", {}), "未知的类"),
        (Claim(ResourceId("entry:1"), "CatalogEntry", {}), "抽象类"),
        (Claim(ResourceId("org:1"), "DataResource", {}), "不符"),
        (Claim(ResourceId("entry"), "DataResource", {}), "不符"),
        (Claim(ResourceId("nobody:1"), None, {}), "未知的标识"),
    ],
)
def test_a_claim_that_is_of_nothing_is_refused_by_all(
    ontology: Ontology, claim: Claim, said: str
) -> None:
    for policy in Policy:
        _, problems = validate(ontology, claim, policy=policy)
        assert [p.severity for p in problems] == [Severity.ERROR]
        assert said in told(problems)


def test_a_claim_without_class_may_say_what_any_class_of_its_family_has(
    ontology: Ontology,
) -> None:
    view = Claim(ResourceId("dataset:dm://h:5236/a.v"), None, {"definitionSql": "SELECT 1"})
    assert validate(ontology, view) == (view, [])


def test_links_alone_do_not_make_a_claim_incomplete(ontology: Ontology) -> None:
    claim = Claim(ENTRY, "DataResource", {}, (Link("mounts", ResourceId("dataset:x/y")),))
    _, problems = validate(ontology, claim)
    assert "缺少名称" not in told(problems)


def test_shapes_look_at_the_neighbours(ontology: Ontology) -> None:
    """就高: the entry's level is not below that of its items."""
    item = Focus("infoitem:1", "InformationItem", {"securityLevel": "敏感数据"})

    def ledger(id: str, link: str, way: Direction) -> list[Focus]:
        return [item] if (id, link, way) == (ENTRY, "hasItem", Direction.FORWARD) else []

    low, high = entry(securityLevel="内部数据"), entry(securityLevel="敏感数据")
    assert "低于其信息项" in told(validate(ontology, low, neighbours=ledger)[1])
    assert validate(ontology, high, neighbours=ledger)[1] == []
    assert validate(ontology, low)[1] == []


def test_a_second_authoritative_source_is_told(ontology: Ontology) -> None:
    """一数一源: the ledger has one, and another source claims to be it."""
    first = Focus("dataset:x/first", "Table", {})
    person = ResourceId("object:人")

    def ledger(id: str, link: str, way: Direction) -> list[Focus]:
        asked = (id, link, way) == (person, "authoritativeFor", Direction.BACKWARD)
        return [first] if asked else []

    claim = Claim(ResourceId("dataset:x/second"), "Table", {}, (Link("authoritativeFor", person),))
    assert "一数一源" in told(validate(ontology, claim, neighbours=ledger)[1])
    assert validate(ontology, claim)[1] == []


def test_personal_values_are_not_repeated_in_problems(ontology: Ontology) -> None:
    claim = Claim(ResourceId("contact:1"), "ContactPoint", {"name": "岗", "mobile": ("1", "2")})
    _, problems = validate(ontology, claim, policy=Policy.EDIT)
    assert "只能有一个值" in told(problems)
    assert all("1" not in p.value for p in problems)


def test_a_city_adds_a_class_and_its_rules_hold(extended: Ontology) -> None:
    claim = Claim(
        ResourceId("component:9901020103000007"),
        "UrbanComponent",
        {
            "name": "路灯",
            "componentCode": "9901020103000007",
            "componentClass": "公用设施",
            "installedOn": "2024/5/1",
            "inspectionDays": "0",
        },
        (Link("recordedIn", ResourceId("dataset:x/y")),),
    )
    checked, problems = validate(extended, claim)
    assert checked.attributes["componentClass"] == "公用设施类"
    assert checked.attributes["installedOn"] == "2024-05-01"
    assert told(problems).startswith("巡查间隔（天）应不小于 1")
    assert problems[0].severity is Severity.ERROR
