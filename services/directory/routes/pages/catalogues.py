"""The catalogues of words as they ship, each a file: for the pages here and the widget alike."""

import json
from functools import cache
from pathlib import Path

from services.directory.domain.words import ENGLISH, Catalogues, Words

FOLDER = Path(__file__).resolve().parents[2] / "widget" / "words"


@cache
def catalogues() -> Catalogues:
    """Every file of the folder."""
    files = {file.stem: json.loads(file.read_text()) for file in sorted(FOLDER.glob("*.json"))}
    english = files[ENGLISH]["words"]
    return Catalogues(
        {code: Words(code, said["words"], english) for code, said in files.items()},
        {code: said["language"] for code, said in files.items()},
        {code: said["approved_by"] for code, said in files.items()},
    )
