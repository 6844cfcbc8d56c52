"""What a lineage picture shows beside the datasets: their columns, and what they are for."""

from __future__ import annotations

from typing import Any

import strawberry

from api.schema.context import Info
from api.schema.lineage import LineageEdge
from api.schema.node import AsOf
from graph.business import BusinessAnswer
from graph.columns import ColumnAnswer
from ontology.errors import LimitExceeded
from ontology.resource import ResourceId

MAX_UNFOLDED = 100
MAX_SERVING = 10_000


@strawberry.type(description="字段 / a column in a lineage picture")
class LineageColumn:
    id: strawberry.ID
    type: str
    title: str
    name: str
    dataset: strawberry.ID = strawberry.field(description="所属数据集 / empty where not known")


@strawberry.type(description="字段血缘 / columns of some datasets, and the edges around them")
class ColumnLineage:
    columns: list[LineageColumn]
    edges: list[LineageEdge]
    complete: bool
    hidden: int = strawberry.field(description="无权查看的个数 / how many are hidden")

    @classmethod
    def of(cls, answer: ColumnAnswer) -> ColumnLineage:
        return cls(
            columns=[
                LineageColumn(
                    id=strawberry.ID(column.id),
                    type=column.type,
                    title=column.title,
                    name=column.name,
                    dataset=strawberry.ID(column.dataset),
                )
                for column in answer.columns
            ],
            edges=[LineageEdge.of(edge) for edge in answer.edges],
            complete=answer.complete,
            hidden=answer.hidden,
        )


@strawberry.type(description="业务节点 / an entry, a matter or a scenario that data serve")
class BusinessNode:
    id: strawberry.ID
    type: str
    title: str
    stage: int = strawberry.field(description="1 目录 entry, 2 事项 matter, 3 场景 scenario")


@strawberry.type(description="业务关联，由数据到用途 / an edge from data to purpose")
class BusinessEdge:
    origin: strawberry.ID
    target: strawberry.ID
    type: str


@strawberry.type(description="业务血缘 / what some datasets are for")
class BusinessLineage:
    nodes: list[BusinessNode]
    edges: list[BusinessEdge]
    complete: bool

    @classmethod
    def of(cls, answer: BusinessAnswer) -> BusinessLineage:
        return cls(
            nodes=[
                BusinessNode(
                    id=strawberry.ID(node.id), type=node.type, title=node.title, stage=node.stage
                )
                for node in answer.nodes
            ],
            edges=[
                BusinessEdge(
                    origin=strawberry.ID(edge.origin),
                    target=strawberry.ID(edge.target),
                    type=edge.type,
                )
                for edge in answer.edges
            ],
            complete=answer.complete,
        )


async def columns(info: Info, datasets: list[strawberry.ID], at: AsOf = None) -> ColumnLineage:
    ids = _bounded(datasets, MAX_UNFOLDED)
    answer = await info.context.ledger.columns(ids, info.context.viewer, at=at)
    info.context.budget.spend(len(answer.columns))
    return ColumnLineage.of(answer)


async def business(info: Info, datasets: list[strawberry.ID], at: AsOf = None) -> BusinessLineage:
    ids = _bounded(datasets, MAX_SERVING)
    answer = await info.context.ledger.business(ids, info.context.viewer, at=at)
    info.context.budget.spend(len(answer.nodes))
    return BusinessLineage.of(answer)


def _bounded(ids: list[strawberry.ID], most: int) -> list[ResourceId]:
    if len(ids) > most:
        raise LimitExceeded(f"一次最多 {most} 个数据集 / at most {most} datasets at once")
    return [ResourceId(id) for id in dict.fromkeys(ids)]


ROOT: dict[str, tuple[Any, Any, str]] = {
    "columnLineage": (columns, ColumnLineage, "字段血缘 / columns of datasets, edges around them"),
    "businessLineage": (business, BusinessLineage, "业务血缘 / what these datasets are for"),
}
"""Field → resolver, type, description."""
