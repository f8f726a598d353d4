"""The authorities that a hub serves: their files are checked before anything starts."""

from collections.abc import Iterable
from pathlib import Path

from hub.trouble import Trouble
from shared.authority import Authorities, Faulty
from shared.settings import SHIPPED

_WHOM = f"files, or some of: {', '.join(sorted(file.stem for file in SHIPPED.glob('*.yaml')))}"


def served(files: Iterable[Path]) -> Authorities:
    """What the files say. Raises Trouble, with every fault and its line, and for no file at all."""
    try:
        if found := Authorities.load(files):
            return found
        raise Trouble(f"A hub serves at least one authority. HUB_AUTHORITIES names {_WHOM}.")
    except OSError as error:
        raise Trouble(f"{error.filename} cannot be read. HUB_AUTHORITIES names {_WHOM}.") from None
    except Faulty as faulty:
        raise Trouble(f"These settings cannot be used:\n{faulty}") from None
