"""Where an Elasticsearch cluster is, and how it may be reached: read from one URL."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import parse_qsl, unquote, urlsplit

from ontology.errors import InvalidInput

_PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,80}")


@dataclass(frozen=True, slots=True)
class Address:
    """`https://user:password@one:9200,two:9200/prefix?ca=/etc/ca.pem`: any node will do.

    `prefix` begins the names of all that is kept there (mulu). `key`, an API key, stands for
    user and password; `ca` names a file of certificates to trust in place of the system's.
    `clear=yes` allows http to another machine, in a network where nobody else listens.
    """

    nodes: tuple[str, ...]
    prefix: str = "mulu"
    login: tuple[str, str] | None = field(default=None, repr=False)
    key: str = field(default="", repr=False)
    ca: str = ""

    def __str__(self) -> str:
        return f"{','.join(self.nodes)}/{self.prefix}"


def address_of(url: str) -> Address:
    """Read the URL. Raises InvalidInput for one that cannot be used, or that would send words
    or passwords in the clear to another machine; the password is not repeated."""
    try:
        parts = urlsplit(url)
        credentials, _, hosts = parts.netloc.rpartition("@")
        named = [urlsplit(f"{parts.scheme}://{host}") for host in hosts.split(",")]
        places = [(one.hostname or "", one.port or 9200) for one in named]
    except ValueError as error:
        raise _refused("不是有效的地址 / no address that can be read") from error
    options = dict(parse_qsl(parts.query))
    key, ca = options.pop("key", ""), options.pop("ca", "")
    clear = options.pop("clear", "") == "yes"
    prefix = parts.path.strip("/") or "mulu"
    if options:
        raise _refused(f"不认识的选项 / unknown options: {', '.join(sorted(options))}")
    if parts.scheme not in ("http", "https") or not all(host for host, _ in places):
        raise _refused("须以 https:// 或 http:// 开头并写明主机 / names no scheme or no host")
    if not _PREFIX.fullmatch(prefix):
        raise _refused(
            "索引前缀只能用小写字母、数字、- 和 _ / the prefix has lower-case letters, digits, - "
            "and _"
        )
    if not all(_is_loopback(host) for host, _ in places):
        if parts.scheme == "http" and not clear:
            raise _refused(
                "连接其他主机须用 https / use https beyond this machine (or ?clear=yes in a "
                "network where nobody else listens)"
            )
        if not key and not credentials:
            raise _refused(
                "连接其他主机须有用户名和口令，或 API 密钥 / write user:password@ before the host, "
                "or ?key= with an API key"
            )
    user, _, password = credentials.partition(":")
    return Address(
        nodes=tuple(f"{parts.scheme}://{_bracketed(host)}:{port}" for host, port in places),
        prefix=prefix,
        login=(unquote(user), unquote(password)) if credentials else None,
        key=key,
        ca=ca,
    )


def _refused(why: str) -> InvalidInput:
    """The URL itself is not repeated: it may hold a password."""
    return InvalidInput(f"MULU_SEARCH: {why}. E.g. https://user:password@host:9200/mulu")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
