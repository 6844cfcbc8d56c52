"""However many resources a page shows, a level of the question costs a call a link type."""

from __future__ import annotations

from collections import Counter
from typing import Any

from api.ledger import Ledger

PAGE = """query($first: Int!) { informationResources(first: $first) { nodes {
    id title providedBy { nodes { id title } }
    mounts { nodes { id links(direction: BACKWARD, types: ["derivedFrom"]) {
        nodes { title } } } } } } }"""


class Counting:
    """The store, with its calls counted by name."""

    def __init__(self, store: Any) -> None:
        self._store, self.calls = store, Counter[str]()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._store, name)
        if callable(found):
            self.calls[name] += 1
        return found


async def test_calls_do_not_grow_with_the_page(ask: Any, ledger: Ledger) -> None:
    counting = Counting(ledger.store)
    ledger.store = counting  # type: ignore[assignment]
    costs = []
    for first in (2, 50):
        counting.calls.clear()
        data = await ask(PAGE, first=first)
        assert len(data["informationResources"]["nodes"]) == first
        costs.append(
            {n: c for n, c in counting.calls.items() if n in ("get_many", "links_many", "links")}
        )
    # entries; departments and tables; what is derived: three levels, three link types
    assert costs[0] == costs[1] == {"get_many": 3, "links_many": 3}


async def test_a_resource_met_twice_is_read_once(ask: Any, ledger: Ledger) -> None:
    counting = Counting(ledger.store)
    ledger.store = counting  # type: ignore[assignment]
    await ask('{ a: resource(id: "org:bureau") { id } b: resource(id: "org:bureau") { title } }')
    assert counting.calls["get_many"] == 1


EDIT = """mutation($input: InformationResourceInput!) {
    changeInformationResource(id: "entry:demo/001", input: $input, dryRun: true) {
        warnings { what } } }"""


async def test_an_edit_looks_only_where_it_matters(ask: Any, ledger: Ledger) -> None:
    counting = Counting(ledger.store)
    ledger.store = counting  # type: ignore[assignment]
    await ask(EDIT, input={"abstract": "按日更新的人口情况"})
    assert counting.calls["links_many"] == 0
    data = await ask(EDIT, input={"title": "人口信息目录002"})
    assert counting.calls["links_many"]
    told = [w["what"] for w in data["changeInformationResource"]["warnings"]]
    assert any("同一提供方已有同名条目" in what for what in told)
