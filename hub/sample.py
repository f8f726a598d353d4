"""The partners to try a hub with: a ready client for each kind of agency, all invented."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from gateway import actions, store
from gateway.actions import Credentials
from gateway.domain.agencies import Agency, Worker
from gateway.domain.clients import Algorithm
from hub import client_files
from hub.client_files import ClientFile
from hub.site import Site
from shared.auth import TAKE_OVER, AgencyKind, Caller, Role, Scope
from shared.authority import Authorities, Authority
from shared.crypto import FieldCipher
from shared.db import Database

SAMPLE = "sample"
"""The invented authority, whose clients bear no prefix."""
_EVERY_PARTNER = frozenset(
    {
        Scope.REFERRALS_WRITE,
        Scope.REFERRALS_READ,
        Scope.EVENTS_READ,
        Scope.WORKERS_READ,
        Scope.WORKERS_WRITE,
        Scope.AGENCY_ADMIN,
        Scope.AGREEMENTS_READ,
        Scope.AGREEMENTS_WRITE,
        Scope.CONSENTS_READ,
        Scope.CONSENTS_WRITE,
        Scope.DIRECTORY_WRITE,
    }
)
_REFERRER = frozenset({Role.REFERRER})
_RECEIVER = frozenset({Role.REFERRER, Role.RECEIVING_WORKER})
_LEAD = frozenset({Role.LEAD_PROFESSIONAL})
_SAFEGUARDS = frozenset({Role.SAFEGUARDING_LEAD})
_GOVERNS = frozenset({Role.INFORMATION_GOVERNANCE_LEAD})
_ADMINISTRATOR = frozenset({Role.AGENCY_ADMINISTRATOR})
_FRONT_DOOR = frozenset({Role.FRONT_DOOR_WORKER, Role.FRONT_DOOR_MANAGER})
_CHAIR = frozenset({Role.PANEL_CHAIR})


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

    @property
    def leads(self) -> SampleWorker | None:
        """Its worker who may be a family's lead professional."""
        return next((one for one in self.workers if Role.LEAD_PROFESSIONAL in one.roles), None)


@dataclass(frozen=True)
class Party:
    """A partner as it is registered, so that it can sign what its workers may sign."""

    partner: Partner
    agency: Agency
    workers: Mapping[str, UUID]
    """Each by its number."""

    def acting(self, role: Role) -> Caller:
        """The first of its workers with this role, as the door names a caller to the services."""
        number = next(one.number for one in self.partner.workers if role in one.roles)
        return Caller(
            self.partner.client_id,
            self.agency.id,
            self.agency.kind,
            self.workers[number],
            frozenset({role}),
            scopes_of(self.agency.kind),
            self.agency.authority,
        )


def partners_of(council: Authority) -> tuple[Partner, ...]:
    """One authority's invented partners, the front door under its own words."""
    sample = council.id == SAMPLE
    town = council.id.replace("-", " ").title()
    place = "Sampleton" if sample else f"Invented {town}"
    prefix = "" if sample else f"{council.id}-"
    desk = council.words.front_door.name.removeprefix(f"{town} ")
    desk = desk.title() if desk.islower() else desk
    return tuple(
        Partner(
            f"{prefix}{client_id}", f"{place} {agency or desk}", kind, (*workers, _office(workers))
        )
        for client_id, agency, kind, workers in _PARTNERS
    )


def _office(workers: tuple[SampleWorker, ...]) -> SampleWorker:
    number = f"{workers[0].number}-admin"
    return SampleWorker(number, "Ada Madeup", "Administrator", _ADMINISTRATOR)


_PARTNERS: tuple[tuple[str, str, AgencyKind, tuple[SampleWorker, ...]], ...] = (
    (
        "school",
        "Primary School",
        AgencyKind.SCHOOL,
        (
            SampleWorker(
                "T-100", "Tess Example", "Designated safeguarding lead", _RECEIVER | _SAFEGUARDS
            ),
            SampleWorker("T-200", "Tom Example", "Pastoral lead", _LEAD),
        ),
    ),
    (
        "gp-practice",
        "Surgery",
        AgencyKind.GP,
        (SampleWorker("G-100", "Gia Example", "General practitioner", _RECEIVER),),
    ),
    (
        "health",
        "Health Visiting",
        AgencyKind.HEALTH,
        (
            SampleWorker("N-100", "Nia Example", "Health visitor", _RECEIVER),
            SampleWorker("N-200", "Noa Example", "School nurse", _LEAD),
            SampleWorker("N-300", "Nell Example", "Named nurse for safeguarding", _SAFEGUARDS),
        ),
    ),
    (
        "police",
        "Police",
        AgencyKind.POLICE,
        (
            SampleWorker("P-100", "Pat Example", "Police constable"),
            SampleWorker("P-300", "Pia Example", "Detective sergeant", _REFERRER | _SAFEGUARDS),
        ),
    ),
    (
        "housing",
        "Homes",
        AgencyKind.HOUSING,
        (SampleWorker("H-100", "Hal Example", "Tenancy officer", _RECEIVER),),
    ),
    (
        "charity",
        "Family Trust",
        AgencyKind.VOLUNTARY,
        (
            SampleWorker("C-100", "Cam Example", "Team manager", _RECEIVER),
            SampleWorker("C-200", "Cleo Example", "Family support worker", _LEAD),
            SampleWorker("C-300", "Cass Example", "Safeguarding officer", _SAFEGUARDS),
        ),
    ),
    (
        "childrens-services",
        "Children's Services",
        AgencyKind.CHILDREN_SERVICES,
        (
            SampleWorker("S-100", "Sol Example", "Social worker", _RECEIVER | _LEAD),
            SampleWorker("S-300", "Sam Example", "Team manager", _RECEIVER | _SAFEGUARDS),
        ),
    ),
    (
        "front-door",
        "",
        AgencyKind.FRONT_DOOR,
        (
            SampleWorker("F-100", "Fay Example", "Front door practitioner", _FRONT_DOOR),
            SampleWorker("F-200", "Flo Example", "Chair of the panel", _CHAIR),
            SampleWorker("F-300", "Finn Example", "Front door manager", _FRONT_DOOR | _SAFEGUARDS),
        ),
    ),
    (
        "council",
        "Council",
        AgencyKind.COUNCIL,
        (SampleWorker("I-100", "Ida Example", "Information governance lead", _GOVERNS),),
    ),
)
"""Client, agency (the front door's own word where it is empty), kind, workers."""


def scopes_of(kind: AgencyKind) -> frozenset[Scope]:
    """What a client of this kind of agency is given unless the operator says otherwise."""
    decides = {Scope.REFERRALS_DECIDE} if kind is AgencyKind.FRONT_DOOR else set()
    works = {Scope.REFERRALS_WORK} if kind in TAKE_OVER else set()
    governs = {Scope.AUDIT_VERIFY} if kind is AgencyKind.COUNCIL else set()
    return _EVERY_PARTNER | decides | works | governs


async def create(
    db: Database, cipher: FieldCipher, site: Site, councils: Authorities, now: datetime
) -> list[Party]:
    """Make what is missing of each authority's partners; what is there stays as it is."""
    made = []
    async with db.reading() as connection:
        known = {(one.authority, one.name): one for one in await store.agencies(connection)}
    for council in councils.values():
        for partner in partners_of(council):
            agency = known.get((council.id, partner.agency)) or await actions.register_agency(
                db, name=partner.agency, kind=partner.kind, authority=council.id, now=now
            )
            workers = [await _create_worker(db, cipher, agency, w, now) for w in partner.workers]
            await _create_client(db, site, partner, agency, now)
            made.append(Party(partner, agency, {one.external_id: one.id for one in workers}))
    return made


async def _create_worker(
    db: Database, cipher: FieldCipher, agency: Agency, worker: SampleWorker, now: datetime
) -> Worker:
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
    return there


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
            events=partner.kind is AgencyKind.FRONT_DOOR,
            client_id=partner.client_id,
            now=now,
        )
    client_files.write(site.clients, file)
