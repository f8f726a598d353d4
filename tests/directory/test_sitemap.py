"""Search engines are told of every page of a service that runs, and of nothing else."""

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

from tests.directory.builders import a_location, a_service, at, entry
from tests.directory.served import HUB, Directory

PATH = "/find-help/sitemap.xml"
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


async def _told(directory: Directory) -> list[str]:
    answer = await directory.ask(PATH)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/xml"
    root = ElementTree.fromstring(answer.text)  # noqa: S314 -- our own
    dates = [one.text or "" for one in root.findall("s:url/s:lastmod", NAMES)]
    found = [one.text or "" for one in root.findall("s:url/s:loc", NAMES)]
    assert len(dates) == len(found) - 1
    assert all(one.endswith("+00:00") for one in dates)
    return found


async def test_search_engines_find_the_page_of_every_service_that_runs(
    directory: Directory,
) -> None:
    services = [a_service() for _ in range(3)]
    await directory.save(*(entry("service", one) for one in services))

    first, *pages = await _told(directory)

    assert first == f"{HUB}/find-help"
    assert sorted(pages) == sorted(f"{HUB}/find-help/services/{one['id']}" for one in services)
    for page in pages:
        assert (await directory.ask(page.removeprefix(HUB))).status_code == 200


async def test_what_is_withheld_withdrawn_or_closed_is_told_to_no_search_engine(
    directory: Directory,
) -> None:
    refuge = a_location(name="Secret Refuge")
    shown = a_service(service_at_locations=[at(refuge)])
    await directory.save(
        entry("location", refuge, audience="confidential"),
        entry("service", shown),
        entry("service", a_service(), audience="confidential"),
        entry("service", a_service(), audience="internal"),
        entry("service", a_service(), stage="draft"),
        entry("service", a_service(status="temporarily closed")),
    )
    gone = a_service()
    await directory.save(entry("service", gone))
    assert len(await _told(directory)) == 3

    await directory.save(entry("service", gone, stage="withdrawn"))

    assert (await _told(directory))[1:] == [f"{HUB}/find-help/services/{shown['id']}"]
    assert refuge["id"] not in (await directory.ask(PATH)).text


async def test_search_engines_are_led_to_the_pages_of_services_and_not_to_what_was_looked_for(
    directory: Directory,
) -> None:
    service = a_service()
    await directory.save(entry("service", service))
    answer = await directory.ask("/robots.txt")
    assert answer.status_code == 200
    rules = RobotFileParser()
    rules.parse(answer.text.splitlines())

    assert rules.site_maps() == [f"{HUB}{PATH}"]
    for page in await _told(directory):
        assert rules.can_fetch("any", page)
    for path in ("/api/v1/directory/search", "/oauth/token"):
        assert not rules.can_fetch("any", f"{HUB}{path}")
    no_index = '<meta name="robots" content="noindex'
    assert no_index not in (await directory.ask("/find-help")).text
    assert no_index in (await directory.ask("/find-help", params={"text": "refuge"})).text
