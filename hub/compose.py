"""What docker-compose.yml mounts: settings of nginx and Kafka, from the templates used here."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.door import nginx
from hub.kafka import RECIPE, Partner
from hub.site import HERE, ROOT, SERVICES, Ports

ANYWHERE = "0.0.0.0"  # noqa: S104 -- inside its container
NGINX = ROOT / "deploy" / "nginx" / "compose.conf"
KAFKA = ROOT / "deploy" / "kafka" / "compose.properties"


def rendered() -> dict[Path, str]:
    """Each file that is mounted, with what it must hold."""
    ports = Ports.model_construct()
    return {NGINX: _nginx(ports), KAFKA: _kafka(ports)}


def _nginx(ports: Ports) -> str:
    return nginx.configuration(
        Path("/tmp/nginx"),  # noqa: S108 -- inside its container
        user=None,
        listen=f"{ANYWHERE}:{ports.hub_port}",
        services={name: f"{name}:{ports.of(name)}" for name in SERVICES},
    )


def _kafka(ports: Ports) -> str:
    hub = f"http://{HERE}:{ports.hub_port}"
    partner = Partner(
        port=ports.kafka_partner_port,
        jwks_url=f"http://nginx:{ports.hub_port}/.well-known/jwks.json",
        issuer=hub,
        audience=f"{hub}/events",
    )
    templates = Environment(  # noqa: S701 -- properties, not HTML
        loader=FileSystemLoader(RECIPE), undefined=StrictUndefined
    )
    return templates.get_template("server.properties.j2").render(
        host="kafka",
        bind=ANYWHERE,
        internal=ports.kafka_port,
        controller=ports.kafka_controller_port,
        partner=partner,
        folder="/var/lib/kafka/data",
    )
