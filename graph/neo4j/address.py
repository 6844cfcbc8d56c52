"""Where a Neo4j database is, and how it may be reached: read from one URL."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from ontology.errors import InvalidInput

SCHEMES = ("neo4j", "neo4j+s", "bolt", "bolt+s")
SECONDS, POOL, ACQUIRE, CONNECT = 300.0, 50, 15.0, 5.0
"""Longest time of one transaction, connections, seconds to wait for a free and a new one."""


@dataclass(frozen=True, slots=True)
class Address:
    """`neo4j+s://user:password@host:7687/database?seconds=300&pool=50&ca=/etc/ca.pem`.

    The scheme says whether the driver asks for routing (neo4j: a cluster or Aura) and
    whether it encrypts (+s). `ca` names a file of certificates to trust in place of the
    system's. `clear=yes` allows another machine without encryption, in a network where nobody
    else listens. `str` shows no password.
    """

    scheme: str
    host: str
    port: int
    database: str | None
    user: str | None
    password: str = field(default="", repr=False)
    seconds: float = SECONDS
    pool: int = POOL
    ca: Path | None = None

    @property
    def encrypted(self) -> bool:
        return self.scheme.endswith("+s")

    @property
    def plain(self) -> str:
        """The URL for the driver: no credentials, no options, encryption left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme.removesuffix('+s')}://{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.plain.replace('://', '+s://' if self.encrypted else '://')}"


def address_of(url: str) -> Address:
    """Read the URL. Raises InvalidInput for one that cannot be used, or that would send
    words or passwords in the clear to another machine."""
    try:
        parts = urlsplit(url)
        port = parts.port or 7687
    except ValueError as error:
        raise _refused("不是有效的地址 / no address that can be read") from error
    options = dict(parse_qsl(parts.query))
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise _refused(
            f"须以 {'、'.join(SCHEMES)} 开头并写明主机 / names no such scheme or no host"
        )
    address = Address(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port,
        database=unquote(parts.path.strip("/")) or None,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password or ""),
        seconds=_number(options.pop("seconds", SECONDS), "seconds"),
        pool=int(_number(options.pop("pool", POOL), "pool")),
        ca=Path(ca) if (ca := options.pop("ca", "")) else None,
    )
    clear = options.pop("clear", "") == "yes"
    if options:
        raise _refused(f"不认识的选项 / unknown options: {', '.join(sorted(options))}")
    if not _is_loopback(address.host):
        if not address.encrypted and not clear:
            raise _refused(
                f"连接其他主机须加密 / use {parts.scheme}+s:// beyond this machine (or ?clear=yes "
                "in a network where nobody else listens)"
            )
        if address.user is None:
            raise _refused("连接其他主机须有用户名和口令 / write user:password@ before the host")
    return address


def _refused(why: str) -> InvalidInput:
    """The URL itself is not repeated: it may hold a password."""
    return InvalidInput(f"MULU_GRAPH: {why}. E.g. neo4j+s://user:password@host:7687")


def _number(text: object, name: str) -> float:
    try:
        value = float(str(text))
    except ValueError as error:
        raise _refused(f"{name} 须为数 / {name} is no number") from error
    if not 0 < value < 100_000:
        raise _refused(f"{name} 超出范围 / {name} is out of range")
    return value


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
