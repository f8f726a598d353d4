"""Import, search, open, and start a referral with that service, at a hub that `hub up` runs."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from hub.partners import Headers, new_key
from hub.site import Ports, Site
from tests.builders import a_submission
from tests.hub.conftest import Hub
from tests.journeys.conftest import a_running_hub
from tests.journeys.pages import WRITTEN, documents, lines_under, paste
from tests.real_data import real_data

pytestmark = pytest.mark.journey

PAGE = "docs/journeys/refer-to-a-service.md"
BRISTOL = "directory/uk-bristol-oruk-fixtures/bristol-services-page1.json"
DIRECTORY = "/api/v1/directory"
BY_REFERRAL = "Through a referral by a school or a GP"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def two_councils() -> Iterator[Hub]:
    """In the sample the front door decides about every referral; in Hounslow's what names a service
    goes straight to its agency."""
    with a_running_hub(HUB_AUTHORITIES="sample,hounslow") as hub:
        yield hub


@dataclass(frozen=True)
class Worker:
    """A worker of a sample partner, through that partner's system."""

    hub: Hub
    client: str
    number: str

    def ask(self, method: str, path: str, seen: int | None = None, body: Any = None) -> Json:
        """What the hub answers; it must be a success."""
        site = Site(self.hub.var, Ports.model_validate({"hub_port": self.hub.port}))
        told = {"purpose": "early_help", "idempotency_key": new_key()}
        told |= {} if seen is None else {"if_match": f'"{seen}"'}
        headers = Headers(site, self.client, self.number)(**told)
        url = self.hub.url + path
        answer = httpx2.request(method, url, json=body, headers=headers, timeout=60)
        assert answer.is_success, answer.text
        return dict(answer.json()) if answer.content else {}


@dataclass(frozen=True)
class Council:
    """A council whose clients' names begin so."""

    hub: Hub
    prefix: str = ""

    def __getitem__(self, who: str) -> Worker:
        client, _, number = who.partition(" ")
        return Worker(self.hub, self.prefix + client, number)

    @property
    def charity(self) -> str:
        """The id of its charity."""
        agencies = self["school T-100"].ask("GET", "/api/v1/agencies")["items"]
        (found,) = [one["id"] for one in agencies if one["kind"] == "voluntary"]
        return str(found)

    def offers(self, service: Json) -> None:
        """The editor says that the charity gives the service, and that it takes referrals."""
        editor = self["council I-100-admin"]
        organization = service["organization"]["id"]
        provider = f"{DIRECTORY}/entries/{organization}/provider"
        editor.ask("PUT", provider, body={"agency_id": self.charity})
        entry = editor.ask("GET", f"{DIRECTORY}/entries/{service['id']}")["content"]
        content = entry | {"application_process": BY_REFERRAL}
        said = {"entry_id": service["id"], "content": content}
        draft = editor.ask("POST", f"{DIRECTORY}/drafts", body=said)
        approval = f"{DIRECTORY}/drafts/{draft['id']}/approval"
        editor.ask("POST", approval, draft["version"], {"reason": "Asked on the telephone"})

    def refers(self, service_id: str) -> Json:
        """The receipt of a referral that names the service."""
        said = a_submission(requested_service_id=service_id)
        return self["school T-100"].ask("POST", "/api/v1/referrals", body=said)


def _found(hub: Hub, service: Json) -> Json:
    """The service in the search, as soon as that knows that it takes referrals."""
    asked = {"text": service["name"], "access": "referral"}
    until = time.monotonic() + 60
    while time.monotonic() < until:
        answer = httpx2.get(f"{hub.url}{DIRECTORY}/search", params=asked, timeout=60)
        for one in answer.raise_for_status().json()["services"]:
            if one["id"] == service["id"]:
                return dict(one)
    raise AssertionError(f"{service['name']} was not found")


def _opened(hub: Hub, found: Json) -> Json:
    """The service in the feed; its page names the same id to whoever refers."""
    page = httpx2.get(hub.url + found["url"], timeout=60).raise_for_status().text
    assert "For professionals: refer a family" in page
    assert f"<code>{found['id']}</code>" in page
    feed = httpx2.get(f"{hub.url}/directory/v3/services/{found['id']}", timeout=60)
    return dict(feed.raise_for_status().json())


@pytest.mark.real_data
def test_a_published_feed_is_imported_a_service_found_and_opened_and_a_family_referred_to_it(
    two_councils: Hub,
) -> None:
    hub = two_councils
    said = hub("directory", "import", str(real_data() / BRISTOL))
    assert "3 records" in said
    services = httpx2.get(f"{hub.url}/directory/v3/services", timeout=60).json()["contents"]
    here, there = services[0], services[1]
    sample, hounslow = Council(hub), Council(hub, "hounslow-")
    for council, service in ((sample, here), (hounslow, there)):
        council.offers(service)
        found = _found(hub, service)
        assert found["takes_referrals"]
        assert _opened(hub, found)["application_process"] == BY_REFERRAL

    receipt = sample.refers(here["id"])
    assert (receipt["status"], receipt["requested_service"]["name"]) == ("submitted", here["name"])
    seen = sample["front-door F-100"].ask("GET", receipt["links"]["self"])
    assert seen["requested_agency_id"] == sample.charity

    straight = hounslow.refers(there["id"])
    assert straight["status"] == "allocated"
    path = straight["links"]["self"]
    accepted = hounslow["charity C-100"].ask("POST", f"{path}/acceptance", 2, {})
    assert (accepted["reference"], accepted["status"]) == (straight["reference"], "in_progress")
    entries = hounslow["school T-100"].ask("GET", f"{path}/history")["entries"]
    assert [entry["action"] for entry in entries] == ["submit", "allocate", "accept"]
    elsewhere = sample.refers(there["id"])["requested_service"]
    assert elsewhere["goes_to"] == "front_door", "its agency is another authority's"


def test_the_pages_own_lines_lead_from_the_import_to_the_agency_that_accepts(
    two_councils: Hub,
) -> None:
    lines = lines_under("Try it", PAGE)
    assert lines.count(WRITTEN) == 1
    printed = paste(lines.replace(WRITTEN, two_councils.url), two_councils)
    found, opened, receipt, allocated, accepted = documents(printed)
    service = found["services"][0]
    assert service["takes_referrals"]
    assert opened["id"] == service["id"] == receipt["requested_service"]["id"]
    assert receipt["requested_service"]["goes_to"] == "front_door"
    assert (allocated["status"], accepted["status"]) == ("allocated", "in_progress")
    assert allocated["reference"] == accepted["reference"] == receipt["reference"]
