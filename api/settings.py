"""Settings: `MULU_*` in the environment, then `mulu.toml`, then the defaults.

Read once by whoever starts a process, never at import. Secrets (passwords in store
addresses) live here and are never printed. Read by hand: pydantic, as every command would
have to import it for this, takes longer than many a command.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from ontology.errors import InvalidInput
from ontology.moment import ZONE

FILE, PREFIX = Path("mulu.toml"), "MULU_"


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set, and its default."""

    data: Path = Path("mulu-data")
    graph: str = ""  # sqlite:///…; empty: ledger.db in the data folder
    search: str = ""  # tantivy:///…; empty: search/ in the data folder
    ontology: str = ""  # further TTL files, separated by the system's path separator or a comma
    zone: str = ZONE  # of dates that name none
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1  # processes that answer; each takes memory of its own
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
    def home(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

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
    read: dict[str, Any] = {}
    told = {name: value for name, value in said.items() if value is not None}
    for name, value in {**_of_file(), **_of_environment(), **told}.items():
        if name in _READ:
            try:
                read[name] = _READ[name](value)
            except (TypeError, ValueError) as error:
                variable = _variable(name)
                raise InvalidInput(
                    f"设置 {variable} 不正确 / setting {variable}: {error}"
                ) from error
    return Settings(**read)


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _of_environment() -> dict[str, str]:
    found = {name: os.environ.get(_variable(name)) for name in _READ}
    return {name: value for name, value in found.items() if value is not None}


def _of_file() -> Mapping[str, Any]:
    try:
        return tomllib.loads(FILE.read_text("utf-8")) if FILE.is_file() else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidInput(f"{FILE} 无法读取 / cannot be read: {error}") from error


# --- reading one value: each raises ValueError -------------------------------------------


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"应是文本 / a text: {value!r}")
    return value


def _path(value: object) -> Path:
    return value if isinstance(value, Path) else Path(_text(value))


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        raise ValueError(f"应是数 / a number: {value!r}") from None


def _whole(least: int, most: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        number = _number(value)
        if not (number.is_integer() and least <= number <= most):
            raise ValueError(f"应是 {least} 到 {most} 的整数 / a whole number within: {value!r}")
        return int(number)

    return read


def _one_of(*choices: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in choices:
            raise ValueError(f"{value!r} 不是 / is none of: {', '.join(choices)}")
        return str(value)

    return read


def _zone(value: object) -> str:
    """A zone that there is."""
    name = _text(value)
    try:
        return ZoneInfo(name).key
    except (OSError, ValueError, KeyError):  # a folder, a path, an unknown name
        raise ValueError(
            f"没有时区 / no time zone {name!r}: Asia/Shanghai, Asia/Urumqi …"
        ) from None


_READ: Mapping[str, Callable[[Any], Any]] = {
    "data": _path,
    "graph": _text,
    "search": _text,
    "ontology": _text,
    "zone": _zone,
    "host": _text,
    "port": _whole(0, 65_535),
    "workers": _whole(1, 64),
    "reach": _one_of("memory", "store", "auto"),
    "reach_seconds": _number,
    "query_seconds": _number,
    "tokens": _path,
    "monitoring": _one_of("open", "signed-in"),
}
