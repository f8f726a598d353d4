"""One real Kafka broker for the whole session, with the listener for partners.

Its tokens are checked against `token_issuer`, a stand-in for the gateway: one key, served as JWKS.
"""

import json
import random
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from hub.kafka import KafkaNode, Partner, fetch_jars
from tests.side_by_side import alone, our_share

LIBS = Path(__file__).resolve().parent.parent / "var" / "kafka" / "libs"
"""The jars, fetched once for all sessions."""
_given: set[int] = set()


def free_port() -> int:
    """A TCP port of this machine that nobody listens on, given to nobody else in this session.

    It lies, if it can, outside the range of outgoing connections: one of those could take it while
    a killed server is away, or even connect to itself there.
    """
    low, high = map(int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    shuffled = random.sample(range(10_000, 65_536), 55_536)
    for port in sorted(shuffled, key=lambda port: low <= port <= high):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in _given and our_share(port):
                _given.add(port)
                return port
    raise RuntimeError("No port is free")


def jars() -> Path:
    """The folder of the broker's jars, whose tests may begin in two processes at once."""
    with alone(LIBS):
        fetch_jars(LIBS)
    return LIBS


class TokenIssuer:
    """Serves a public key as JWKS, and signs event tokens as the gateway does."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "events-1", "use": "sig", "alg": "ES256"})
        jwks = json.dumps({"keys": [self.key.as_dict(private=False)]}).encode()

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(jwks)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.jwks_url = f"{self.url}/.well-known/jwks.json"
        self.audience = f"{self.url}/events"

    def __enter__(self) -> "TokenIssuer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def token(self, client_id: str, *, key: ECKey | None = None, **changed: Any) -> str:
        """A token for the topics; each thing that can be wrong with it can be `changed`."""
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": self.audience,
            "sub": client_id,
            "client_id": client_id,
            "scope": "events:consume",
            "iat": now,
            "exp": now + 300,
        }
        header = {"alg": "ES256", "typ": "at+jwt", "kid": self.key.kid}
        return jwt.encode(header, claims | changed, key or self.key, algorithms=["ES256"])


@pytest.fixture(scope="session")
def token_issuer() -> Iterator[TokenIssuer]:
    """Whose tokens the broker believes."""
    with TokenIssuer() as issuer:
        yield issuer


@pytest.fixture(scope="session")
def kafka(token_issuer: TokenIssuer) -> Iterator[KafkaNode]:
    """A real Kafka broker; its topics are shared by all tests, so each looks for its own keys."""
    partner = Partner(
        port=free_port(),
        jwks_url=token_issuer.jwks_url,
        issuer=token_issuer.url,
        audience=token_issuer.audience,
    )
    with tempfile.TemporaryDirectory(prefix="hub-kafka-") as folder:
        ports = {"internal": free_port(), "controller": free_port()}
        with KafkaNode(Path(folder), libs=jars(), partner=partner, **ports) as node:
            yield node
