"""Settings: `MULU_*` in the environment, then `mulu.toml`, then the defaults.

Read once by whoever starts a process, never at import. Secrets (passwords in store
addresses) live here and are never printed.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from ontology.errors import InvalidInput
from ontology.moment import ZONE


def _zone(name: str) -> str:
    """A zone that there is. Raises ValueError."""
    try:
        return ZoneInfo(name).key
    except (OSError, ValueError, KeyError):  # a folder, a path, an unknown name
        raise ValueError(
            f"没有时区 / no time zone {name!r}: Asia/Shanghai, Asia/Urumqi …"
        ) from None


class Settings(BaseSettings):
    """What can be set, and its default."""

    model_config = SettingsConfigDict(env_prefix="MULU_", toml_file="mulu.toml", extra="ignore")

    data: Path = Path("mulu-data")
    graph: str = ""  # sqlite:///…; empty: ledger.db in the data folder
    search: str = ""  # tantivy:///…; empty: search/ in the data folder
    ontology: str = ""  # further TTL files, separated by the system's path separator or a comma
    zone: Annotated[str, AfterValidator(_zone)] = ZONE  # of dates that name none
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65_535)
    workers: int = Field(1, ge=1, le=64)  # processes that answer; each takes memory of its own
    reach: Literal["memory", "store", "auto"] = "auto"  # where the links of impact are held
    reach_seconds: float = 5.0  # how long one answer may fetch links from the store
    query_seconds: float = 10.0  # longest time a GraphQL request may take
    tokens: Path | None = None  # who may sign in; without it the server stays on loopback
    monitoring: Literal["open", "signed-in"] = "signed-in"  # who reads /metrics, all of /readyz

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the caller says beats the environment, which beats mulu.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    def environment(self) -> dict[str, str]:
        """These settings as other processes read them."""
        said = self.model_dump(exclude_none=True)
        said["data"] = self.data.resolve()
        return {f"MULU_{name.upper()}": str(value) for name, value in said.items()}

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
    try:
        # What is said is checked by pydantic, here, not by mypy.
        return Settings(**{k: v for k, v in said.items() if v is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "MULU_" + "_".join(str(part) for part in first["loc"]).upper()
        raise InvalidInput(f"设置 {name} 不正确 / setting {name}: {first['msg']}") from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"mulu.toml 无法读取 / cannot be read: {error}") from error
