"""Words of the pages and of the widget in a language: a catalogue speaks once it is approved."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ENGLISH = "en"


@dataclass(frozen=True)
class Words:
    """A catalogue; what it does not say is said in English."""

    code: str
    said: Mapping[str, str]
    english: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, key: str, **filled: object) -> str:
        """A text with its gaps filled."""
        return (self.said.get(key) or self.english[key]).format(**filled)

    def knows(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in self.said or key in self.english


@dataclass(frozen=True)
class Catalogues:
    """Every catalogue that ships, and who has approved it."""

    words: Mapping[str, Words]
    names: Mapping[str, str]
    approved_by: Mapping[str, str | None]

    def spoken(self, code: str | None) -> Words:
        """In this language if a named speaker has approved it, or else in English."""
        return self.words[code if code in self.offered else ENGLISH]

    @property
    def offered(self) -> dict[str, str]:
        """The names of the approved languages by their codes."""
        return {code: name for code, name in self.names.items() if self.approved_by[code]}
