"""Times, ages and costs of a service in words that a family reads."""

from collections.abc import Iterator
from datetime import date

from services.directory.domain.shapes import Json
from services.directory.domain.words import Words


def number(value: float) -> str:
    """Without a fraction where there is none."""
    return f"{value:g}"


def ages(service: Json, words: Words) -> str | None:
    """For which ages; None where nothing is said."""
    least, most = service.get("minimum_age"), service.get("maximum_age")
    if least is None and most is None:
        return None
    return words("years", ages=age_range(least, most, words))


def age_range(least: float | None, most: float | None, words: Words) -> str:
    """From one age to another, either of which may be open."""
    if least is None:
        return words("ages_to", to=number(most or 0))
    if most is None:
        return words("ages_from", **{"from": number(least)})
    return words("ages_between", **{"from": number(least), "to": number(most)})


def day(said: str, words: Words) -> str:
    """A date, the month by its name."""
    when = date.fromisoformat(said[:10])
    return words("date", day=when.day, month=words(f"month_{when.month}"), year=when.year)


def clock(said: str, words: Words) -> str:
    """A time of day as it is spoken: 9:30am, midday."""
    hour, minute = int(said[:2]), int(said[3:5])
    if (hour, minute) in ((0, 0), (12, 0)):
        return words("midday" if hour else "midnight")
    shown = f"{(hour - 1) % 12 + 1}" + (f":{minute:02}" if minute else "")
    return f"{shown}{'pm' if hour >= 12 else 'am'}"


def times(schedules: list[Json], words: Words, today: date) -> list[str]:
    """When something takes place, without what is over."""
    over = today.isoformat()
    current = [one for one in schedules if one.get("valid_to", over) >= over]
    lines = [", ".join(part for part in _schedule(one, words) if part) for one in current]
    return [line[0].upper() + line[1:] for line in dict.fromkeys(lines) if line]


def _schedule(said: Json, words: Words) -> Iterator[str]:
    yield _days(said, words)
    yield _hours(said, words)
    if (every := said.get("interval") or 1) > 1 and said.get("freq") == "WEEKLY":
        yield words("every_weeks", count=number(every))
    if said.get("freq") == "MONTHLY" and not _counted(said):
        yield words("monthly")
    if said.get("valid_from"):
        yield words("from_day", day=day(said["valid_from"], words))
    if said.get("valid_to"):
        yield words("until_day", day=day(said["valid_to"], words))
    yield from (said.get("description", ""), said.get("notes", ""))


def _counted(said: Json) -> bool:
    return any(len(one) > 2 for one in said.get("byday", "").split(","))


def _days(said: Json, words: Words) -> str:
    names = []
    for one in said.get("byday", "").split(","):
        which, name = one[:-2].lstrip("+"), words(one[-2:]) if one else ""
        counted = which and words.knows(f"nth_{which}")
        names.append(words(f"nth_{which}", day=name) if counted else name)
    named = ", ".join(name for name in names if name)
    if not named and not said.get("freq") and said.get("dtstart"):
        return day(said["dtstart"], words)
    return named


def _hours(said: Json, words: Words) -> str:
    opens, closes = said.get("opens_at"), said.get("closes_at")
    if opens and closes:
        return words("times", opens=clock(opens, words), closes=clock(closes, words))
    return words("opens", opens=clock(opens, words)) if opens else ""


def costs(service: Json, words: Words) -> list[str]:
    """What it costs, as far as it is said."""
    lines = [_cost(one, words) for one in service.get("cost_options", ())]
    return [*(line for line in lines if line), *_said(service, "fees_description", "fees")]


def _cost(said: Json, words: Words) -> str:
    amount, currency = said.get("amount"), said.get("currency", "gbp").upper()
    price = ""
    if amount is not None:
        sterling = currency == "GBP"
        price = f"£{amount:.2f}".removesuffix(".00") if sterling else f"{amount:.2f} {currency}"
        price = price if amount else words("free_of_charge")
    parts = [said.get("option", ""), price, said.get("amount_description", "")]
    return ": ".join(part for part in parts if part)


def _said(of: Json, *names: str) -> list[str]:
    return [of[name] for name in names if of.get(name)]
