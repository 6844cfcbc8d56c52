"""Where the tables that scripts name live: names of statements → names of datasets.

Scripts know no host. A binding says it once for a run (--namespace, --database, --schema); what is
not bound lives under `unbound:<source>`. Schemas that stand for another database (外部模式, foreign
data wrappers, database links) are told in a YAML file, by --mapping or as `bindings.yaml` in the
folder that is read:

    schemas:
      hz: {namespace: "oracle://hz.example:1521", database: hzdb, schema: hz}
      ods: {namespace: "postgres://dw.example:5432", database: dw}      # same schema name
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from ingest.source import Options
from ingest.sql.dialect import DIALECTS, Dialect, detect_all, dialect_of
from ingest.sql.names import TableName, fold
from ontology.errors import InvalidInput
from ontology.naming import dataset_id, dataset_name, engine, field_id, unbound
from ontology.resource import ResourceId

FILE = "bindings.yaml"


@dataclass(frozen=True, slots=True)
class Home:
    """One place: a namespace, and the database and schema that names there leave out."""

    namespace: str
    engine: str  # as ontology/naming.py knows it
    database: str = ""
    schema: str = ""

    @property
    def outer(self) -> tuple[str, ...]:
        """What an unqualified table name leaves out in a script: the schema, or for MySQL and
        Hive the database."""
        parts = engine(self.engine).parts
        if "schema" in parts:
            outer = self.schema
        else:
            outer = (self.database or self.schema) if "database" in parts else ""
        return (outer,) if outer else ()

    def dataset(self, name: TableName) -> str:
        """The dataset's name below the namespace, with every part that the engine has."""
        *outer, table = name.parts[-3:]
        schema = outer[-1] if outer else self.schema
        database = outer[-2] if len(outer) > 1 else self.database
        if "schema" not in engine(self.engine).parts:  # MySQL, Hive: a schema is a database
            database, schema = (outer[-1] if outer else self.database or self.schema), ""
        return dataset_name(self.engine, table, database=database, schema=schema)


@dataclass(frozen=True, slots=True)
class Binding:
    """Where names live in one run."""

    home: Home
    foreign: Mapping[str, Home] = field(default_factory=dict)

    def place(self, name: TableName) -> tuple[str, str]:
        """Namespace and name of the dataset that a statement's table name means."""
        home = self.home
        if len(name.parts) > 1 and (there := self.foreign.get(name.key[-2])) is not None:
            home, name = there, TableName.of(name.parts[-1])
        return home.namespace, home.dataset(name)

    def dataset(self, name: TableName) -> ResourceId:
        """The dataset's id."""
        return dataset_id(*self.place(name))

    def field(self, table: TableName, column: str) -> ResourceId:
        """The id of a table's column."""
        return field_id(self.dataset(table), column)


def bind(options: Options, source: str, dialect: Dialect, folder: Path | None) -> Binding:
    """The binding of a run. Raises InvalidInput for a mapping file that cannot be understood."""
    of = _engine(options.namespace, dialect)
    home = Home(
        options.namespace or unbound(source),
        of,
        options.database,
        options.schema or dialect.default_schema,
    )
    path = Path(options.mapping) if options.mapping else (folder / FILE if folder else None)
    if path is None or (not options.mapping and not path.is_file()):
        return Binding(home)
    return Binding(home, _foreign(path))


def dialects_for(options: Options, texts: Mapping[str, str]) -> dict[Dialect, list[str]]:
    """The dialects of the scripts (name → text), each with its scripts: the one that --dialect or
    the namespace names, else what they are written in."""
    told = told_dialect(options)
    return {told: list(texts)} if told is not None else detect_all(texts)


def told_dialect(options: Options) -> Dialect | None:
    """The dialect that --dialect names, or the scheme of --namespace."""
    if options.dialect:
        try:
            return dialect_of(options.dialect)
        except KeyError as error:
            raise InvalidInput(f"没有这种方言 (unknown dialect) {error.args[0]}") from error
    scheme = engine(options.namespace.partition(":")[0]).scheme if options.namespace else ""
    return next((d for d in DIALECTS.values() if d.scheme == scheme and scheme), None)


def _engine(namespace: str, dialect: Dialect) -> str:
    """The engine by the namespace's scheme, else by the dialect."""
    scheme, mark, _ = namespace.partition("://")
    return scheme if mark else dialect.scheme or dialect.name


def _foreign(path: Path) -> dict[str, Home]:
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        schemas = (told or {}).get("schemas") or {}
        return {fold(str(name)): _home(str(name), place) for name, place in schemas.items()}
    except (
        OSError,
        ValueError,
        yaml.YAMLError,
        AttributeError,
        KeyError,
        TypeError,
        RecursionError,
    ) as e:
        why = e.strerror if isinstance(e, OSError) else e
        raise InvalidInput(
            f"映射文件 {path.name} 读不懂 (cannot understand the mapping): {why}; "
            "写法见 ingest/sql/binding.py (schemas: 模式: {namespace, database, schema})"
        ) from e


def _home(name: str, place: Mapping[str, str]) -> Home:
    namespace = place["namespace"]
    return Home(
        namespace,
        namespace.partition(":")[0],
        str(place.get("database", "")),
        str(place.get("schema", name)),
    )
