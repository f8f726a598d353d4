"""A partner's system in 30 lines of Authlib: refers a family and waits for the decision.

python refer.py http://127.0.0.1:8080 var/clients/school.json deploy/examples/referral.json
"""

import json
import sys
import time
from pathlib import Path
from uuid import uuid4

from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc.jwk import JWKRegistry

WELL_KNOWN = "/.well-known/oauth-authorization-server"
hub, ours, family = sys.argv[1], *(json.loads(Path(name).read_text()) for name in sys.argv[2:])
key = JWKRegistry.import_key(ours["jwk"])
soon = {"exp": int(time.time()) + 60}  # Authlib alone would say an hour; the hub takes 5 minutes

with OAuth2Client(ours["client_id"], key, "private_key_jwt", base_url=hub, timeout=60) as client:
    found = client.request("GET", WELL_KNOWN, withhold_token=True).json()
    proof = PrivateKeyJWT(found["issuer"], claims=soon, headers={"kid": key.kid}, alg=ours["alg"])
    client.register_client_auth_method(proof)
    client.fetch_token(found["token_endpoint"], grant_type="client_credentials")
    client.headers.update({"Acting-Worker": ours["acting_worker"], "Purpose": "early_help"})

    once = {"Idempotency-Key": str(uuid4())}  # after a lost answer: send it again with the same key
    receipt = client.post("/api/v1/referrals", json=family, headers=once).raise_for_status().json()
    print("referred:", receipt["reference"], "due:", receipt["decision_due"])
    history = client.get(receipt["links"]["history"]).raise_for_status().json()
    print("history:", *(entry["action"] for entry in history["entries"]))

    page, told = "/api/v1/events?timeout=20", ""
    while not told.endswith(".decided.v1"):
        events = client.get(page).raise_for_status()
        for event in events.json():
            if event["subject"] == receipt["id"]:
                print("told:", told := event["type"], flush=True)
        page = events.links["next"]["url"]
