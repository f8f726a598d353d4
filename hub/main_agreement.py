"""`hub agreement …`: the lines of the command; what they do stands in hub/agreements.py."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from hub.main_client import told
from hub.site import site
from hub.trouble import Trouble

agreement = typer.Typer(help="Who has agreed to share what.", no_args_is_help=True)
console = Console()

Agency = Annotated[str, typer.Option(help="by its name: see hub client list")]
Worker = Annotated[UUID | None, typer.Option(help="by its id, where several hold the role")]
Whose = Annotated[str | None, typer.Option(help="where agencies of several have this name")]


@agreement.command("list")
def list_() -> None:
    """Show the agreements in use, and who has signed them."""
    from hub import agreements

    async def found() -> list[agreements.InUse]:
        async with agreements.open_desk(site()) as desk:
            return await agreements.in_use(desk)

    table = Table("authority", "agreement", "tier", "review", "signed by", box=None)
    for one in told(found()):
        said = one.version.agreement
        signed = ", ".join(one.signed_by) or "nobody yet"
        table.add_row(one.authority, one.version.key, str(said.tier), f"{said.review}", signed)
    console.print(table if table.row_count else "No agreement is published yet.")


@agreement.command()
def sample(
    name: Annotated[str, typer.Argument(help="principles or early-help")],
    authority: Annotated[str | None, typer.Option(help="default: the first that is served")] = None,
) -> None:
    """Print a sample agreement as a file to begin your own with."""
    from hub import authorities, sample_agreements

    known = authorities.running(site())
    council = authorities.named(authority) if authority else next(iter(known.values()))
    said = sample_agreements.named(name, council, datetime.now(UTC).date())
    typer.echo(said.model_dump_json(indent=1, exclude_none=True))


@agreement.command()
def publish(
    file: Annotated[typer.FileText, typer.Argument(help="the agreement as JSON, or -")],
    agency: Agency,
    worker: Worker = None,
    authority: Whose = None,
) -> None:
    """Publish an agreement, or its next version, for the council's information governance lead."""
    from hub import agreements
    from services.consent.domain.agreements import Agreement
    from shared.auth import Role

    try:
        said = Agreement.model_validate_json(file.read())
    except ValueError as error:
        raise Trouble(f"This is no agreement as the hub reads it: {error}") from None

    async def published() -> str:
        acting = agreements.Acting(agency, authority, worker)
        async with agreements.open_desk(site()) as desk:
            by = await acting.caller(desk, Role.INFORMATION_GOVERNANCE_LEAD)
            return (await agreements.publish(desk, said, by=by, now=datetime.now(UTC))).key

    key = told(published())
    console.print(f"[green]✓[/] {key} is in use. It works for whoever signs it, and only then.")


@agreement.command()
def sign(agency: Agency, worker: Worker = None, authority: Whose = None) -> None:
    """Sign every agreement in use for an agency, as its administrator has told you."""
    from hub import agreements
    from shared.auth import Role

    async def signed() -> list[str]:
        acting = agreements.Acting(agency, authority, worker)
        async with agreements.open_desk(site()) as desk:
            by = await acting.caller(desk, Role.AGENCY_ADMINISTRATOR)
            return await agreements.sign_all(desk, by=by, now=datetime.now(UTC))

    if not (keys := told(signed())):
        raise Trouble("There is nothing to sign: no agreement in use names this agency.")
    console.print(f"[green]✓[/] {agency} has signed {', '.join(keys)}")
