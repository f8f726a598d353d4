"""What the hub serves of the widget: versions for ever, the newest for an hour."""

from base64 import b64encode
from hashlib import sha384

import pytest

from tests.directory.builders import a_service, an_organization, entry
from tests.directory.served import Directory

SCRIPT = "early-help-directory.js"


async def test_a_version_stays_for_ever_and_is_what_its_digest_says(directory: Directory) -> None:
    published = (await directory.ask("/widget/v1/integrity.json")).json()
    for version, digests in published.items():
        for name, digest in digests.items():
            answer = await directory.ask(f"/widget/{version}/{name}")

            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert answer.headers["content-type"].startswith("text/javascript")
            assert answer.headers["access-control-allow-origin"] == "*"
            assert digest == f"sha384-{b64encode(sha384(answer.content).digest()).decode()}"


async def test_the_floating_address_leads_to_the_newest(directory: Directory) -> None:
    published = (await directory.ask("/widget/v1/integrity.json")).json()
    newest = await directory.ask(f"/widget/{list(published)[-1]}/{SCRIPT}")

    floating = await directory.ask(f"/widget/v1/{SCRIPT}")

    assert floating.content == newest.content
    assert floating.headers["cache-control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    "path",
    [
        f"v2/{SCRIPT}",
        f"9.9.9/{SCRIPT}",
        "v1/other.js",
        "1.0.0/..%2fintegrity.json",
        "1.0.0/package.json",
        "v1/words/cy.json",
        "v1/words/xx.json",
    ],
)
async def test_nothing_else_is_served(directory: Directory, path: str) -> None:
    assert (await directory.ask(f"/widget/{path}")).status_code in (400, 404)


async def test_the_words_of_an_approved_language_are_served(directory: Directory) -> None:
    assert (await directory.ask("/widget/v1/words/en.json")).json()["search"] == "Search"


async def test_the_council_is_told_with_its_colours_and_its_telephone(directory: Directory) -> None:
    told = (await directory.ask("/widget/v1/settings?authority=sample")).json()

    assert told["brand"] == {"colour": "#1d5c4b", "text": "#ffffff"}
    assert told["telephone"]["number"].startswith("01632 96000")
    assert told["languages"] == {"en": "English"}


async def test_a_service_is_told_in_words(directory: Directory) -> None:
    trust = an_organization()
    service = a_service(organization_id=trust["id"], description="<p>One</p><ul><li>Two</li></ul>")
    await directory.save(entry("organization", trust), entry("service", service))

    told = (await directory.ask(f"/widget/v1/services/{service['id']}")).json()

    assert (told["name"], told["by"]) == ("Invented Playgroup", "Madeup Trust")
    assert told["blocks"] == [{"text": "One", "items": []}, {"text": "", "items": ["Two"]}]
    assert (await directory.ask("/widget/v1/services/nothing")).status_code == 404


async def test_web_editors_find_the_lines_to_paste(directory: Directory) -> None:
    published = (await directory.ask("/widget/v1/integrity.json")).json()

    text = (await directory.ask("/widget")).text

    assert published[list(published)[-1]][SCRIPT] in text
    assert "&lt;early-help-directory authority=&#34;sample&#34;" in text or (
        '&lt;early-help-directory authority="sample"' in text
    )
