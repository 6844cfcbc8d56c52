"""A resource as JSON-LD, read back by an RDF library: under mulu's terms and the outside ones."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from rdflib import DCAT, DCTERMS, RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import PROV, SKOS
from starlette.testclient import TestClient

from api.app import app_of
from api.settings import settings
from tests.api.command import mulu

MULU = Namespace("https://w3id.org/mulu#")
HERE = "http://127.0.0.1:8000"
ENTRY = "entry:990100/30701001/000002"
MOUNTING = "entry:990100/990100/云澜市人力资源和社会保障局/社会保险缴费信息_社会保险核心业务系统"
AGGREGATE = "dataset:postgres://dw.yunlan.example:5432/dw.ads.ads_gl_jt"


@pytest.fixture(scope="module")
def client(city: Path) -> Iterator[TestClient]:
    with TestClient(app_of(settings(data=city)), HERE, raise_server_exceptions=False) as opened:
        yield opened


def page(id: str) -> URIRef:
    return URIRef(f"{HERE}/resource?id={quote(id, safe='')}")


def read(client: TestClient, id: str) -> Graph:
    answer = client.get("/jsonld", params={"id": id})
    assert answer.headers["content-type"] == "application/ld+json", answer.text
    return Graph().parse(data=answer.text, format="json-ld", publicID=f"{HERE}/jsonld")


def test_an_entry_is_a_dcat_dataset_with_its_publisher(client: TestClient) -> None:
    graph, entry = read(client, ENTRY), page(ENTRY)
    assert (entry, RDF.type, DCAT.Dataset) in graph
    assert (entry, RDF.type, MULU.InformationResource) in graph
    assert (entry, DCTERMS.title, Literal("社会保险缴费信息")) in graph
    assert (entry, MULU.title, Literal("社会保险缴费信息")) in graph
    assert Literal("缴费") in set(graph.objects(entry, DCAT.keyword))
    publisher = graph.value(entry, DCTERMS.publisher)
    assert publisher == page("org:119901000028101895")
    assert publisher == graph.value(entry, MULU.providedBy)
    assert graph.value(entry, MULU.publishedAt) == Literal("2023-11-05", datatype=XSD.date)


def test_a_harvester_finds_what_dcat_ap_wants(client: TestClient) -> None:
    graph, entry = read(client, ENTRY), page(ENTRY)
    for mandatory in (DCTERMS.title, DCTERMS.description, DCTERMS.identifier):
        assert graph.value(entry, mandatory), mandatory
    assert (entry, DCTERMS.identifier, Literal(ENTRY)) in graph
    assert all(isinstance(place, URIRef) for place in graph.objects(entry, DCTERMS.spatial))
    frequency = graph.value(entry, DCTERMS.accrualPeriodicity)
    assert str(frequency).startswith("http://publications.europa.eu/resource/authority/frequency/")
    assert (frequency, RDF.type, SKOS.Concept) in graph
    assert Literal(str(graph.value(entry, MULU.updateCycle)), lang="zh") in set(
        graph.objects(frequency, SKOS.prefLabel)
    )
    assert "." not in str(graph.value(entry, MULU.recordCount))
    mounting = read(client, MOUNTING)
    mounted = set(mounting.objects(page(MOUNTING), DCAT.distribution))
    assert mounted
    assert mounted == set(mounting.objects(page(MOUNTING), MULU.mounts))


def test_a_distribution_has_an_address(client: TestClient) -> None:
    graph, table = read(client, AGGREGATE), page(AGGREGATE)
    assert (table, RDF.type, DCAT.Distribution) in graph
    assert isinstance(graph.value(table, DCAT.accessURL), URIRef)


def test_lineage_is_prov(client: TestClient) -> None:
    graph, table = read(client, AGGREGATE), page(AGGREGATE)
    origins = set(graph.objects(table, PROV.wasDerivedFrom))
    assert origins
    assert origins == set(graph.objects(table, MULU.datasetDerivedFrom))


def test_what_is_not_there_is_said_so(client: TestClient) -> None:
    assert client.get("/jsonld", params={"id": "entry:none"}).status_code == 404
    missing = client.get("/jsonld")
    assert missing.status_code == 400
    assert "id" in missing.json()["message"]


def test_a_viewer_reads_what_the_clearance_allows(city: Path, tmp_path: Path) -> None:
    file = tmp_path / "tokens.toml"
    token = mulu("token", "读者", "--file", file, "--clearance", "公开数据").out.strip()
    with TestClient(app_of(settings(data=city, tokens=file)), HERE) as closed:
        asked: dict[str, Any] = {"params": {"id": ENTRY}}
        assert closed.get("/jsonld", **asked).status_code == 401
        hidden = closed.get("/jsonld", **asked, headers={"Authorization": f"Bearer {token}"})
        assert hidden.status_code == 404


def test_a_resource_with_very_many_links_says_that_it_is_cut(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (page(ENTRY), MULU.complete, None) not in read(client, ENTRY)
    monkeypatch.setattr("api.jsonld.MOST", 3)
    cut = client.get("/jsonld", params={"id": ENTRY}).json()
    assert cut["mulu:complete"] is False
    links = [value for term, value in cut.items() if term.startswith("mulu:has")]
    assert sum(len(value) if isinstance(value, list) else 1 for value in links) <= 3
