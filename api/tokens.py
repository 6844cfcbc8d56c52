"""Bearer tokens: who may sign in, as a TOML file that holds no secret.

    [[token]]
    name = "portal"                        # the actor of this token's commits
    sha256 = "…"                           # of the token; the token itself is kept nowhere
    roles = ["editor"]                     # reader (the default), editor, admin
    clearance = "内部数据"                  # the lowest level by default
    departments = ["org:91110000…"]
    personal = true                        # may see personal data; false by default
    expires = 2027-12-31                   # the last day; without it the token does not end

`mulu token NAME` makes one. A token is 256 random bits, so a plain SHA-256 keeps it: there
is nothing to guess. One name may have several, so that an old one can be replaced without a
gap. The file is read again when it changes: taking a block out takes the token back.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
import secrets
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct, ValidationError, convert
from msgspec.structs import fields

from ontology.errors import InvalidInput
from ontology.viewer import LEVELS, ROLES, Viewer

log = logging.getLogger("mulu.api")


class Token(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the file."""

    name: Annotated[str, Meta(pattern=r"^[\w.@-]{1,100}\Z")]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    roles: tuple[str, ...] = (ROLES[0],)
    clearance: str = LEVELS[0]
    departments: tuple[str, ...] = ()
    personal: bool = False
    expires: date | None = None

    def __post_init__(self) -> None:
        for what, said, known in (
            ("roles", self.roles, ROLES),
            ("clearance", [self.clearance], LEVELS),
        ):
            if wrong := [one for one in said if one not in known]:
                raise ValueError(f"{what} {wrong[0]!r}: 可用 / one of: {', '.join(known)}")

    @property
    def viewer(self) -> Viewer:
        departments, roles = frozenset(self.departments), frozenset(self.roles)
        return Viewer(self.name, self.clearance, departments, roles, self.personal)

    def valid(self, today: date) -> bool:
        return self.expires is None or today <= self.expires

    def as_toml(self) -> str:
        """The block of the file; what is as by default is left out."""
        said = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "expires"}
        default = {f.name: f.default for f in fields(self)}
        lines = [
            f"{name} = {json.dumps(value, ensure_ascii=False)}"
            for name, value in said.items()
            if value != default[name]
        ]
        if self.expires:
            lines.append(f"expires = {self.expires.isoformat()}")
        return "\n".join(["[[token]]", *lines, ""])


class _File(Struct, forbid_unknown_fields=True):
    token: tuple[Token, ...] = ()


def digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def new_token() -> str:
    """256 random bits, recognisable as ours wherever they leak to."""
    return f"mulu_{secrets.token_urlsafe(32)}"


def entry(**said: object) -> Token:
    """An entry of the file. Raises InvalidInput for a name, role or level there is not."""
    try:
        return convert(said, Token)
    except ValidationError as error:
        raise InvalidInput(_told(error, said)) from error


def _told(error: ValidationError, said: Mapping[str, object]) -> str:
    """What is wrong, with what was said there."""
    what, at, name = str(error).removesuffix("`").rpartition(" - at `$.")
    return f"{name} {said[name]!r}: {what}" if at else str(error)


def read(path: Path) -> tuple[Token, ...]:
    """The tokens of a file. Raises InvalidInput that says what is wrong with it."""
    try:
        return convert(tomllib.loads(path.read_text("utf-8")), _File).token
    except FileNotFoundError:
        raise InvalidInput(
            f"没有令牌文件 {path} / there is no such file of tokens: 用 mulu token 名称 建立 / "
            "mulu token NAME makes it"
        ) from None
    except ValidationError as error:
        raise InvalidInput(f"{path}: {error}") from error
    except (OSError, ValueError) as error:
        raise InvalidInput(f"{path} 无法读取 / cannot be read: {error}") from error


def add(path: Path, token: Token) -> None:
    """Append the entry; the file is made, for its owner alone, where there is none."""
    before = path.read_bytes() if path.exists() else b""
    gap = "\n" if before else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(gap + token.as_toml())


@dataclass(slots=True)
class TokenFile:
    """The tokens as the file has them now; a last day is one of `zone`."""

    path: Path
    zone: tzinfo = UTC
    _tokens: Sequence[Token] = field(init=False)
    _seen: tuple[int, int, int] = field(init=False)

    def __post_init__(self) -> None:
        self._seen = self._state()
        self._tokens = read(self.path)
        if not self._tokens:
            raise InvalidInput(
                f"{self.path} 中没有令牌，谁也不能登录 / holds no token, so that nobody could sign "
                "in: mulu token NAME"
            )

    def viewer(self, token: str) -> Viewer | None:
        """Whose token this is; None for one that is unknown or over. Every entry is compared,
        each in constant time, so that the answer's time tells nothing."""
        self._look()
        asked, found = digest(token), None
        for known in self._tokens:
            if hmac.compare_digest(known.sha256, asked):
                found = known
        if found is None or not found.valid(datetime.now(self.zone).date()):
            return None
        return found.viewer

    def _state(self) -> tuple[int, int, int]:
        try:
            now = self.path.stat()
        except OSError:
            return (0, 0, 0)
        return (now.st_mtime_ns, now.st_size, now.st_ino)

    def _look(self) -> None:
        """Read the file again if it changed. What cannot be read changes nothing: somebody
        is still writing it, or has to mend it; the log says so."""
        state = self._state()
        if state == self._seen:
            return
        self._seen = state
        try:
            self._tokens = read(self.path)
        except InvalidInput as error:
            log.error("令牌未更新 / the tokens stay as they were: %s", error)
