"""The portal's files as the server gives them out, whatever was built into them."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from api.headers import SecurityHeaders
from api.portal import PAGES, nowhere, portal_routes


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "index-a1b2c3.js").write_text("export {};")
    (tmp_path / "index.html").write_text('<meta name="style-nonce" content="STYLE-NONCE">')
    return opened(tmp_path)


def opened(folder: Path) -> TestClient:
    routes = portal_routes(folder)
    return TestClient(
        Starlette(
            routes=routes,
            middleware=[Middleware(SecurityHeaders)],
            exception_handlers={404: nowhere(folder)},
        )
    )


def test_every_address_is_a_page(client: TestClient) -> None:
    for path in ("/", "/search?q=社保", "/resource?id=entry:1/2"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-cache"


def test_where_nothing_is_a_person_finds_the_portal_and_a_program_a_line(
    client: TestClient,
) -> None:
    person = client.get("/resource/entry:1", headers={"Accept": "text/html,*/*;q=0.8"})
    assert person.status_code == 404
    assert "style-nonce" in person.text
    assert "nonce-" in person.headers["content-security-policy"]
    program = client.get("/assets/gone.js")
    assert (program.status_code, "style-nonce" in program.text) == (404, False)


def test_every_page_of_the_portal_has_its_address_here() -> None:
    source = (Path(__file__).parents[2] / "portal" / "src" / "routes.ts").read_text("utf-8")
    paths = set(re.findall(r'route\("([^"]+)"', source))
    assert paths <= set(PAGES)
    assert "/resource" in paths


def test_styles_need_the_nonce_of_their_answer_and_scripts_come_from_here(
    client: TestClient,
) -> None:
    seen = set()
    for _ in range(2):
        answer = client.get("/")
        policy = answer.headers["content-security-policy"]
        found = re.search(r"style-src 'self' 'nonce-([\w-]{16,})'", policy)
        assert found
        assert f'content="{found[1]}"' in answer.text
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        seen.add(found[1])
    assert len(seen) == 2


def test_hashed_files_are_kept_for_good_and_stay_in_their_folder(client: TestClient) -> None:
    answer = client.get("/assets/index-a1b2c3.js")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert client.get("/assets/..%2findex.html").status_code == 404
    assert client.get("/assets/none.js").status_code == 404


def test_hashed_files_are_given_out_as_they_were_gzipped(
    client: TestClient, tmp_path: Path
) -> None:
    plain = client.get("/assets/index-a1b2c3.js")
    assert "content-encoding" not in plain.headers  # none was built
    small = tmp_path / "assets" / "index-a1b2c3.js.gz"
    small.write_bytes(gzip.compress(b"export {};"))
    answer = client.get("/assets/index-a1b2c3.js")
    assert answer.text == plain.text
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-length"] == str(small.stat().st_size)
    for name in ("content-type", "cache-control", "vary"):
        assert answer.headers[name] == plain.headers[name]
    refused = client.get("/assets/index-a1b2c3.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in refused.headers


def test_where_it_was_not_built_the_first_page_says_how(tmp_path: Path) -> None:
    answer = opened(tmp_path).get("/")
    assert "make portal" in answer.text
    assert "<script" not in answer.text
