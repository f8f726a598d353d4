// A partner's system in Node with openid-client: refers a family and waits for the decision.
//
//     npm install openid-client
//     node refer.mjs http://127.0.0.1:8080 var/clients/school.json deploy/examples/referral.json
import { readFile } from "node:fs/promises";
import * as oauth from "openid-client";

const [hub, ...files] = process.argv.slice(2);
const [ours, family] = await Promise.all(
  files.map(async (name) => JSON.parse(await readFile(name))),
);

const curve = { name: "ECDSA", namedCurve: "P-256" }; // ES256; the hub also takes PS256 and EdDSA
const key = await crypto.subtle.importKey("jwk", ours.jwk, curve, false, ["sign"]);
const proof = oauth.PrivateKeyJwt({ key, kid: ours.jwk.kid });
const plainHttp = hub.startsWith("http://127.0.0.1") ? [oauth.allowInsecureRequests] : [];
const found = await oauth.discovery(new URL(hub), ours.client_id, undefined, proof, {
  algorithm: "oauth2",
  execute: plainHttp,
});
const { access_token: token } = await oauth.clientCredentialsGrant(found);

async function call(path, method = "GET", body = undefined, more = {}) {
  const acting = { "Acting-Worker": ours.acting_worker, Purpose: "early_help" };
  const headers = new Headers({ ...acting, "Content-Type": "application/json", ...more });
  const url = new URL(path, hub);
  const answer = await oauth.fetchProtectedResource(found, token, url, method, body, headers);
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer;
}

// After a lost answer: send it again with the same key.
const once = { "Idempotency-Key": crypto.randomUUID() };
const taken = await call("/api/v1/referrals", "POST", JSON.stringify(family), once);
const receipt = await taken.json();
console.log("referred:", receipt.reference, "due:", receipt.decision_due);
const history = await (await call(receipt.links.history)).json();
console.log("history:", ...history.entries.map((entry) => entry.action));

let page = "/api/v1/events?timeout=20";
let told = "";
while (!told.endsWith(".decided.v1")) {
  const events = await call(page);
  for (const event of await events.json()) {
    if (event.subject === receipt.id) console.log("told:", (told = event.type));
  }
  page = events.headers.get("Link").match(/<(.*?)>/)[1];
}
