"""Finding an agency by its name, in a hub that may serve several authorities."""

from collections.abc import Iterable

from gateway.domain.agencies import Agency
from hub.trouble import Trouble


def called(agencies: Iterable[Agency], name: str, authority: str | None) -> Agency | None:
    """The agency of this name; None when there is none. Raises Trouble when there are several."""
    same = [one for one in agencies if one.name == name and authority in (None, one.authority)]
    if len(same) > 1:
        where = ", ".join(sorted(one.authority for one in same))
        raise Trouble(f"“{name}” is there more than once: say --authority, one of {where}.")
    return same[0] if same else None


def names(agencies: Iterable[Agency]) -> str:
    """The names there are, for whoever looks for another."""
    return ", ".join(sorted({one.name for one in agencies})) or "(none yet)"
