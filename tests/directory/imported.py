"""Imports as the command makes them, without the command."""

from datetime import UTC, datetime
from pathlib import Path

import httpx2

from services.directory.actions.importing import Origin, import_from
from services.directory.clients import sources
from services.directory.domain.imports.forms import recognised
from services.directory.domain.imports.records import Files
from services.directory.domain.report import Report
from tests.directory.served import Directory

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


async def bring(directory: Directory, form: str, told: Files, name: str = "made-up") -> Report:
    """Import texts as if they were files."""
    origin = Origin(name, "made-up", form)
    records = sources.of_files(form, told)
    return await import_from(directory.db, directory.cipher, origin, records, now=NOW)


async def bring_path(directory: Directory, path: Path) -> tuple[str, Report]:
    """Import a file or a folder in the form that it is recognised by."""
    told = sources.files(path)
    form = recognised(told)
    assert form, path
    return form, await bring(directory, form, told, path.name)


async def bring_feed(directory: Directory, http: httpx2.AsyncClient, form: str) -> Report:
    """Import a feed."""
    origin = Origin("made-up feed", str(http.base_url), form)
    records = sources.of_feed(http, form)
    return await import_from(directory.db, directory.cipher, origin, records, now=NOW)
