"""A search index from its URL."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from ontology.errors import InvalidInput, MissingExtra
from search.elastic_address import address_of
from search.index import SearchIndex


def open_index(url: str) -> SearchIndex:
    """`tantivy:///folder` (embedded), or `https://host:9200/prefix` (an Elasticsearch cluster;
    see elastic_address.py). Nothing is read or made before `ensure`. Raises InvalidInput,
    MissingExtra."""
    parts = urlsplit(url)
    if parts.scheme == "tantivy" and not parts.netloc and parts.path:
        from search.tantivy_index import TantivyIndex

        return TantivyIndex(Path(unquote(parts.path)))
    if parts.scheme in ("http", "https"):
        address = address_of(url)
        try:
            from search.elastic_index import ElasticIndex
        except ImportError as error:
            raise MissingExtra(
                "需要 Elasticsearch 客户端，请安装 mulu[elastic] · install mulu[elastic] to search "
                "with Elasticsearch"
            ) from error
        return ElasticIndex(address)
    raise InvalidInput(
        f"无法识别的检索地址：{parts.scheme or url} · not a search URL; write "
        "tantivy:///path/to/folder or https://host:9200"
    )
