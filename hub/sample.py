"""The sample authority's partners: one ready client for each kind of agency, all invented."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from gateway import actions, store
from gateway.actions import Credentials
from gateway.domain.agencies import Agency
from gateway.domain.clients import Algorithm
from hub import client_files
from hub.client_files import ClientFile
from hub.site import Site
from shared.auth import AgencyKind, Role, Scope
from shared.crypto import FieldCipher
from shared.db import Database

AUTHORITY = "sample"
_EVERY_PARTNER = frozenset(
    {
        Scope.REFERRALS_WRITE,
        Scope.REFERRALS_READ,
        Scope.EVENTS_READ,
        Scope.WORKERS_READ,
        Scope.WORKERS_WRITE,
        Scope.AGENCY_ADMIN,
    }
)
_REFERRER = frozenset({Role.REFERRER})
_ADMINISTRATOR = frozenset({Role.AGENCY_ADMINISTRATOR})
_FRONT_DOOR = frozenset({Role.FRONT_DOOR_WORKER, Role.FRONT_DOOR_MANAGER})


@dataclass(frozen=True)
class SampleWorker:
    """A person who does not exist, with a number in the agency's own system."""

    number: str
    name: str
    job_title: str
    roles: frozenset[Role] = _REFERRER


@dataclass(frozen=True)
class Partner:
    """An invented agency with its client; the first worker is whom the examples act for."""

    client_id: str
    agency: str
    kind: AgencyKind
    workers: tuple[SampleWorker, ...]
    events: bool = False


def _partner(client_id: str, agency: str, kind: AgencyKind, worker: SampleWorker) -> Partner:
    office = SampleWorker(f"{worker.number}-admin", "Ada Madeup", "Administrator", _ADMINISTRATOR)
    return Partner(client_id, agency, kind, (worker, office))


PARTNERS = (
    _partner(
        "school",
        "Sampleton Primary School",
        AgencyKind.SCHOOL,
        SampleWorker("T-100", "Tess Example", "Designated safeguarding lead"),
    ),
    _partner(
        "gp-practice",
        "Invented Road Surgery",
        AgencyKind.GP,
        SampleWorker("G-100", "Gia Example", "General practitioner"),
    ),
    _partner(
        "police",
        "Sampleshire Police",
        AgencyKind.POLICE,
        SampleWorker("P-100", "Pat Example", "Police constable"),
    ),
    _partner(
        "housing",
        "Sampleton Homes",
        AgencyKind.HOUSING,
        SampleWorker("H-100", "Hal Example", "Tenancy officer"),
    ),
    _partner(
        "charity",
        "The Made-Up Family Trust",
        AgencyKind.VOLUNTARY,
        SampleWorker("C-100", "Cam Example", "Family support worker"),
    ),
    Partner(
        "front-door",
        "Sampleton Front Door",
        AgencyKind.FRONT_DOOR,
        (
            SampleWorker("F-100", "Fay Example", "Front door practitioner", _FRONT_DOOR),
            SampleWorker("F-100-admin", "Ada Madeup", "Administrator", _ADMINISTRATOR),
        ),
        events=True,
    ),
)


def scopes_of(kind: AgencyKind) -> frozenset[Scope]:
    """What a client of this kind of agency is given unless the operator says otherwise."""
    decides = {Scope.REFERRALS_DECIDE} if kind is AgencyKind.FRONT_DOOR else set()
    return _EVERY_PARTNER | decides


async def create(db: Database, cipher: FieldCipher, site: Site, now: datetime) -> None:
    """Make what is missing of the sample partners; what is there stays as it is."""
    async with db.reading() as connection:
        known = {agency.name: agency for agency in await store.agencies(connection)}
    for partner in PARTNERS:
        agency = known.get(partner.agency) or await actions.register_agency(
            db, name=partner.agency, kind=partner.kind, authority=AUTHORITY, now=now
        )
        for worker in partner.workers:
            await _create_worker(db, cipher, agency, worker, now)
        await _create_client(db, site, partner, agency, now)


async def _create_worker(
    db: Database, cipher: FieldCipher, agency: Agency, worker: SampleWorker, now: datetime
) -> None:
    async with db.reading() as connection:
        which = store.called(agency.id, worker.number)
        there = await store.worker(connection, cipher, which)
    if there is None:
        there, _ = await actions.register_worker(
            db,
            cipher,
            agency_id=agency.id,
            external_id=worker.number,
            name=worker.name,
            job_title=worker.job_title,
            now=now,
        )
    # Also one whose launcher was killed before the grant; later versions are somebody's own doing.
    if there.version == 1 and there.roles != worker.roles:
        grant = partial(actions.grant_roles, db, cipher, agency_id=agency.id, now=now)
        await grant(external_id=worker.number, roles=worker.roles)


async def _create_client(
    db: Database, site: Site, partner: Partner, agency: Agency, now: datetime
) -> None:
    """A client whose key was lost gets a new one: the sample is there to be tried."""
    async with db.reading() as connection:
        client = await store.client(connection, partner.client_id)
    if client and client_files.path_of(site.clients, partner.client_id).exists():
        return
    alg = Algorithm.ES256
    file = ClientFile(
        partner.client_id, partner.workers[0].number, alg.value, client_files.new_key(*alg.key)
    )
    credentials = Credentials(alg=alg, jwks=file.public_jwks())
    if client:
        await actions.rotate_client_key(db, partner.client_id, credentials)
    else:
        await actions.register_client(
            db,
            agency_id=agency.id,
            name=f"{partner.agency}'s system",
            credentials=credentials,
            scopes=scopes_of(partner.kind),
            events=partner.events,
            client_id=partner.client_id,
            now=now,
        )
    client_files.write(site.clients, file)
