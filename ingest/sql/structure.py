"""Tables and views as claims: datasets, their fields, foreign keys (domain/ontology.md §5, §7)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.source import Options, Place, Record
from ingest.sql.binding import Binding
from ingest.sql.names import fold
from ingest.sql.schema import Column, ForeignKey, Schema, Table
from ontology.identity import resource_id
from ontology.model import Ontology
from ontology.naming import dataset_id, engine, field_id
from ontology.resource import Claim, Link, ResourceId, Value


def records(schema: Schema, binding: Binding, system: ResourceId | None) -> Iterator[Record]:
    """One record for each table, view and field. `system` hosts them, if the run names one."""
    for table in schema.tables.values():
        yield from table_records(table, schema, binding, system)


def table_records(
    table: Table, schema: Schema, binding: Binding, system: ResourceId | None = None
) -> Iterator[Record]:
    """The dataset first, then its fields in order."""
    namespace, name = binding.place(table.name)
    dataset = dataset_id(namespace, name)
    fields = [field_id(dataset, column.name) for column in table.columns]
    links = [Link("hasField", field) for field in dict.fromkeys(fields)]
    if system is not None:
        links.append(Link("hostedIn", system))
    attributes: dict[str, Value] = {
        "name": name.lower(),
        "namespace": namespace,
        "displayName": table.comment or table.name.table,
        "originalName": str(table.name),
        "engine": engine(binding.home.engine).label,
    }
    if table.comment:
        attributes["comment"] = table.comment
    if len(table.name.parts) > 1:
        attributes["schemaName"] = table.name.parts[-2]
    if table.view and table.query:
        attributes["definitionSql"] = table.query
    kind = "View" if table.view else "Table"
    place = Place(table.file, row=table.line or None)
    yield Record(Claim(dataset, kind, attributes, tuple(links)), place)
    references = _references(table, schema, binding)
    for field, column in zip(fields, table.columns, strict=True):
        claim = Claim(
            field, "Field", _attributes(table, column), tuple(references.get(column.key, ()))
        )
        yield Record(claim, Place(table.file, row=column.line or None))


def host(options: Options, ontology: Ontology) -> ResourceId | None:
    """The system that --system names, by its id or its name."""
    if not options.system:
        return None
    if options.system.startswith("system:"):
        return ResourceId(options.system)
    found = resource_id(ontology, "System", {"name": options.system})
    return found[0] if found else None


def _attributes(table: Table, column: Column) -> dict[str, Value]:
    attributes: dict[str, Value] = {
        "physicalName": column.name,
        "displayName": column.comment or column.name,
        "ordinal": column.ordinal,
        "nullable": column.nullable,
        "primaryKey": column.key in {fold(name) for name in table.primary_key},
    }
    told = {
        "comment": column.comment,
        "sqlType": column.type,
        "defaultExpr": column.default,
    }
    return attributes | {name: value for name, value in told.items() if value}


def _references(table: Table, schema: Schema, binding: Binding) -> dict[str, list[Link]]:
    """Column → its links to key columns; without a list it is the other table's primary key."""
    found: dict[str, list[Link]] = {}
    for key in table.foreign_keys:
        for column, target in zip(key.columns, _targets(key, schema), strict=False):
            link = Link("refersTo", binding.field(key.table, target))
            found.setdefault(fold(column), []).append(link)
    return found


def _targets(key: ForeignKey, schema: Schema) -> Sequence[str]:
    if key.references:
        return key.references
    table = schema.tables.get(key.table)
    return table.primary_key if table is not None else ()
