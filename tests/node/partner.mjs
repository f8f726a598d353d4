// A partner's system in Node: discovers the hub, fetches a token with its key, calls with it.
// Arguments: the hub's address, client_id, private JWK, path to call, acting worker.
import * as client from "openid-client";

const [issuer, clientId, jwk, path, worker] = process.argv.slice(2);
const key = JSON.parse(jwk);
const algorithm = {
  EC: { name: "ECDSA", namedCurve: "P-256" },
  RSA: { name: "RSA-PSS", hash: "SHA-256" },
  OKP: { name: "Ed25519" },
}[key.kty];
const { kid, alg, use, ...bare } = key;
const privateKey = await crypto.subtle.importKey("jwk", bare, algorithm, false, ["sign"]);

const config = await client.discovery(
  new URL(issuer), clientId, undefined, client.PrivateKeyJwt({ key: privateKey, kid }),
  { algorithm: "oauth2", execute: [client.allowInsecureRequests] },
);
const tokens = await client.clientCredentialsGrant(config, { scope: "referrals:read" });
const headers = new Headers({ "Acting-Worker": worker, Purpose: "early_help" });
const answer = await client.fetchProtectedResource(
  config, tokens.access_token, new URL(path, issuer), "GET", undefined, headers,
);
console.log(JSON.stringify({ expires_in: tokens.expires_in, status: answer.status, body: await answer.json() }));
