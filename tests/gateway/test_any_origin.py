"""What nginx itself refuses: below the directory any page may read it, elsewhere no page may."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from gateway.door import nginx
from hub.site import SERVICES
from tests.gateway.doors import HERE, free_port


@pytest.fixture(scope="module")
def door() -> Iterator[str]:
    """nginx before services of which none is there."""
    address, gone = f"{HERE}:{free_port()}", f"{HERE}:{free_port()}"
    with tempfile.TemporaryDirectory(prefix="nginx-") as place:
        conf = nginx.render(Path(place), listen=address, services=dict.fromkeys(SERVICES, gone))
        running = subprocess.Popen(nginx.command(conf), stderr=subprocess.DEVNULL)
        try:
            for _ in range(200):
                with suppress(httpx2.TransportError):
                    httpx2.get(f"http://{address}/livez")
                    break
                time.sleep(0.02)
            yield f"http://{address}"
        finally:
            running.terminate()
            running.wait()


@pytest.mark.parametrize(
    "path", ["/directory/v3/services", "/directory/v3", "/directory?x=1", "/directory"]
)
def test_a_refusal_below_the_directory_may_be_read_by_any_page(door: str, path: str) -> None:
    away = httpx2.get(f"{door}{path}")
    large = httpx2.post(f"{door}{path}", content=b"x" * 1_100_000)

    assert (away.status_code, large.status_code) == (503, 413)
    for answer in (away, large):
        assert answer.headers.get_list("access-control-allow-origin") == ["*"]
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1/referrals", "/docs", "/directoryless", "/oauth/token"])
def test_a_refusal_elsewhere_is_for_nobodys_scripts(door: str, path: str) -> None:
    answer = httpx2.get(f"{door}{path}")

    assert answer.status_code >= 500
    assert "access-control-allow-origin" not in answer.headers
