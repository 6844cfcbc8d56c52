"""The ontology as data: what a client needs to make forms, pages and legends of its own."""

from __future__ import annotations

from typing import Self

import strawberry

from api.schema.names import LinkNames, attribute_name, plural
from ontology import model
from ontology.model import Direction, Ontology
from search.mapping import SearchMapping


@strawberry.type(description="双语名称 / a name in both languages")
class Label:
    zh: str
    en: str

    @classmethod
    def of(cls, label: model.Label) -> Self:
        return cls(zh=label.zh, en=label.en)


@strawberry.type(description="代码 / one value of a code list")
class OntologyCode:
    notation: str
    label: Label
    synonyms: list[str]
    order: int


@strawberry.type(description="代码表 / a code list; an open one accepts further values")
class OntologyCodeList:
    name: str
    label: Label
    codes: list[OntologyCode]
    open: bool
    clause: str

    @classmethod
    def of(cls, codes: model.CodeList) -> Self:
        return cls(
            name=codes.name,
            label=Label.of(codes.label),
            codes=[
                OntologyCode(
                    notation=code.notation,
                    label=Label.of(code.label),
                    synonyms=list(code.synonyms),
                    order=code.order,
                )
                for code in codes.codes
            ],
            open=codes.open,
            clause=codes.clause,
        )


@strawberry.type(description="属性 / an attribute as it applies to one class")
class OntologyAttribute:
    name: str
    field: str = strawberry.field(description="本接口中的字段名 / its field in this API")
    label: Label
    definition: Label
    group: Label
    datatype: str
    required: bool
    many: bool
    code_list: str | None
    pattern: str | None
    max_length: int | None
    facet: bool
    filterable: bool
    sortable: bool
    personal: bool
    clause: str
    order: int

    @classmethod
    def of(cls, attribute: model.Attribute, field: str, mapping: SearchMapping) -> Self:
        kept = mapping.fields.get(attribute.name)
        return cls(
            name=attribute.name,
            field=field,
            label=Label.of(attribute.label),
            definition=Label.of(attribute.definition),
            group=Label.of(attribute.group),
            datatype=attribute.datatype.value,
            required=attribute.required,
            many=attribute.many,
            code_list=attribute.code_list,
            pattern=attribute.pattern,
            max_length=attribute.max_length,
            facet=attribute.facet,
            filterable=attribute.filterable or attribute.facet,
            sortable=kept is not None and kept.sortable,
            personal=attribute.personal,
            clause=attribute.clause,
            order=attribute.order,
        )


@strawberry.type(
    description="变化性质的转换 / a kind of change, and what it becomes at the other end"
)
class Translation:
    accepts: str
    becomes: str


@strawberry.type(description="变化如何沿此关联传播 / how a link carries a change in one direction")
class OntologySpread:
    direction: str
    way: str = strawberry.field(description="flow, part, use")
    kinds: list[Translation]
    start_only: bool
    adapt: bool = strawberry.field(description="须适配而非中断 / obliged, not broken")
    derivations: list[str]
    certainty: str

    @classmethod
    def of(cls, spread: model.Spread) -> Self:
        return cls(
            direction=spread.direction.value,
            way=spread.way.value,
            kinds=[
                Translation(accepts=accepted.value, becomes=becomes.value)
                for accepted, becomes in spread.kinds.items()
            ],
            start_only=spread.start_only,
            adapt=spread.adapt,
            derivations=list(spread.derivations),
            certainty=spread.certainty.value,
        )


@strawberry.type(description="关联类型 / a link type")
class OntologyLink:
    name: str
    field: str = strawberry.field(description="正向字段名 / its field in this API")
    label: Label
    inverse_name: str
    inverse_field: str = strawberry.field(description="反向字段名 / its field, read backwards")
    inverse_label: Label
    definition: Label
    domain: list[str]
    range: list[str]
    required: bool
    many: bool
    lineage: bool
    part_of: bool
    properties: list[OntologyAttribute]
    spreads: list[OntologySpread]
    clause: str
    order: int

    @classmethod
    def of(cls, link: model.LinkType, names: LinkNames, mapping: SearchMapping) -> Self:
        return cls(
            name=link.name,
            field=names(link.name, Direction.FORWARD),
            label=Label.of(link.label),
            inverse_name=link.inverse_name,
            inverse_field=names(link.name, Direction.BACKWARD),
            inverse_label=Label.of(link.inverse_label),
            definition=Label.of(link.definition),
            domain=list(link.domain),
            range=list(link.range),
            required=link.required,
            many=link.many,
            lineage=link.lineage,
            part_of=link.part_of,
            properties=[OntologyAttribute.of(p, p.name, mapping) for p in link.properties.values()],
            spreads=[OntologySpread.of(spread) for spread in link.spreads],
            clause=link.clause,
            order=link.order,
        )


@strawberry.type(description="类 / a class of resources")
class OntologyClass:
    name: str
    label: Label
    definition: Label
    family: str
    abstract: bool
    parents: list[str]
    ancestors: list[str] = strawberry.field(description="近者在前 / nearest first")
    descendants: list[str] = strawberry.field(description="含自身 / itself included")
    title_attribute: str
    attributes: list[OntologyAttribute]
    links: list[str] = strawberry.field(description="可有的关联 / link types it may have")
    inverse_links: list[str] = strawberry.field(
        description="可指向它的关联 / link types that may point at it"
    )
    list_field: str = strawberry.field(description="列表字段名 / its typed list in this API")
    create_field: str | None = strawberry.field(description="新建 / its mutation")
    change_field: str | None = strawberry.field(description="修改 / its mutation")
    aligned: list[str] = strawberry.field(description="对应的外部词汇 / aligned with (IRIs)")
    clause: str

    @classmethod
    def of(cls, kind: model.ResourceType, ontology: Ontology, mapping: SearchMapping) -> Self:
        return cls(
            name=kind.name,
            label=Label.of(kind.label),
            definition=Label.of(kind.definition),
            family=kind.family,
            abstract=kind.abstract,
            parents=list(kind.parents),
            ancestors=list(kind.ancestors),
            descendants=list(ontology.descendants(kind.name)),
            title_attribute=kind.title,
            attributes=[
                OntologyAttribute.of(a, attribute_name(kind, a.name) or "title", mapping)
                for a in kind.attributes.values()
            ],
            links=[link.name for link in ontology.links_from(kind.name)],
            inverse_links=[link.name for link in ontology.links_to(kind.name)],
            list_field=plural(kind.name),
            create_field=None if kind.abstract else f"create{kind.name}",
            change_field=None if kind.abstract else f"change{kind.name}",
            aligned=list(kind.aligned),
            clause=kind.clause,
        )


@strawberry.type(name="Ontology", description="本体：唯一的模型 / the only model, as data")
class OntologyView:
    digest: str
    classes: list[OntologyClass]
    code_lists: list[OntologyCodeList]
    links: list[OntologyLink]
    facets: list[str] = strawberry.field(description="可用的分面 / facets that search can count")
    change_kinds: list[str] = strawberry.field(
        description="变化的性质 / kinds of change that impact can be asked for"
    )

    @classmethod
    def of(cls, ontology: Ontology, names: LinkNames, mapping: SearchMapping) -> Self:
        return cls(
            digest=ontology.digest,
            classes=[OntologyClass.of(k, ontology, mapping) for k in ontology.types.values()],
            code_lists=[OntologyCodeList.of(codes) for codes in ontology.code_lists.values()],
            links=[OntologyLink.of(link, names, mapping) for link in ontology.links.values()],
            facets=list(mapping.facets),
            change_kinds=[kind.value for kind in list(model.Kind)[:8]],
        )
