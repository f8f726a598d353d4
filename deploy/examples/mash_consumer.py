"""A front door's own system: hears of each referral, looks at it, decides, and may die anywhere.

    python mash_consumer.py --client front-door.json [--kafka 127.0.0.1:9094 | --feed]

Needs aiokafka (which calls a refused login UnknownTopicOrPartitionError), authlib and httpx2.
"""

import argparse
import asyncio
import json
import time
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
from aiokafka import AIOKafkaConsumer
from aiokafka.abc import AbstractTokenProvider
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT, private_key_jwt_sign
from joserfc.jwk import JWKRegistry

SUBMITTED = "uk.earlyhelp.referral.submitted.v1"
START = "/api/v1/events?timeout=20"
NEXT = {"submitted": "acknowledgement", "acknowledged": "triage", "triaging": "decision"}


def decide(referral):
    """Here a person decides; the example stands in for that person."""
    return {"outcome": "early_help", "rationale": f"An example ({referral['urgency']})"}


class Assertion(PrivateKeyJWT):
    """Authlib's own names the token URL and lasts an hour; the hub wants its issuer and minutes."""

    def sign(self, auth, issuer):
        key, soon = auth.client_secret, {"exp": int(time.time()) + 60}
        said = {"claims": soon, "header": {"kid": key.kid}}
        return private_key_jwt_sign(key, auth.client_id, issuer, self.alg, **said)


class KafkaLogin(AbstractTokenProvider):
    async def token(self):
        await self.oauth.ensure_active_token(self.oauth.token)
        return self.oauth.token["access_token"]


async def log_in(stack, hub, client, scope):
    """An HTTP client with a token for `scope`, which it renews; the hub is found by discovery."""
    found = httpx2.get(f"{hub}/.well-known/oauth-authorization-server").raise_for_status().json()
    grant = {"grant_type": "client_credentials"}
    oauth = AsyncOAuth2Client(client["client_id"], JWKRegistry.import_key(client["jwk"]),
        PrivateKeyJWT.name, scope=scope, token_endpoint=found["token_endpoint"], **grant,
        headers={"Acting-Worker": client["acting_worker"], "Purpose": "front_door"},
        base_url=hub, timeout=60)  # fmt: skip
    oauth.register_client_auth_method(Assertion(found["issuer"], alg=client["alg"]))
    await stack.enter_async_context(oauth)
    await oauth.fetch_token(found["token_endpoint"], **grant)
    return oauth


async def handle(hub, url):
    """Take a referral on from wherever it stands: repeats and colleagues do no harm."""
    while (seen := await hub.get(url)).status_code != 404:
        referral, version = seen.raise_for_status().json(), {"If-Match": seen.headers["ETag"]}
        if not (step := NEXT.get(referral["status"])):
            print(referral["id"], referral.get("decision", referral["status"]), flush=True)
            break
        body = decide(referral) if step == "decision" else None
        done = await hub.post(f"{url}/{step}", json=body, headers=version)
        if done.status_code not in (409, 412):  # somebody was faster: look again
            done.raise_for_status()


async def told_by_kafka(stack, args, client):
    login = KafkaLogin()
    login.oauth = await log_in(stack, args.hub, client, "events:consume")
    name, group = f"earlyhelp.referral.{args.authority}", f"{client['client_id']}.mash"
    topic = AIOKafkaConsumer(name, group_id=group,
        auto_offset_reset="earliest", enable_auto_commit=False, bootstrap_servers=args.kafka,
        security_protocol="SASL_PLAINTEXT", sasl_mechanism="OAUTHBEARER",
        sasl_oauth_token_provider=login)  # fmt: skip
    stack.push_async_callback(topic.stop)
    await topic.start()
    async for record in topic:
        if dict(record.headers).get("ce_type") == SUBMITTED.encode():
            yield json.loads(record.value)["detail_url"]
        await topic.commit()


async def told_by_feed(hub, cursor):
    page, draft = cursor.exists() and cursor.read_text(), cursor.with_suffix(".new")
    while True:
        if (answer := await hub.get(page or START)).status_code == 410:  # older than the feed
            answer = await hub.get(START)
        for event in answer.raise_for_status().json():
            if event["type"] == SUBMITTED:
                yield event["data"]["detail_url"]
        draft.write_text(page := answer.links["next"]["url"])
        draft.replace(cursor)  # whole or not at all, wherever a kill comes


async def work(args):
    client = json.loads(args.client.read_text())
    async with AsyncExitStack() as stack:
        hub = await log_in(stack, args.hub, client, "referrals:read referrals:decide events:read")
        told = told_by_feed(hub, args.feed) if args.feed else told_by_kafka(stack, args, client)
        async for url in told:
            await handle(hub, url)


options = argparse.ArgumentParser()
options.add_argument("--hub", default="http://127.0.0.1:8080")
options.add_argument("--client", type=Path, required=True)
options.add_argument("--kafka", default="127.0.0.1:9094")
options.add_argument("--authority", default="sample")
options.add_argument("--feed", type=Path, nargs="?", const=Path("cursor"), metavar="CURSOR_FILE")
while True:
    try:
        asyncio.run(work(options.parse_args()))
    except Exception as error:  # nothing was acknowledged that had no effect: it comes again
        print("again in a second:", type(error).__name__, flush=True)
        time.sleep(1)
