"""What a family said cannot be read in the tables, and a sealed field opens in its place alone."""

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from services.referral.tables import Table
from shared import keys
from shared.auth import AgencyKind, Role
from shared.crypto import FieldCipher
from shared.ids import new_id
from tests.builders import (
    a_child,
    a_decision,
    a_need,
    a_parent,
    a_submission,
    an_address,
    an_nhs_number,
)
from tests.referral.conftest import Partner, Service, live

SAID = {
    "given_name": "Zebediah",
    "family_name": "Nevermore",
    "date_of_birth": "2014-07-08",
    "nhs_number": an_nhs_number(),
    "school": "Invisible Primary",
}
ADDRESS = an_address(lines=["77 Unseen Street"], postcode="ZZ97 7ZZ")
REASON = "She sleeps at her aunt's since the boiler broke."


def _all_said() -> dict[str, Any]:
    return a_submission(
        a_child(**SAID, addresses=[ADDRESS]),
        household=[a_parent(given_name="Cordelia", telephone="01632 960987")],
        need=a_need(reason=REASON),
    )


WORDS = [*SAID.values(), "77 Unseen Street", "ZZ97 7ZZ", "Cordelia", "01632 960987", REASON]


async def _everything(service: Service) -> str:
    """Every row of every table as text, and every binary column decoded as far as it goes."""
    dumped = []
    for table in Table.metadata.sorted_tables:
        dumped += await service.rows(f'select t::text from "{table.name}" t')  # noqa: S608 -- ours
        for column in table.columns:
            if column.type.python_type is bytes:
                escaped = f"""select encode({column.name}, 'escape') from "{table.name}" """  # noqa: S608 -- ours
                dumped += [str(value) for value in await service.rows(escaped)]
    return "\n".join(dumped)


async def test_what_was_said_is_read_by_the_front_door_and_stands_readable_in_no_table(
    school: Partner, front_door: Partner, service: Service
) -> None:
    receipt = await school.refer(_all_said())
    await front_door.step(receipt, "acknowledgement", 1)
    await front_door.step(receipt, "triage", 2)
    await front_door.step(receipt, "decision", 3, a_decision(rationale="Unheard rationale"))

    seen = (await front_door.get(f"/{receipt['id']}")).text
    kept = await _everything(service)

    assert receipt["reference"] in kept
    assert [word for word in [*WORDS, "Unheard rationale"] if word not in seen] == []
    assert [word for word in [*WORDS, "Unheard rationale", "Nevermore"] if word in kept] == []


async def test_the_same_words_sealed_twice_do_not_look_the_same(
    school: Partner, gp: Partner, service: Service
) -> None:
    for partner in (school, gp):
        await partner.refer(_all_said())

    sealed = await service.rows("select need from referral")

    assert len(sealed) == len(set(sealed)) == 2


def test_a_sealed_field_opens_in_its_own_row_and_column_alone(key_folder: Path) -> None:
    cipher = FieldCipher(key_folder / "referral.fields.json")
    row = new_id()
    sealed = cipher.seal({"reason": REASON}, "referral.need", row)
    assert cipher.open(sealed, "referral.need", row) == {"reason": REASON}

    moved = [("referral.need", new_id()), ("referral.basis", row), ("person.need", row)]

    for where, other in moved:
        with pytest.raises(InvalidTag):
            cipher.open(sealed, where, other)
    for place in (4, 16, len(sealed) - 1):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(InvalidTag):
            cipher.open(bytes(changed), "referral.need", row)


async def test_a_field_that_somebody_moved_in_the_database_is_never_shown_as_anothers(
    school: Partner, front_door: Partner, service: Service
) -> None:
    mine, other = await school.refer(_all_said()), await school.refer()
    await service.run(
        f"update referral set need = (select need from referral where id = '{mine['id']}')"  # noqa: S608 -- our own id
    )

    moved = await front_door.get(f"/{other['id']}")

    assert moved.status_code == 500
    assert REASON not in moved.text
    assert REASON in (await front_door.get(f"/{mine['id']}")).text


async def test_after_a_rotation_new_words_have_the_new_key_and_old_ones_stay_readable(
    key_folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "referral.fields.json"
    path.write_text((key_folder / "referral.fields.json").read_text())
    row = new_id()
    old = FieldCipher(path)
    before, index = old.seal(REASON, "referral.need", row), old.blind_index("nhs", "1")

    keys.rotate_fields(path)
    new = FieldCipher(path)
    after = new.seal(REASON, "referral.need", row)

    assert before[:4] != after[:4]
    assert new.open(before, "referral.need", row) == new.open(after, "referral.need", row)
    assert new.blind_index("nhs", "1") == index
    content = json.loads(path.read_text())
    assert (len(content["keys"]), path.stat().st_mode & 0o777) == (2, 0o600)


def test_what_is_known_of_a_child_is_found_again_only_with_the_key(tmp_path: Path) -> None:
    for name in ("one", "other"):
        keys.rotate_fields(tmp_path / name)
    one, other = (FieldCipher(tmp_path / name) for name in ("one", "other"))

    assert one.blind_index("nhs", "9990000042") == one.blind_index("nhs", "9990000042")
    assert one.blind_index("nhs", "9990000042") != other.blind_index("nhs", "9990000042")
    assert one.blind_index("names", "ab", "c") != one.blind_index("names", "a", "bc")


async def test_keys_are_rotated_under_a_running_service_and_every_referral_stays_readable(
    databases: Callable[[str], str], key_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "keys"
    shutil.copytree(key_folder, folder)
    url = databases("referral")
    async with live(url, folder) as service:
        school = service.partner(AgencyKind.SCHOOL, Role.REFERRER)
        before = await school.refer(_all_said())
        keys.rotate_fields(folder / "referral.fields.json")
        await asyncio.sleep(1.1)  # the file is looked at once a second

        after = await school.refer()
        again = await school.send(_all_said())

        used = await service.rows("select substr(need, 1, 4) from referral order by id")
        assert len(set(used)) == len(used) == 2
        for receipt in (before, after):
            assert (await school.get(f"/{receipt['id']}")).status_code == 200
        assert again.json()["reference"] == before["reference"], "still known as a duplicate"
