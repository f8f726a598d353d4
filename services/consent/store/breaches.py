"""The one query of a breach report: people, categories and recipients of a span of time."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.consent.domain.breaches import Reached, Span

_DECISIONS = """
    select entry, coalesce(entry ->> 'to_agency_id', entry -> 'by' ->> 'agency_id')::uuid as agency,
        (entry ->> 'at')::timestamptz as at, index as leaf
    from audit_leaf
    where entry ->> 'kind' = 'decision'
        and entry ->> 'at' >= :first and entry ->> 'at' < :last
        and (entry ->> 'at')::timestamptz >= :since and (entry ->> 'at')::timestamptz < :until
        and (cast(:worker as text) is null or entry -> 'by' ->> 'worker_id' = :worker)
        and (cast(:client as text) is null or entry -> 'by' ->> 'client_id' = :client)
"""
_PERMITTED = f"""
    select decision.*, cast(person as uuid) as person, answer
    from ({_DECISIONS}) as decision,
        jsonb_array_elements(entry -> 'answers') as answer,
        jsonb_array_elements_text(answer -> 'people') as person
    where (answer ->> 'permitted')::boolean
        and (cast(:agency as uuid) is null or agency = :agency)
        and exists (select from agency as asking
            where asking.id = cast(entry -> 'by' ->> 'agency_id' as uuid)
            and asking.authority = :authority)
"""  # noqa: S608 -- constants
_REACHED = text(
    f"""
    select person, agency, min(at) as first, max(at) as last,
        count(distinct leaf) as disclosures,
        array_agg(distinct category order by category) as categories,
        array_agg(distinct entry ->> 'purpose' order by entry ->> 'purpose') as purposes,
        array_agg(distinct cast(entry -> 'by' ->> 'worker_id' as uuid))
            filter (where entry -> 'by' ->> 'worker_id' is not null) as workers,
        array_agg(distinct entry -> 'by' ->> 'client_id') as clients
    from ({_PERMITTED}) as permitted, jsonb_array_elements_text(answer -> 'categories') as category
    group by person, agency
    order by person, agency
    """  # noqa: S608 -- constants
)
_COUNT = text(f"select count(distinct leaf) from ({_PERMITTED}) as permitted")  # noqa: S608


_SECOND = timedelta(seconds=1)


def _about(at: datetime, margin: timedelta) -> str:
    """As leaves write instants, up to the second: what the index on them is asked for."""
    return f"{at.astimezone(UTC) + margin:%Y-%m-%dT%H:%M:%S}"


async def reached(
    connection: AsyncConnection, span: Span, authority: str
) -> tuple[list[Reached], int]:
    """Whose data went to whom, and by how many disclosures in all; as its agencies asked."""
    asked = vars(span) | {
        "first": _about(span.since, -_SECOND),
        "last": _about(span.until, _SECOND),
        "authority": authority,
        "worker": str(span.worker) if span.worker else None,
    }
    rows = (await connection.execute(_REACHED, asked)).mappings()
    found = [
        Reached(
            person=row["person"],
            agency=row["agency"],
            categories=tuple(row["categories"]),
            purposes=tuple(row["purposes"]),
            workers=tuple(row["workers"] or ()),
            clients=tuple(row["clients"]),
            disclosures=row["disclosures"],
            first=row["first"],
            last=row["last"],
        )
        for row in rows
    ]
    return found, int((await connection.execute(_COUNT, asked)).scalar_one())
