"""`hub client …`: the lines of the command; what they do stands in hub/clients.py."""

import asyncio
import json
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from hub.site import site
from hub.trouble import Trouble

if TYPE_CHECKING:
    from hub.clients import Added

client = typer.Typer(help="The systems of partner agencies.", no_args_is_help=True)
console = Console()
_WIDE = 160
"""Columns of a row with every name whole; a narrower terminal breaks the line."""
Answer = TypeVar("Answer")
_SIGN = """\
{agency} has signed no agreement: it sees nothing yet but what it sends itself.
Its administrator signs over the API, or tells you to sign for it:
  hub worker add NUMBER --agency "{agency}" --name … --job-title … --role agency_administrator
  hub agreement sign --agency "{agency}\""""
_COLUMNS = ("client", "agency", "authority", "kind", "proves itself by", "topics", "revoked")


@client.command()
def add(
    client_id: Annotated[str, typer.Argument(help="small letters, digits, hyphens")],
    agency: Annotated[str, typer.Option(help="whose system it is, by the agency's name")],
    kind: Annotated[str | None, typer.Option(help="for a new agency: school, gp, police …")] = None,
    alg: Annotated[str, typer.Option(help="ES256, PS256 or EdDSA")] = "ES256",
    jwks: Annotated[
        typer.FileText | None, typer.Option(help="file of the partner's own public keys, or -")
    ] = None,
    secret: Annotated[bool, typer.Option("--secret", help="a secret, no key")] = False,
    events: Annotated[bool, typer.Option("--events", help="may read the topics")] = False,
    scope: Annotated[list[str] | None, typer.Option(help="may be repeated")] = None,
    authority: Annotated[
        str | None, typer.Option(help="for a new agency, where the hub serves several")
    ] = None,
) -> None:
    """Register a client; without --jwks its key is made here, in var/clients."""
    from gateway.domain.clients import Algorithm
    from hub import clients
    from shared.auth import AgencyKind, Scope

    try:
        wanted = clients.NewClient(
            client_id,
            agency,
            AgencyKind(kind) if kind else None,
            Algorithm(alg),
            json.load(jwks) if jwks else None,
            secret,
            events,
            [Scope(name) for name in scope or ()],
            authority,
        )
    except (ValueError, OSError) as error:
        raise Trouble(f"That cannot be used: {error}") from error
    _tell(told(clients.add(site(), wanted)))


def _tell(added: "Added") -> None:
    from hub import agreements

    scopes = " ".join(sorted(added.client.scopes))
    console.print(f"[green]✓[/] {added.client.id} may ask for: {scopes}")
    if added.key:
        console.print(
            f"Its key lies in {added.key}: hand it over by a safe way, then delete it here."
        )
    if not told(agreements.has_signed(site(), added.agency.id)):
        console.print(_SIGN.format(agency=added.agency.name), soft_wrap=True, highlight=False)


@client.command("list")
def list_() -> None:
    """Show every client."""
    from hub import clients

    found, agencies = told(clients.everybody(site()))
    table = Table(box=None)
    for column in (
        "client",
        "agency",
        "authority",
        "kind",
        "proves itself by",
        "topics",
        "revoked",
    ):
        table.add_column(column, no_wrap=True)
    for one in found:
        agency = agencies[one.agency_id]
        how = f"{one.auth_method} {one.alg or ''}".strip()
        revoked = f"{one.revoked_at:%Y-%m-%d %H:%M}" if one.revoked_at else ""
        topics = "yes" if one.events else ""
        table.add_row(one.id, agency.name, agency.authority, agency.kind, how, topics, revoked)
    Console(width=max(console.width, _WIDE)).print(table)


@client.command()
def revoke(client_id: str) -> None:
    """Shut a client out: at the door within two seconds, from the topics within a minute."""
    from hub import clients

    told(clients.revoke(site(), client_id))
    console.print(f"[green]✓[/] {client_id} is shut out.")


@client.command()
def rotate(client_id: str) -> None:
    """Give a client whose key lies here a new one."""
    from hub import clients

    path = told(clients.rotate(site(), client_id))
    console.print(f"[green]✓[/] The new key lies in {path}; the old one is refused from now on.")


def told(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run it; what the gateway refuses is told like any other trouble."""
    from shared.errors import Refusal

    try:
        return asyncio.run(work)
    except Refusal as refusal:
        more = [one for one in refusal.errors if one.detail != refusal.detail]
        each = [f"{one.pointer or '(the whole)'}: {one.detail}" for one in more]
        lines = [f"{refusal.title}. {refusal.detail}.", *each]
        raise Trouble("\n".join(lines)) from refusal
