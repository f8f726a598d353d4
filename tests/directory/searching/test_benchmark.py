"""The benchmark of the search asks everybody the same: else its ratios say nothing."""

from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest

from benchmarks.searching import hub_path
from benchmarks.searching_index import filled
from benchmarks.searching_peer import complete, datasette, path_of
from benchmarks.searching_town import FACETS, NEAR, ONE, TEXT, fill, questions
from services.directory.actions.searching import search
from services.directory.domain.search.asked import SearchAsked
from tests.directory.searching.asking import heard
from tests.directory.searching.neighbours import QUESTIONS, Neighbours, neighbours
from tests.directory.served import served

SERVICES, ASKED = 200, 8


@pytest.fixture(scope="module")
def made() -> Neighbours:
    """A small town."""
    return neighbours(SERVICES)


def test_no_two_questions_of_a_kind_are_asked_alike_so_that_nothing_remembered_answers_them(
    made: Neighbours,
) -> None:
    asked = questions(made)
    assert list(asked) == [TEXT, NEAR, FACETS, ONE]
    for kind, least in ((TEXT, 0.3), (NEAR, 0.8), (FACETS, 0.9), (ONE, 0.2)):
        assert len({str(one) for one in asked[kind]}) >= least * len(asked[kind]), kind
    assert asked == questions(made)


async def test_hub_index_and_peer_answer_the_same_questions_of_the_same_services(
    databases: Callable[[str], str], tmp_path: Path, made: Neighbours
) -> None:
    url, file = databases("directory"), tmp_path / "town.db"
    await fill(url, made)
    alone = await filled(url, file, made.codes)
    complete(file, made.codes.items())
    asked = {kind: some[:ASKED] for kind, some in questions(made).items()}
    with datasette(file) as port:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}") as peer:
            for kind, some in asked.items():
                for one in some:
                    assert await alone.bare(one) > 0
                    assert kind not in (TEXT, FACETS) or await alone.engine(one) > 0
                    assert await alone.inside(one) > 0
                    for counted in (True, False):
                        answer = await peer.get(path_of(one, counted=counted))
                        assert answer.status_code == 200, answer.text
                    if kind == NEAR:  # words have synonyms here, and none there
                        here = await search(alone.finder, SearchAsked.model_validate(one.asked))
                        assert answer.json()[0]["count"] == here["total"]
    await alone.close()


async def test_the_hub_answers_every_question_under_the_path_that_is_measured(
    databases: Callable[[str], str], key_folder: Path, made: Neighbours
) -> None:
    url = databases("directory")
    await fill(url, made)
    async with served(url, key_folder) as directory:
        await heard(directory, SERVICES + len(QUESTIONS))
        for kind, some in questions(made).items():
            for one in some[:ASKED]:
                answer = await directory.ask(hub_path(one))
                assert answer.status_code == 200, (kind, answer.text)
