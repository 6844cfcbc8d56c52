"""Settings: `MULU_*` in the environment, then `mulu.toml`, then the defaults.

Read once by whoever starts a process, never at import. Secrets (passwords in store
addresses) live here and are never printed. Read by msgspec: every command imports it, and
pydantic takes a fifth of a short one.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints
from urllib.parse import quote
from zoneinfo import ZoneInfo

from msgspec import Meta, ValidationError, convert

from ontology.errors import InvalidInput
from ontology.moment import ZONE

FILE, PREFIX = Path("mulu.toml"), "MULU_"
HOME = ZoneInfo(ZONE)


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set, and its default."""

    data: Path = Path("mulu-data")
    graph: str = ""  # sqlite:///…; empty: ledger.db in the data folder
    search: str = ""  # tantivy:///…; empty: search/ in the data folder
    ontology: str = ""  # further TTL files, separated by the system's path separator or a comma
    zone: ZoneInfo = HOME  # of dates that name none
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535)] = 8000
    workers: Annotated[int, Meta(ge=1, le=64)] = 1  # processes that answer, each with its memory
    reach: Literal["memory", "store", "auto"] = "auto"  # where the links of impact are held
    reach_seconds: float = 5.0  # how long one answer may fetch links from the store
    query_seconds: float = 10.0  # longest time a GraphQL request may take
    tokens: Path | None = None  # who may sign in; without it the server stays on loopback
    monitoring: Literal["open", "signed-in"] = "signed-in"  # who reads /metrics, all of /readyz

    def environment(self) -> dict[str, str]:
        """These settings as other processes read them."""
        said = {f.name: getattr(self, f.name) for f in fields(self)}
        said["data"] = self.data.resolve()
        return {_variable(name): str(value) for name, value in said.items() if value is not None}

    @property
    def on_loopback(self) -> bool:
        """Whether only programs of this machine reach the server."""
        return self.host in ("127.0.0.1", "localhost", "::1")

    @property
    def graph_url(self) -> str:
        return self.graph or f"sqlite:///{self.data.resolve() / 'ledger.db'}"

    @property
    def search_url(self) -> str:
        return self.search or f"tantivy://{quote(str(self.data.resolve() / 'search'))}"

    @property
    def ontology_files(self) -> tuple[Path, ...]:
        """The extra TTL files, in order."""
        parts = re.split(rf"[,{re.escape(os.pathsep)}]", self.ontology)
        return tuple(Path(part.strip()) for part in parts if part.strip())


def settings(**said: object) -> Settings:
    """The settings, with what the caller says on top (None: not said).

    Raises InvalidInput naming the setting that cannot be understood.
    """
    told = {name: value for name, value in said.items() if value is not None}
    read = {**_of_file(), **_of_environment(), **told}
    try:
        return convert(read, Settings, strict=False, dec_hook=_read)
    except ValidationError as error:
        what, _, name = str(error).removesuffix("`").rpartition(" - at `$.")
        choices = [c for c in get_args(get_type_hints(Settings)[name]) if isinstance(c, str)]
        known = f"（可用 / one of: {', '.join(choices)}）" if choices else ""
        wrong = f"设置 {_variable(name)} 不正确 / setting {_variable(name)} {read[name]!r}"
        raise InvalidInput(f"{wrong}: {what}{known}") from error


def _read(kind: type, value: Any) -> Any:
    """What msgspec does not know by itself: a path, a zone that there is."""
    if kind is not ZoneInfo:
        return kind(value)
    try:
        return ZoneInfo(value)
    except (OSError, ValueError, KeyError):  # a folder, a path, an unknown name
        raise ValueError(
            f"没有时区 / no time zone {value!r}: Asia/Shanghai, Asia/Urumqi …"
        ) from None


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _of_environment() -> dict[str, str]:
    found = {f.name: os.environ.get(_variable(f.name)) for f in fields(Settings)}
    return {name: value for name, value in found.items() if value is not None}


def _of_file() -> Mapping[str, Any]:
    try:
        return tomllib.loads(FILE.read_text("utf-8")) if FILE.is_file() else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"{FILE} 无法读取 / cannot be read: {error}") from error
