"""Origins with hours of their own are imported again, once each time, and not before."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.directory.actions import scheduled
from services.directory.actions.scheduled import NotRecognised, bring_what_is_due
from tests.directory.builders import a_service
from tests.directory.served import Directory


async def _bring(directory: Directory, file: Path, every_hours: int | None) -> None:
    await scheduled.bring(directory.db, directory.cipher, str(file), every_hours=every_hours)


async def test_an_origin_has_its_turn_when_its_hours_have_passed(
    directory: Directory, tmp_path: Path
) -> None:
    file, service = tmp_path / "feed.json", a_service()
    file.write_text(json.dumps({"contents": [service]}))
    await _bring(directory, file, 6)
    file.write_text(json.dumps({"contents": [service | {"name": "Renamed there"}]}))
    now = datetime.now(UTC)

    early = await bring_what_is_due(directory.db, directory.cipher, now + timedelta(hours=5))
    assert early == 0
    due = now + timedelta(hours=7)
    assert await bring_what_is_due(directory.db, directory.cipher, due) == 1

    page = await directory.page("/services")
    assert [one["name"] for one in page["contents"]] == ["Renamed there"]


async def test_an_origin_without_hours_waits_until_somebody_asks(
    directory: Directory, tmp_path: Path
) -> None:
    file = tmp_path / "feed.json"
    file.write_text(json.dumps({"contents": [a_service()]}))
    await _bring(directory, file, None)

    later = datetime.now(UTC) + timedelta(days=900)
    assert await bring_what_is_due(directory.db, directory.cipher, later) == 0


async def test_one_that_fails_stands_in_nobodys_way(directory: Directory, tmp_path: Path) -> None:
    lost, there = tmp_path / "a.json", tmp_path / "b.json"
    for file in (lost, there):
        file.write_text(json.dumps({"contents": [a_service()]}))
        await _bring(directory, file, 1)
    lost.unlink()

    later = datetime.now(UTC) + timedelta(hours=2)
    assert await bring_what_is_due(directory.db, directory.cipher, later) == 1


async def test_what_nobody_can_recognise_is_not_guessed_at(
    directory: Directory, tmp_path: Path
) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"made": "up"}')

    with pytest.raises(NotRecognised):
        await _bring(directory, file, None)


@pytest.mark.parametrize("text", ['{"contents": 5}', "5", '{"contents": [{"id": 5}]}'])
async def test_one_that_is_broken_stands_in_nobodys_way(
    directory: Directory, tmp_path: Path, text: str
) -> None:
    broken, there = tmp_path / "a.json", tmp_path / "b.json"
    service = a_service()
    for file, said in ((broken, a_service()), (there, service)):
        file.write_text(json.dumps({"contents": [said]}))
        await _bring(directory, file, 1)
    broken.write_text(text)
    there.write_text(json.dumps({"contents": [service | {"name": "Renamed there"}]}))

    await bring_what_is_due(directory.db, directory.cipher, datetime.now(UTC) + timedelta(hours=2))

    page = await directory.page("/services")
    assert "Renamed there" in [one["name"] for one in page["contents"]]
