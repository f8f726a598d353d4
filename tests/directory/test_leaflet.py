"""A service in the words of families: times, ages, costs, places, and no markup of others."""

from datetime import date

import pytest

from services.directory.domain.leaflet import Block, Leaflet, Line, blocks, leaflet
from services.directory.domain.shapes import Json
from services.directory.domain.telling import ages, clock, costs, times
from services.directory.routes.pages.catalogues import catalogues

WORDS = catalogues().words["en"]
TODAY = date(2026, 6, 3)


def told(**said: object) -> Leaflet:
    """A service that says this."""
    return leaflet({"id": "1", "name": "Invented", "status": "active"} | said, WORDS, TODAY)


def fact(of: Leaflet, label: str) -> list[str]:
    """What is said under a label."""
    return [line.text for one in of.facts if one.label == label for line in one.lines]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("09:30:00", "9:30am"),
        ("12:00:00", "midday"),
        ("00:00", "midnight"),
        ("12:30", "12:30pm"),
        ("00:15", "12:15am"),
        ("15:00:00", "3pm"),
    ],
)
def test_a_time_of_day_is_told_as_it_is_spoken(said: str, words: str) -> None:
    assert clock(said, WORDS) == words


@pytest.mark.parametrize(
    ("schedule", "line"),
    [
        (
            {"freq": "WEEKLY", "byday": "MO,WE", "opens_at": "09:30", "closes_at": "12:00"},
            "Monday, Wednesday, 9:30am to midday",
        ),
        ({"freq": "WEEKLY", "byday": "FR", "interval": 2}, "Friday, every 2 weeks"),
        (
            {"freq": "MONTHLY", "byday": "1TU,-1TH"},
            "First Tuesday of the month, last Thursday of the month",
        ),
        ({"freq": "MONTHLY", "byday": "SA"}, "Saturday, each month"),
        ({"opens_at": "18:00", "description": "term time only"}, "From 6pm, term time only"),
        ({"dtstart": "2026-07-11"}, "11 July 2026"),
        ({"byday": "MO", "valid_to": "2026-06-03"}, "Monday, until 3 June 2026"),
    ],
)
def test_a_schedule_is_told_in_a_line(schedule: Json, line: str) -> None:
    assert times([schedule], WORDS, TODAY) == [line]


def test_what_is_over_is_not_told() -> None:
    assert times([{"byday": "MO", "valid_to": "2026-06-02"}], WORDS, TODAY) == []


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [(0, 5, "0 to 5 years"), (11, None, "From 11 years"), (None, 4.5, "Up to 4.5 years")],
)
def test_ages_are_told_with_open_ends(least: float | None, most: float | None, words: str) -> None:
    said = {"minimum_age": least, "maximum_age": most}
    assert ages({name: age for name, age in said.items() if age is not None}, WORDS) == words
    assert ages({}, WORDS) is None


def test_costs_are_told_in_pounds_and_nothing_is_free() -> None:
    options = [
        {"option": "A session", "amount": 3.5, "currency": "gbp"},
        {"option": "Siblings", "amount": 0},
        {"amount": 12, "amount_description": "for a term"},
        {"amount": 4, "currency": "eur"},
        {},
    ]

    said = costs({"cost_options": options, "fees_description": "Ask us"}, WORDS)

    expected = ["A session: £3.50", "Siblings: Free", "£12: for a term", "4.00 EUR", "Ask us"]
    assert said == expected


def test_a_descriptions_paragraphs_and_lists_stay_and_its_markup_goes() -> None:
    assert blocks(
        "<h2>Us</h2><p>Tea &amp; <b>toys</b></p><ul><li>One</li><li> </li><li>Two</li></ul>"
    ) == [
        Block("Us"),
        Block("Tea & toys"),
        Block(items=["One", "Two"]),
    ]
    assert blocks("Plain: 1 < 2 &amp; so\n\nAgain") == [
        Block("Plain: 1 < 2 &amp; so"),
        Block("Again"),
    ]


def test_each_place_has_its_own_times_and_a_letter_box_is_no_place() -> None:
    hall = {"name": "Hall", "addresses": [{"address_1": "1 Street", "city": "Town"}]}
    box = {"name": "Box", "addresses": [{"address_1": "PO Box 1", "address_type": "postal"}]}
    service = told(
        service_at_locations=[
            {"location": hall, "schedules": [{"byday": "MO"}]},
            {"location": box},
        ]
    )

    assert fact(service, "Where: Hall") == ["1 Street, Town", "Monday"]
    assert not any("PO Box" in line.text for one in service.facts for line in one.lines)


def test_only_what_can_be_dialled_is_a_link() -> None:
    phones = [{"number": "01632 960123"}, {"number": "Ring the bell: 01632 960123"}]

    (contact,) = [one for one in told(phones=phones).facts if one.label == "Contact"]

    assert contact.lines == [
        Line("01632 960123", "tel:01632960123"),
        Line("Ring the bell: 01632 960123"),
    ]
