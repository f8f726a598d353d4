"""What somebody asks on the page: the search's own parameters, as the form sends them."""

from collections.abc import Iterable
from dataclasses import dataclass

PARAMETERS = (
    "text near within_metres age_band minimum_age maximum_age need send accessibility suitability "
    "day from_time until_time term_time cost language delivery access level view page"
).split()
FILTERS = (
    "need cost delivery access day term_time send accessibility suitability language level"
).split()
"""The facets that become filters, in this order; of `need` several may be chosen at once."""
MILES = {"1609": 1, "3219": 2, "8047": 5, "16093": 10, "32187": 20}
AGES = ["0-2", "3-5", "6-11", "12-15", "16-18", "19-25"]
_LONGEST = 200


@dataclass(frozen=True)
class Question:
    """What was filled in; nothing at all on the first page."""

    said: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, sent: Iterable[tuple[str, str]]) -> "Question":
        """What the search knows of what was sent; empty fields say nothing."""
        known = ((name, value.strip()[:_LONGEST]) for name, value in sent if name in PARAMETERS)
        return cls(tuple((name, value) for name, value in known if value))

    def __bool__(self) -> bool:
        """A place from which nothing is asked, or a distance without one, is still a question."""
        return bool(self.said)

    def first(self, name: str) -> str:
        """What was said by this name, or nothing."""
        return next((value for said, value in self.said if said == name), "")

    def all(self, name: str) -> list[str]:
        """Everything that was said by this name."""
        return [value for said, value in self.said if said == name]

    def asked(self) -> list[tuple[str, str]]:
        """As the search takes it; a distance without a place from which it is measured is none."""
        alone = not self.first("near")
        return [(n, v) for n, v in self.said if not (alone and n == "within_metres")]

    def on_page(self, number: int) -> list[tuple[str, str]]:
        """The same question for another page."""
        return [*((n, v) for n, v in self.said if n != "page"), ("page", str(number))]

    def any_of(self, names: Iterable[str]) -> bool:
        """Whether one of these was said."""
        return any(self.first(name) for name in names)
