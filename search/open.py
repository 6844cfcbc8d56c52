"""A search index from its URL."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from ontology.errors import InvalidInput, MissingExtra
from search.index import SearchIndex


def open_index(url: str, *, key: str = "", ca: str = "") -> SearchIndex:
    """`tantivy:///folder` (embedded), or `http(s)://host:9200[,host:9200…][/prefix]`, a cluster
    of Elasticsearch, with an API key and a file of certificates to trust, if need be. Nothing
    is read or made before `ensure`. Raises InvalidInput, MissingExtra."""
    parts = urlsplit(url)
    if parts.scheme == "tantivy" and not parts.netloc and parts.path:
        from search.tantivy_index import TantivyIndex

        return TantivyIndex(Path(unquote(parts.path)))
    if parts.scheme in ("http", "https") and parts.netloc:
        try:
            from search.elastic_client import Address
            from search.elastic_index import ElasticIndex
        except ImportError as error:
            raise MissingExtra(
                "需要 Elasticsearch 客户端，请安装 mulu[elastic] · install mulu[elastic] to search "
                "with Elasticsearch"
            ) from error
        return ElasticIndex(Address.read(url, key, ca))
    raise InvalidInput(
        f"无法识别的检索地址：{parts.scheme or url} · not a search URL; write "
        "tantivy:///path/to/folder or https://host:9200"
    )
