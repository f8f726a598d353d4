"""One running hub serves one authority or several."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Self

from shared.authority.loading import Fault, Faulty, load
from shared.authority.settings import Authority
from shared.errors import Forbidden


class Authorities(Mapping[str, Authority]):
    """The authorities of this hub by their ids."""

    def __init__(self, authorities: Iterable[Authority]) -> None:
        self._by_id = {authority.id: authority for authority in authorities}

    @classmethod
    def load(cls, files: Iterable[Path]) -> Self:
        """What the files say. Raises Faulty, also where two files are of the same authority."""
        found: dict[str, Authority] = {}
        for file in files:
            authority = load(file)
            if authority.id in found:
                raise Faulty(file, [Fault(1, 1, "id", f"{authority.id} was in another file")])
            found[authority.id] = authority
        return cls(found.values())

    def of(self, authority_id: str | None) -> Authority:
        """The caller's own authority. Raises Forbidden where this hub does not serve it."""
        if authority_id is None or authority_id not in self._by_id:
            raise Forbidden("This hub serves no authority that your agency takes part in")
        return self._by_id[authority_id]

    def __getitem__(self, authority_id: str) -> Authority:
        return self._by_id[authority_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)
