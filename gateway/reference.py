"""The merged OpenAPI document, laid out for reading: what `/docs` and `/problems` show."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.errors import Refusal

Document = dict[str, Any]

FAULT = "fault", 500, "The hub made a mistake"
"""The one answer that is no refusal; see shared.errors."""


@dataclass(frozen=True)
class Problem:
    """One kind of refusal: the last part of its `type`, and what it means."""

    slug: str
    status: int
    title: str


@dataclass(frozen=True)
class Operation:
    """One thing a partner system can do."""

    method: str
    path: str
    summary: str
    description: str
    scopes: list[str]
    parameters: list[Document]
    body: Document | None
    answers: list[tuple[str, str, Document | None]]

    @property
    def anchor(self) -> str:
        """Its place on the page."""
        words = f"{self.method} {self.path}".lower().replace("{", "").replace("}", "")
        return "-".join(words.replace("/", " ").split())


def operations(document: Document) -> dict[str, list[Operation]]:
    """Every operation under the heading of its first tag."""
    sections: dict[str, list[Operation]] = {}
    for path, methods in sorted(document["paths"].items()):
        for method, described in methods.items():
            heading = (described.get("tags") or ["More"])[0]
            sections.setdefault(heading, []).append(_operation(method, path, described))
    return sections


def _operation(method: str, path: str, described: Document) -> Operation:
    required = described.get("security", [])
    body = described.get("requestBody", {}).get("content", {})
    return Operation(
        method=method.upper(),
        path=path,
        summary=described.get("summary", "").capitalize(),
        description=described.get("description", ""),
        scopes=sorted({s for one in required for scopes in one.values() for s in scopes}),
        parameters=described.get("parameters", []),
        body=_schema(body),
        answers=[
            (status, answer.get("description", ""), _schema(answer.get("content", {})))
            for status, answer in sorted(described.get("responses", {}).items())
        ],
    )


def _schema(content: Document) -> Document | None:
    """The schema of the first media type; there is only ever one."""
    return next((kind.get("schema") for kind in content.values()), None)


def problems(document: Document) -> dict[str, Problem]:
    """Every kind of problem: those this process knows, and those the other services describe."""
    found = {FAULT[0]: Problem(*FAULT)}
    found |= {kind.slug: Problem(kind.slug, kind.status, kind.title) for kind in _kinds(Refusal)}
    for methods in document["paths"].values():
        for described in methods.values():
            for status, answer in described["responses"].items():
                for slug, title in answer.get("x-problems", {}).items():
                    found.setdefault(slug, Problem(slug, int(status), title))
    return dict(sorted(found.items()))


def _kinds(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)
