"""A bad file of an authority's settings is refused, each fault with its line and its reason."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shared.authority import Authorities, Faulty, load
from shared.settings import SHIPPED

SAMPLE = (SHIPPED / "sample.yaml").read_text()
Written = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """A file with this text."""

    def write(text: str) -> Path:
        file = tmp_path / "ours.yaml"
        file.write_text(text)
        return file

    return write


def changed(before: str, after: str) -> str:
    """The sample with something changed that is there exactly once."""
    assert SAMPLE.count(before) == 1, before
    return SAMPLE.replace(before, after)


def line_of(text: str, words: str) -> int:
    """The line of `text` that is these words, or else the first in which they stand."""
    lines = text.splitlines()
    if words in lines:
        return lines.index(words) + 1
    return next(n for n, line in enumerate(lines, start=1) if words in line)


BAD = {
    "a clock that starts with an unknown action": (
        "  acknowledge:\n    starts: [submit",
        "  acknowledge:\n    starts: [fly",
        "starts: [fly",
        "clocks.acknowledge.starts.0: Input should be 'submit'",
    ),
    "a clock that the same action starts and stops": (
        "stops: [accept, decline]",
        "stops: [allocate]",
        "  answer_allocation:",
        "allocate cannot both start and stop the clock",
    ),
    "a clock without its length": (
        "    length: 14\n",
        "",
        "  offer:",
        "length is missing here",
    ),
    "a clock that is near before it starts": (
        "length: 14",
        "length: 3",
        "  offer:",
        "near must be shorter than length",
    ),
    "no clock for the decision": (
        "  decide:",
        "  deciding:",
        "clocks:",
        "the clock decide is missing",
    ),
    "a unit nobody knows": (
        "length: 14\n    unit: calendar_days",
        "length: 14\n    unit: moons",
        "unit: moons",
        "'working_days', 'calendar_days' or 'hours'",
    ),
    "a way without allocation": (
        "{ step: allocation, source: sample }",
        "{ step: assessment, source: sample }",
        "way:",
        "allocation is missing",
    ),
    "a step that nobody knows": (
        "{ step: allocation, source: sample }",
        "{ step: prayer, source: sample }",
        "step: prayer",
        "'assessment', 'panel' or 'allocation'",
    ),
    "a step that comes twice": (
        "way:\n",
        "way:\n  - { step: allocation, source: { sample: the first } }\n",
        "- { step: allocation, source: sample }",
        "allocation comes twice",
    ),
    "a level in a rule that there is not": (
        '    - at_least: 3\n      level: "3"',
        '    - at_least: 3\n      level: "5"',
        'level: "5"',
        "thresholds.rules.0.level: there is no level 5",
    ),
    "an indicator of a rule that there is not": (
        "    - at_least: 3\n",
        "    - at_least: 1\n      of: [low_mood, rich]\n",
        "of: [low_mood, rich]",
        "there is no indicator rich",
    ),
    "a rule that nobody can meet": (
        "    - at_least: 3\n",
        "    - at_least: 3\n      of: [low_mood]\n",
        "- at_least: 3",
        "at_least 3 of 1 indicators never comes",
    ),
    "an indicator of no need group": (
        "need_group: homelessness",
        "need_group: money",
        "need_group: money",
        "there is no need group money",
    ),
    "an outward code that two areas claim": (
        "postcodes: [ZZ99]",
        "postcodes: [ZZ98]",
        "postcodes: [ZZ98]",
        "ZZ98 is claimed by the area north already",
    ),
    "an area that two hubs claim": (
        "south: { name: South Sampleton",
        "north: { name: South Sampleton",
        "north: { name: South Sampleton",
        "the area north is claimed by the hub north already",
    ),
    "a whole postcode where half is meant": (
        "postcodes: [ZZ99]",
        "postcodes: [ZZ99 9ZZ]",
        "postcodes: [ZZ99 9ZZ]",
        "first half of a postcode",
    ),
    "a key that stands twice": (
        "drafts: { days: 28, source: sample }",
        "drafts: { days: 28, source: sample }\ndrafts: { days: 1, source: sample }",
        "drafts: { days: 1",
        "drafts: stands twice: first in line",
    ),
    "a key that nobody knows": (
        "drafts: { days: 28, source: sample }",
        "drafts: { days: 28, weeks: 4, source: sample }",
        "weeks: 4",
        "drafts.weeks: there is no setting of this name",
    ),
    "a figure without its source": (
        "drafts: { days: 28, source: sample }",
        "drafts: { days: 28 }",
        "drafts: { days: 28 }",
        "source is missing here",
    ),
    "a strategy without the words quoted": (
        "drafts: { days: 28, source: sample }",
        "drafts: { days: 28, source: { seed: 4 } }",
        "drafts: { days: 28",
        "a seed goes with its quote",
    ),
    "two sources at once": (
        "drafts: { days: 28, source: sample }",
        "drafts: { days: 28, source: { local: ours, statute: theirs } }",
        "drafts: { days: 28",
        "give one of seed, statute, guidance, local or sample",
    ),
    "a source of no kind": (
        "drafts: { days: 28, source: sample }",
        "drafts: { days: 28, source: hearsay }",
        "drafts: { days: 28",
        "write sample, or one of",
    ),
    "a colour that cannot be read on": (
        'colour: "#1d5c4b"',
        'colour: "#9fd5c4"',
        "brand:",
        "contrast is 1.",
    ),
    "the government's name": (
        "name: Sampleton Early Help\n",
        "name: GOV.UK Sampleton\n",
        "brand:",
        "without GOV.UK",
    ),
    "a front door that closes before it opens": (
        'closes: "17:00"',
        'closes: "08:00"',
        "cover:",
        "opens must come before closes",
    ),
    "a time of day that is wrong in summer": (
        'opens: "09:00"',
        'opens: "09:00+00:00"',
        'opens: "09:00+00:00"',
        "cover.opens: give the time as the clock on the wall shows it",
    ),
    "a level that is part of none": (
        '"3":\n    name: Targeted help',
        '"3":\n    part_of: "9"\n    name: Targeted help',
        'part_of: "9"',
        "no level above it is called 9",
    ),
    "an alias": (
        "closures: { source: sample }",
        "closures: &nothing { source: sample }\nwords: *nothing",
        "words: *nothing",
        "there are no aliases here",
    ),
    "the name of the dead letters": (
        "id: sample\n",
        "id: dead\n",
        "id: dead",
        "this word names the topic of dead letters",
    ),
    "what is no YAML": (
        "closures: { source: sample }",
        "closures: { source: sample }}",
        "closures: { source: sample }}",
        "(the file)",
    ),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_file_is_refused_with_line_and_reason(bad: str, written: Written) -> None:
    before, after, where, reason = BAD[bad]
    text = changed(before, after)
    load(written(SAMPLE))  # without the change it is taken

    with pytest.raises(Faulty) as refused:
        load(written(text))

    found = [(fault.line, f"{fault.where}: {fault.reason}") for fault in refused.value.faults]
    assert any(line == line_of(text, where) and reason in said for line, said in found), found


def test_every_fault_is_told_at_once_in_the_order_of_the_file(written: Written) -> None:
    text = changed("{ days: 28, source: sample }", "{ days: none }")
    text = text.replace("minutes: 60", "minutes: 0").replace("name: Sampleton Council", "nam: S")

    with pytest.raises(Faulty) as refused:
        load(written(text))

    told = [(fault.line, fault.where) for fault in refused.value.faults]
    minutes, days = line_of(text, "minutes: 0"), line_of(text, "days: none")
    assert told == [
        (line_of(text, "id: sample"), "name"),
        (line_of(text, "nam: S"), "nam"),
        (minutes, "emergency.unacknowledged.minutes"),
        (days, "drafts.source"),
        (days, "drafts.days"),
    ]
    assert str(refused.value).startswith(f"{refused.value.file}:4:1: name: name is missing here")


def test_columns_begin_at_one(written: Written) -> None:
    with pytest.raises(Faulty) as refused:
        load(written("id: sample\nclocks: { decide: 1 }\n"))

    decide = next(f for f in refused.value.faults if f.where == "clocks.decide")
    assert (decide.line, decide.column) == (2, 19)


@pytest.mark.parametrize("text", ["", "- a list", "just words"])
def test_what_is_no_settings_at_all_is_told(text: str, written: Written) -> None:
    with pytest.raises(Faulty, match="settings are keys with values"):
        load(written(text))


def test_every_value_is_the_text_that_stands_there(written: Written) -> None:
    """YAML 1.1 reads 17:00 as 1020 seconds, and no as false."""
    authority = load(written(changed('"17:00"', "17:00").replace("pages: en", "pages: no")))
    assert (authority.cover.closes.hour, authority.language.pages) == (17, "no")


def test_two_files_of_one_authority_are_refused(written: Written) -> None:
    with pytest.raises(Faulty, match="sample was in another file"):
        Authorities.load([SHIPPED / "sample.yaml", written(SAMPLE)])
