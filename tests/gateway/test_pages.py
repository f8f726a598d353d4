"""What people and their tools read: one OpenAPI document, and pages that need nothing else."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import httpx2
import jsonschema
import pytest

from gateway.openapi import Documents, merge, offered
from shared.auth import SCOPES
from tests.gateway.conftest import ISSUER

PAGES = ["/", "/docs", "/problems", "/problems/acting-worker-unknown", "/problems/fault"]


class Page(HTMLParser):
    """What a page loads, links to and says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def values(self, tag: str, attribute: str) -> list[str]:
        """Every value of an attribute."""
        return [
            given[attribute] or ""
            for found, given in self.tags
            if found == tag and attribute in given
        ]


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_whole_without_scripts_or_other_hosts(
    path: str, http: httpx2.AsyncClient
) -> None:
    answer = await http.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none';")
    page = Page(answer.text)
    tags = [tag for tag, _ in page.tags]
    assert not {"script", "img", "iframe", "form"} & set(tags)
    assert "style=" not in answer.text
    assert page.values("link", "href") == ["/pages.css"]
    assert tags.count("h1") == tags.count("main") == tags.count("title") == 1
    assert page.values("html", "lang") == ["en-GB"]
    ids = {given["id"] for _, given in page.tags if "id" in given}
    for link in page.values("a", "href"):
        assert link.startswith(("/", "#")), link
        if link.startswith("#"):
            assert link[1:] in ids, link
        else:
            assert (await http.get(link)).status_code == 200, link


async def test_headings_of_the_reference_go_down_one_step_at_a_time(
    http: httpx2.AsyncClient,
) -> None:
    text = (await http.get("/docs")).text
    levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
    assert len(levels) > 5
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))
    assert "Register one of your workers" in text
    for scope in SCOPES:
        assert scope in text


async def test_an_unknown_problem_is_none(http: httpx2.AsyncClient) -> None:
    assert (await http.get("/problems/unheard-of")).status_code == 404


async def test_one_document_says_where_tokens_come_from_and_what_each_operation_needs(
    http: httpx2.AsyncClient,
) -> None:
    document = (await http.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    flows = document["components"]["securitySchemes"]["hub"]["flows"]
    assert flows["clientCredentials"]["tokenUrl"] == f"{ISSUER}/oauth/token"
    assert set(flows["clientCredentials"]["scopes"]) == set(SCOPES)
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert operations
    for operation in operations:
        ((_, scopes),) = operation["security"][0].items()
        assert scopes, operation["summary"]
        assert {"401", "403", "429", "503"} <= operation["responses"].keys()
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def document_of(path: str, **schemas: Any) -> dict[str, Any]:
    return {"paths": {path: {}}, "components": {"schemas": schemas}}


def test_services_are_merged_and_may_not_contradict_each_other() -> None:
    one, other = (
        document_of("/one", Same={"type": "string"}),
        document_of("/two", Same={"type": "string"}),
    )
    assert merge(ISSUER, [one, other])["paths"].keys() == {"/one", "/two"}
    with pytest.raises(ValueError, match="Same"):
        merge(ISSUER, [one, document_of("/three", Same={"type": "integer"})])
    with pytest.raises(ValueError, match="/one"):
        merge(ISSUER, [one, {"paths": {"/one": {"get": {}}}}])


def test_what_the_door_does_not_lead_to_is_left_out_with_the_schemas_of_it_alone() -> None:
    def answering(name: str) -> dict[str, Any]:
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        return {"get": {"responses": {"200": {"content": content}}}}

    document = {
        "paths": {"/open/one": answering("Open"), "/within": answering("Within")},
        "components": {
            "schemas": {
                "Open": {"properties": {"part": {"$ref": "#/components/schemas/Both"}}},
                "Within": {"properties": {"part": {"$ref": "#/components/schemas/Both"}}},
                "Both": {"type": "string"},
            },
            "securitySchemes": {"hub": {}},
        },
    }
    leads_to = {"/open/one": "service", "/within": "gateway"}

    left = offered("service", document, leads_to.__getitem__)

    assert left["paths"].keys() == {"/open/one"}
    assert left["components"]["schemas"].keys() == {"Open", "Both"}
    assert left["components"]["securitySchemes"] == {"hub": {}}


async def test_a_service_that_is_away_keeps_its_last_document() -> None:
    answers = [httpx2.Response(200, json=document_of("/one")), httpx2.Response(502)]
    transport = httpx2.MockTransport(lambda _: answers.pop(0))
    documents = Documents(ISSUER, lambda: document_of("/own"), lambda _: "service")
    assert documents.merged()["paths"].keys() == {"/own"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://service") as service:
        for _ in range(2):
            await documents.fetch({"service": service})
            assert documents.merged()["paths"].keys() == {"/own", "/one"}
