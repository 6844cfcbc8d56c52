"""Commands that ask: search, suggest, show, lineage, impact, log, conflicts, ontology."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from api import answers
from api.cli.run import At, Data, Json, at_of, err, label, out, print_json, with_ledger
from api.ledger import Ledger
from api.settings import settings
from ontology.errors import NotFound
from ontology.load import load_ontology
from ontology.model import Direction, Ontology, ResourceType
from ontology.resource import At as Moment
from ontology.resource import Commit, Resource, ResourceId, Value
from ontology.tables import described
from ontology.viewer import LOCAL
from search.document import title_of
from search.index import Order, Page, SearchPage

LINKS = 1_000
"""Links a way that `show` lists."""


def add_to(app: typer.Typer) -> None:
    for command in (search, suggest, show, log, conflicts, ontology):
        app.command()(command)


def title(ledger: Ledger, resource: Resource) -> str:
    return title_of(resource, ledger.mapping.types.get(resource.type))


def search(
    query: Annotated[str, typer.Argument(help='社保缴费 · "短语" · -排除 · 部门:人社局')],
    type: Annotated[str | None, typer.Option(help="类 / class")] = None,
    facet: Annotated[
        list[str] | None, typer.Option(help="名=值，可重复 / name=value, repeatable")
    ] = None,
    sort: Annotated[
        str | None, typer.Option(help="字段，前加 - 为降序 / field, - descends")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 10,
    after: Annotated[str | None, typer.Option(help="接着翻页 / cursor of the last page")] = None,
    json: Json = False,
    data: Data = None,
) -> int:
    """检索 / full-text search."""

    async def work(ledger: Ledger) -> tuple[SearchPage, int]:
        selected = dict(answers.facet_of(facet or []))
        if type:
            if type not in ledger.ontology.types:
                raise NotFound(
                    f"没有类 {type!r} / no such class; mulu ontology 列出全部 / lists all"
                )
            selected["type"] = list(ledger.ontology.descendants(type))
        request = replace(
            ledger.query(query),
            facets=ledger.mapping.facets,
            selected=selected,
            order=Order(sort.lstrip("-"), sort.startswith("-")) if sort else None,
            page=Page(limit, after),
        )
        page = await ledger.search(request, LOCAL)
        if json:
            print_json(answers.search_page(page, await ledger.reaching.top()))
        else:
            _print_page(ledger, page)
        return page, 0

    with_ledger(data, work)
    return 0


def _print_page(ledger: Ledger, page: SearchPage) -> None:
    if page.relaxed:
        out.print("[yellow]没有全部词都符合的结果，以下符合部分词 / some words only[/]")
    for hit in page.hits:
        line = Text.assemble((hit.title, "bold"), f"  {label(ledger, hit.type)}  ", (hit.id, "dim"))
        out.print(line, soft_wrap=True)
        for found in hit.highlights[:3]:
            text = Text(f"    {found.text}")
            for start, end in found.spans:
                text.stylize("yellow", start + 4, end + 4)
            out.print(text, soft_wrap=True)
    out.print(f"共 {page.total} 条 / {page.total} found", style="dim")
    if page.suggestion:
        out.print(f"您是不是要找 / did you mean: [bold]{escape(page.suggestion)}[/]")
    if page.after:
        out.print(f"下一页 / next: --after {page.after}", style="dim", soft_wrap=True)


def suggest(
    prefix: Annotated[str, typer.Argument(help="名称开头、拼音或首字母 / beginning, pinyin")],
    limit: Annotated[int, typer.Option(min=1, max=50)] = 10,
    json: Json = False,
    data: Data = None,
) -> int:
    """名称提示 / names that begin so."""

    async def work(ledger: Ledger) -> None:
        found = await ledger.suggest(prefix, LOCAL, limit=limit)
        if json:
            print_json([answers.hit(h) for h in found])
        for hit in () if json else found:
            out.print(
                f"[bold]{escape(hit.title)}[/]  {label(ledger, hit.type)}  [dim]{escape(hit.id)}[/]"
            )

    with_ledger(data, work)
    return 0


def show(
    id: Annotated[str, typer.Argument(help="资源标识 / resource id")],
    at: At = None,
    claims: Annotated[bool, typer.Option("--claims", help="各来源的说法 / who says what")] = False,
    json: Json = False,
    data: Data = None,
) -> int:
    """一个资源的全部 / one resource, whole."""

    async def work(ledger: Ledger) -> None:
        moment = at_of(at)
        found = await ledger.resource(ResourceId(id), LOCAL, at=moment)
        forward, backward = [
            await ledger.links(found.id, None, way, LOCAL, at=moment, limit=LINKS)
            for way in Direction
        ]
        told = answers.resource(found, title(ledger, found), forward.edges, backward.edges)
        told["linksComplete"] = forward.after is None and backward.after is None
        if claims:
            told["claims"] = [
                answers.held(h) for h in await ledger.held(found.id, LOCAL, at=moment)
            ]
        if json:
            print_json(told)
        else:
            await _print_resource(ledger, found, told, moment)

    with_ledger(data, work)
    return 0


def _text(value: Value) -> str:
    """A value as a person writes it: 是/否, whole numbers without a point."""
    if isinstance(value, tuple):
        return "、".join(map(_text, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


async def _print_resource(
    ledger: Ledger, found: Resource, told: dict[str, Any], at: Moment
) -> None:
    kind = ledger.ontology.types.get(found.type)
    marks = "".join(
        mark
        for mark, holds in (
            ("  已停用 / retired", found.retired),
            ("  仅被提及 / placeholder", found.placeholder),
        )
        if holds
    )
    out.print(f"[bold]{escape(told['title'])}[/]  {label(ledger, found.type)}[yellow]{marks}[/]")
    out.print(f"[dim]{escape(found.id)}[/]", soft_wrap=True)
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    ordered = [*(kind.attributes if kind else ()), *found.attributes]
    for name in dict.fromkeys(n for n in ordered if n in found.attributes):
        attribute = kind.attributes.get(name) if kind else None
        table.add_row(
            attribute.label.zh if attribute else name, Text(_text(found.attributes[name]))
        )
    ends = [e["to"] for e in told["links"]] + [e["from"] for e in told["linkedFrom"]]
    names = await ledger.resources([ResourceId(e) for e in ends], LOCAL, at=at)
    for edges, other, forward in (
        (told["links"], "to", True),
        (told["linkedFrom"], "from", False),
    ):
        for edge in edges:
            link = ledger.ontology.links[edge["type"]]
            end = names.get(ResourceId(edge[other]))
            named = Text.assemble(title(ledger, end) if end else "?", (f"  {edge[other]}", "dim"))
            table.add_row(Text((link.label if forward else link.inverse_label).zh, "cyan"), named)
    out.print(table)
    if not told["linksComplete"]:
        out.print(f"[yellow]每向只列前 {LINKS} 条 / only the first {LINKS} links a way[/]")
    for conflict in told["conflicts"]:
        said = "；".join(f"{s['source']}：{s['value']}" for s in conflict["said"])
        out.print("[yellow]来源不一致 / conflict[/] " + escape(f"{conflict['attribute']}: {said}"))


def log(
    after: Annotated[int, typer.Option(help="此提交之后 / after this commit")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    json: Json = False,
    data: Data = None,
) -> int:
    """提交日志，新的在前 / the commit log, newest first."""

    async def work(ledger: Ledger) -> None:
        top = await ledger.reaching.top()
        found: list[Commit] = [c async for c in ledger.store.commits(max(after, top - limit))]
        found.reverse()
        if json:
            print_json([answers.commit(c) for c in found])
            return
        table = Table("提交", "时间", "谁", "来源", "变更", "事由", box=None)
        for c in found:
            moment = c.at.astimezone(ledger.mapping.home).strftime("%Y-%m-%d %H:%M:%S")
            said = map(Text, (c.actor, c.source, str(c.changes), c.reason))
            table.add_row(str(c.number), moment, *said)
        out.print(table)

    with_ledger(data, work, catch_up=False)
    return 0


def conflicts(
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100,
    json: Json = False,
    data: Data = None,
) -> int:
    """来源不一致之处 / where sources disagree (多源校核)."""

    async def work(ledger: Ledger) -> None:
        found = await ledger.conflicts(LOCAL, limit=limit + 1)
        if len(found) > limit:
            found = found[:limit]
            err.print(f"[yellow]只列前 {limit} 个 / only the first {limit}: --limit[/]")
        if json:
            print_json(
                [
                    {
                        "id": r.id,
                        "type": r.type,
                        "title": title(ledger, r),
                        "conflicts": answers.conflicts(r),
                    }
                    for r in found
                ]
            )
            return
        table = Table("资源", "属性", "采用", "另一说法", box=None)
        for r in found:
            for c in r.conflicts:
                first, *rest = c.said
                others = "；".join(f"{s.value}（{s.source}）" for s in rest)
                winner = f"{first.value}（{first.source}）"
                table.add_row(Text(title(ledger, r)), c.attribute, Text(winner), Text(others))
        out.print(table)

    with_ledger(data, work, catch_up=False)
    return 0


def ontology(
    name: Annotated[str | None, typer.Argument(help="类名 / class")] = None,
    json: Json = False,
    data: Data = None,
) -> int:
    """本体：类、属性、关联 / the model: classes, attributes, links."""
    model = load_ontology(settings(data=data).ontology_files)
    named = [t for t in model.types.values() if name in (None, t.name, t.label.zh, t.label.en)]
    if not named:
        raise NotFound(f"没有类 {name!r} / no such class; mulu ontology 列出全部 / lists all")
    if json:
        print_json(described(model))
    elif name:
        _print_class(model, named[0])
    else:
        table = Table("类", "class", "标识", "定义", box=None)
        for kind in named:
            table.add_row(kind.label.zh, kind.name, kind.family, Text(kind.definition.zh))
        out.print(table)
    return 0


def _print_class(model: Ontology, kind: ResourceType) -> None:
    out.print(f"[bold]{kind.label.zh}[/] {kind.name}  {kind.definition.zh}  [dim]{kind.clause}[/]")
    attributes = Table("属性", "attribute", "类型", "基数", "代码表", "依据", box=None)
    for a in kind.attributes.values():
        count = f"{1 if a.required else 0}..{'*' if a.many else 1}"
        attributes.add_row(a.label.zh, a.name, a.datatype, count, a.code_list or "", Text(a.clause))
    out.print(attributes)
    links = Table("关联", "link", "指向", box=None)
    for link in model.links_from(kind.name):
        links.add_row(link.label.zh, link.name, "、".join(link.range))
    for link in model.links_to(kind.name):
        links.add_row(link.inverse_label.zh, link.inverse_name, "、".join(link.domain))
    out.print(links)
