"""A consent service as a process of its own, under a believable agreement, with a family in it."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import psutil
from joserfc.jwk import KeySet

from benchmarks.accepted import answers, ended, free_port
from hub import sample_agreements
from hub.postgres import PostgresServer
from hub.site import AUTHORITY
from services.consent.domain.agreements import Clause
from services.consent.settings import Settings
from shared import keys, migrations
from shared.authority import Authorities
from shared.db import Database
from tests.consent.served import COMMENCED, Service, Town

CATEGORIES = (
    *("identity.name", "identity.date_of_birth", "contact.telephone", "contact.address"),
    *("household.relationships", "education.place", "education.attendance", "needs.level"),
    *("needs.groups", "plan.actions", "involvement", "referral"),
)
"""The twelve of a referral's front page."""


@dataclass(frozen=True)
class Bench:
    """The service with who looks after it, what it was told, and what it signs callers with."""

    port: int
    settings: Settings
    signing: KeySet
    process: psutil.Process
    postgres: PostgresServer


def clauses() -> list[Clause]:
    """Those of the sample agreement that every hub comes with."""
    council = Authorities.load([AUTHORITY])["sample"]
    _, agreement = sample_agreements.of(council, datetime.now(UTC).date())
    return list(agreement.clauses)


@contextmanager
def consent_service(folder: Path) -> Iterator[Bench]:
    """`hub serve consent` on a database of its own in `folder`, durable as in production."""
    folder.chmod(0o755)
    with PostgresServer(folder / "postgres") as postgres:
        postgres.create_database("consent")
        keys.create_missing(folder, ("consent",))
        settings = Settings(
            database_url=postgres.url("consent"),
            public_url="http://127.0.0.1",
            authority_files=(AUTHORITY,),
            internal_keys=folder / "internal.public.json",
            field_keys=folder / "consent.fields.json",
            checkpoint_keys=folder / "checkpoints.json",
            duty_commencement=COMMENCED,
        )
        asyncio.run(migrations.upgrade("consent", settings.database_url))
        port, hub = free_port(), str(Path(sys.executable).parent / "hub")
        told = {f"CONSENT_{name.upper()}": str(value) for name, value in settings if value}
        told["CONSENT_AUTHORITY_FILES"] = str(AUTHORITY)
        serve = [hub, "serve", "consent", "--port", str(port)]
        with ended(serve, {**os.environ, **told}) as process:
            answers(f"http://127.0.0.1:{port}/readyz")
            signing = keys.signing_keys(folder / "internal.json")()
            yield Bench(port, settings, signing, psutil.Process(process.pid), postgres)


async def founded(bench: Bench) -> Town:
    """The town of the tests under the whole agreement; the mother has agreed for her child."""
    db = Database.open(bench.settings.database_url, connections=1)
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{bench.port}") as http:
        town = await Town.founded(Service(http, db, bench.signing), *clauses())
        await town.sign(town.front_door)
        await town.school.created("/consents", town.consent(categories=["needs", "narrative"]))
    await db.close()
    return town
