"""A made-up street's services, a few of each kind that the pages must show."""

from typing import Any
from uuid import UUID

from services.directory.domain.entries import Entry, Kind

Json = dict[str, Any]
NEEDS = ("Parenting", "Food and money")
COUNT = 23
"""Three pages of ten."""
SAID = (
    "<h1>About us</h1><p>Invented help number {number}: tea, toys &amp; a listening ear.</p>"
    "<ul><li>Stay and play</li><li>A quiet corner</li></ul><script>nobody()</script>"
)
MIDDLE = (53.8, -1.55)
POSTCODES = [
    {"code": "ZZ99 1AA", "outward": "ZZ99", "latitude": MIDDLE[0], "longitude": MIDDLE[1]}
    | {"areas": [], "ended": False}
]


def an_id(kind: int, number: int) -> str:
    """The same one every time."""
    return str(UUID(int=(kind << 64) + number, version=4))


def service_id(number: int) -> str:
    """Of the service of this number."""
    return an_id(5, number)


def need_id(name: str) -> str:
    """Of a term of the list of needs."""
    return an_id(2, NEEDS.index(name))


def a_street() -> list[Entry]:
    """Everything, those first on which others stand."""
    needs = {"id": an_id(1, 0), "name": "Invented needs", "description": ""}
    terms = [{"id": need_id(n), "name": n, "taxonomy_id": needs["id"], "code": n} for n in NEEDS]
    trust = {"id": an_id(3, 0), "name": "Madeup Trust", "website": "https://madeup.example/"}
    return [
        Entry(Kind.TAXONOMY, needs),
        *(Entry(Kind.TAXONOMY_TERM, term) for term in terms),
        Entry(Kind.ORGANIZATION, trust),
        *(Entry(Kind.LOCATION, _hall(number)) for number in range(COUNT)),
        *(Entry(Kind.SERVICE, _service(number, trust["id"])) for number in range(COUNT)),
    ]


def _hall(number: int) -> Json:
    return {
        "id": an_id(4, number),
        "location_type": "physical",
        "name": f"Invented Hall {number}",
        "latitude": MIDDLE[0] + number / 100,
        "longitude": MIDDLE[1],
        "transportation": "Bus 99 stops outside",
        "accessibility": [{"id": an_id(6, number), "description": "Step-free entrance"}],
        "addresses": [
            {"id": an_id(7, number), "address_1": f"{number + 1} Nowhere Street"}
            | {"city": "Sampleton", "postal_code": "ZZ99 1AA", "country": "GB"}
        ],
    }


def _service(number: int, trust: str) -> Json:
    paid = number % 2
    cost = {"id": an_id(8, number), "option": "A session", "amount": 3.5 * paid, "currency": "gbp"}
    schedule = {"id": an_id(9, number), "freq": "WEEKLY", "byday": "MO,WE"}
    schedule |= {"opens_at": "09:30:00", "closes_at": "12:00:00"}
    need = {"id": an_id(10, number), "taxonomy_term_id": need_id(NEEDS[paid])}
    phone = {"id": an_id(12, number), "number": "01632 960123"}
    return {
        "id": service_id(number),
        "organization_id": trust,
        "name": f"Invented Playgroup {number}",
        "description": SAID.format(number=number),
        "status": "active",
        "url": "https://madeup.example/play",
        "email": "hello@madeup.example",
        "minimum_age": 0,
        "maximum_age": 4 + number,
        "assured_date": "2026-06-03",
        "phones": [phone],
        "cost_options": [cost],
        **({"application_process": "Through a referral by a school"} if number == 2 else {}),
        "attributes": [need | {"link_entity": "service"}],
        "service_at_locations": [
            {"id": an_id(11, number), "location_id": an_id(4, number), "schedules": [schedule]}
        ],
    }
