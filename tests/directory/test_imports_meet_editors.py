"""An import and an editor at the same time: what the editor has decided stays."""

import asyncio
import json

from services.directory.store.entries import WRITERS
from tests.directory.builders import a_service
from tests.directory.imported import bring
from tests.directory.keepers import DRAFTS, an_editor
from tests.directory.served import Directory

_HOLD = f"select pg_advisory_xact_lock({WRITERS})"
_WAITING = "select count(*) from pg_locks where locktype = 'advisory' and not granted"


async def _wait_for(directory: Directory, waiting: int) -> None:
    while True:
        async with directory.db.reading() as connection:
            if (await connection.exec_driver_sql(_WAITING)).scalar_one() >= waiting:
                return
        await asyncio.sleep(0.01)


async def test_an_import_leaves_alone_what_is_approved_while_it_waits(
    directory: Directory,
) -> None:
    service = a_service(name="first from source")
    await bring(directory, "oruk3", {"a.json": json.dumps([service])})
    editor = await an_editor(directory)
    draft = await editor.draft(service | {"name": "put right by an editor"})
    renamed = json.dumps([service | {"name": "second from source"}])

    async with directory.db.transaction() as connection:
        await connection.exec_driver_sql(_HOLD)
        path = f"{DRAFTS}/{draft['id']}/approval"
        approval = asyncio.create_task(editor.ask("POST", path, 1, json={}))
        await _wait_for(directory, 1)
        importing = asyncio.create_task(bring(directory, "oruk3", {"a.json": renamed}))
        await _wait_for(directory, 2)
    answer, report = await approval, await importing

    assert answer.status_code == 200, answer.text
    assert (report.kept, report.changed) == ([service["id"]], 0)
    shown = await directory.page("/services")
    assert [one["name"] for one in shown["contents"]] == ["put right by an editor"]
