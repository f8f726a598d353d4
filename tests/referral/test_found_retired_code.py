"""A code that is retired is no longer written; what was sent with it is still read."""

from uuid import UUID

from tests.builders import a_submission, on_other_basis
from tests.referral.conftest import Partner, Service


async def test_a_referral_on_a_basis_that_is_retired_since_is_read(
    school: Partner, front_door: Partner, service: Service
) -> None:
    receipt = await school.refer(a_submission(basis=on_other_basis()))
    retired = on_other_basis(code="retired_since")
    sealed = service.desk.cipher.seal(retired, "referral.basis", UUID(receipt["id"]))
    await service.run(f"update referral set basis = '\\x{sealed.hex()}'")  # noqa: S608 -- our own bytes

    for reader in (school, front_door):
        answer = await reader.get(f"/{receipt['id']}")
        assert (answer.status_code, answer.json()["basis"]) == (200, retired)
    assert (await school.send(a_submission(basis=retired))).status_code == 422
