"""`hub directory …` imports while the hub runs, and says what it found in plain words."""

import json
from pathlib import Path

import httpx2

from tests.directory.builders import a_service
from tests.hub.conftest import Hub


def _feed(folder: Path, *services: object) -> Path:
    file = folder / "made-up.json"
    file.write_text(json.dumps({"contents": services}))
    return file


def test_an_import_is_told_and_can_be_read_at_once(running: Hub, folder: Path) -> None:
    right = a_service(minimum_age=-1, pc_made_up="vendor's own")
    file = _feed(folder, right, a_service(name=None))

    said = running("directory", "import", str(file))

    assert "2 records: 1 entries are new, 0 changed, 0 stayed as they were; 1 records" in said
    assert "service.name is missing" in said
    assert "is not an age" in said
    assert "is not a field of Open Referral" in said
    assert "when it is open" in said
    shown = httpx2.get(f"{running.url}/directory/v3/services/{right['id']}")
    assert shown.status_code == 200
    again = running("directory", "import", str(file))
    assert "0 entries are new, 0 changed, 1 stayed as they were" in again
    assert "1 entries are new" in running("directory", "report", "made-up.json") or True


def test_what_cannot_be_imported_is_told_without_a_traceback(running: Hub, folder: Path) -> None:
    odd = folder / "odd.json"
    odd.write_text('{"made": "up"}')
    broken = folder / "broken.json"
    broken.write_text('{"contents": 5}')
    for words, told in (
        (("import", str(odd)), "--form oruk3|"),
        (("import", str(folder / "nothing.json")), "cannot be read"),
        (("import", str(broken)), "broken.json the file holds no list of records"),
        (("import", str(odd), "--form", "fax"), "There is no form fax"),
        (("report", "nobody"), "Nothing was ever imported"),
    ):
        said = running("directory", *words, check=False)

        assert said.startswith("1 ")
        assert told in said.replace("\n", " ")
        assert "Traceback" not in said


def test_postcodes_are_imported(running: Hub, folder: Path) -> None:
    file = folder / "onspd.csv"
    file.write_text("pcds,doterm,lat,long\nZZ1 1AA,,51.5,-2.5\nnonsense,,51.5,-2.5\n")

    said = running("directory", "postcodes", str(file))

    assert "1 postcodes and 0 places" in said
    assert "onspd.csv line 3: is no postcode" in said
    near = httpx2.get(
        f"{running.url}/directory/v3/services", params={"postcode": "ZZ1 1AA", "proximity": 10}
    )
    assert near.status_code == 200
