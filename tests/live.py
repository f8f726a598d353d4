"""A hub of its own for tests that need real processes: in a folder, on free ports."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.site import Ports, Site
from tests.kafka_fixture import free_port, jars


@contextmanager
def a_site() -> Iterator[Site]:
    """Where nobody has been yet; gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="hub-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL and nginx give up root, and must reach their files
        var = Path(folder) / "var"
        kafka = var / "kafka"
        kafka.mkdir(parents=True)
        (kafka / "libs").symlink_to(jars())
        yield Site(var, Ports.model_validate({name: free_port() for name in Ports.model_fields}))


def environment(site: Site) -> dict[str, str]:
    """What tells the `hub` command that this hub is meant."""
    ports = {name.upper(): str(port) for name, port in site.ports.model_dump().items()}
    return ports | {"HUB_VAR": str(site.var)}
