"""Where one hub lives on this machine: its folders, its ports, and what each process is told."""

import json
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from hub.trouble import Trouble
from shared import keys
from shared.settings import SHIPPED, AuthorityFiles

ROOT = Path(__file__).resolve().parent.parent
SERVICES = ("gateway", "referral", "consent", "directory")
"""Every process with a database of its own, in the order in which they start."""
AUTHORITY = SHIPPED / "sample.yaml"
DUTY_COMMENCEMENT = date(2026, 9, 30)
"""Since when section 16LA of the Children Act 2004, the duty to share, is taken to be in force.

Source: one notice of one safeguarding children board (Essex: escb.co.uk, "information sharing
duty"). No commencement order was seen: look for it before use, and set HUB_DUTY_COMMENCEMENT.
"""
HERE = "127.0.0.1"
Port = Annotated[int, Field(ge=1, le=65535)]


class Ports(BaseSettings):
    """Each is the environment variable of the same name: `HUB_PORT=9000 make up`.

    One process needs HUB_PORT alone. docker-compose.yml names the same ports.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    hub_port: Port = 8080
    gateway_port: Port = 8101
    referral_port: Port = 8102
    consent_port: Port = 8103
    directory_port: Port = 8104
    postgres_port: Port = 5432
    kafka_port: Port = 9092
    kafka_controller_port: Port = 9093
    kafka_partner_port: Port = 9094

    def of(self, name: str) -> int:
        """The port of a process by the process's name."""
        port: int = getattr(self, f"{name}_port")
        return port


@dataclass(frozen=True)
class Site:
    """One hub on this machine."""

    var: Path
    ports: Ports
    authorities: tuple[Path, ...] = (AUTHORITY,)
    """The settings of every authority that this hub serves."""
    duty_commencement: date = DUTY_COMMENCEMENT

    @property
    def keys(self) -> Path:
        """Data and signing keys: losing the data keys means losing every sealed field."""
        return self.var / "keys"

    @property
    def clients(self) -> Path:
        """The private keys of clients made here, one file for each."""
        return self.var / "clients"

    @property
    def public_url(self) -> str:
        """Where partners reach this hub: the issuer of its tokens and the base of every link."""
        return f"http://{HERE}:{self.ports.hub_port}"

    @property
    def postgres(self) -> Path:
        """The embedded PostgreSQL: its data, socket and log."""
        return self.var / "postgres"

    def password_file(self, service: str) -> Path:
        """Where a service's database password lies; needed over TCP only."""
        return self.var / "secrets" / f"{service}_database_password"

    def create_secrets(self) -> None:
        """Every key and password a hub needs, made where it is missing; nothing is overwritten."""
        self._refuse_lost_keys()
        self.var.mkdir(mode=0o755, parents=True, exist_ok=True)
        keys.create_missing(self.keys, SERVICES)
        for name in ("postgres", *SERVICES):
            file = self.password_file(name)
            file.parent.mkdir(mode=0o700, exist_ok=True)
            if not file.exists():
                file.touch(mode=0o600)
                file.write_text(secrets.token_urlsafe(32))

    def _refuse_lost_keys(self) -> None:
        """A new data key over old data would seal what the key from the backup never opens.

        A service that has neither key nor password, where others have theirs, came with an update:
        it has no data yet.
        """
        known = {name for name in SERVICES if self.password_file(name).exists()}
        files = {self.keys / f"{name}.fields.json": name for name in SERVICES}
        files[self.keys / "checkpoints.json"] = "consent"
        lost = [
            str(file)
            for file, name in files.items()
            if not file.exists() and (name in known or not known)
        ]
        if lost and (self.postgres / "data").exists():
            raise Trouble(
                f"The data in {self.postgres} is sealed with keys that are missing. Put them back "
                f"from your backup: {', '.join(lost)}. No new ones are made over old data: to "
                "begin anew without it, move the data away too, or name another folder: HUB_VAR=…"
            )

    def environment(
        self, service: str, database_url: str, *, kafka: bool = False, processes: bool = False
    ) -> dict[str, str]:
        """What a service reads at its start; docker-compose.yml gives the same names."""
        told = {
            "DATABASE_URL": database_url,
            "PUBLIC_URL": self.public_url,
            "AUTHORITY_FILES": ",".join(map(str, self.authorities)),
            "INTERNAL_KEYS": str(self.keys / "internal.public.json"),
            "FIELD_KEYS": str(self.keys / f"{service}.fields.json"),
        }
        if kafka:
            told["KAFKA"] = f"{HERE}:{self.ports.kafka_port}"
        if processes:
            told["DATABASE_PASSWORD_FILE"] = str(self.password_file(service))
        if service == "referral":
            told["CONSENT_URL"] = f"http://{HERE}:{self.ports.of('consent')}"
            told["DIRECTORY_URL"] = f"http://{HERE}:{self.ports.of('directory')}"
        if service == "consent":
            told["CHECKPOINT_KEYS"] = str(self.keys / "checkpoints.json")
            told["DUTY_COMMENCEMENT"] = self.duty_commencement.isoformat()
        if service == "gateway":
            told["TOKEN_KEYS"] = str(self.keys / "tokens.json")
            told["INTERNAL_SIGNING_KEYS"] = str(self.keys / "internal.json")
            if kafka:
                told["KAFKA_PARTNER"] = f"{HERE}:{self.ports.kafka_partner_port}"
            if processes:
                others = (name for name in SERVICES if name != "gateway")
                urls = {name: f"http://{HERE}:{self.ports.of(name)}" for name in others}
                told["SERVICES"] = json.dumps(urls)
        return {f"{service.upper()}_{name}": value for name, value in told.items()}


class _Place(BaseSettings):
    """HUB_VAR names another folder than the project's own var/; HUB_AUTHORITIES whom it serves;
    HUB_DUTY_COMMENCEMENT since when the duty to share is in force."""

    model_config = SettingsConfigDict(extra="ignore", env_prefix="HUB_", env_ignore_empty=True)

    var: Path = ROOT / "var"
    authorities: AuthorityFiles = (AUTHORITY,)
    duty_commencement: date = DUTY_COMMENCEMENT


def site() -> Site:
    """The hub that this environment means. Raises Trouble for a port or a day that is none."""
    try:
        place = _Place()
        served = tuple(file.resolve() for file in place.authorities)
        return Site(place.var.resolve(), Ports(), served, place.duty_commencement)
    except ValidationError as error:
        told = {str(fault["loc"][0]): fault["input"] for fault in error.errors()}
        if (since := told.get("duty_commencement")) is not None:
            raise Trouble(f"HUB_DUTY_COMMENCEMENT={since} is no day such as 2026-09-30.") from None
        wrong = ", ".join(f"{name.upper()}={value}" for name, value in told.items())
        raise Trouble(
            f"{wrong} is no port: give a number from 1 to 65535, such as HUB_PORT=9000."
        ) from None
