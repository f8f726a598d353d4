"""The `hub` command: one line for each thing that can be done; what it takes is imported then."""

import asyncio
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from hub import site as sites
from hub.main_agreement import agreement
from hub.main_audit import audit
from hub.main_authority import authority
from hub.main_client import client
from hub.main_directory import directory
from hub.main_worker import worker
from hub.trouble import Trouble

app = typer.Typer(
    help="The Early Help hub.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
events = typer.Typer(help="What has happened, as partners hear it.", no_args_is_help=True)
dead = typer.Typer(help="Events that had no effect.", no_args_is_help=True)
keys = typer.Typer(help="Data and signing keys.", no_args_is_help=True)
app.add_typer(agreement, name="agreement")
app.add_typer(audit, name="audit")
app.add_typer(authority, name="authority")
app.add_typer(client, name="client")
app.add_typer(directory, name="directory")
app.add_typer(worker, name="worker")
app.add_typer(events, name="events")
app.add_typer(dead, name="dead")
app.add_typer(keys, name="keys")

console = Console()
ServiceName = Annotated[str, typer.Argument(help=" or ".join(sites.SERVICES), metavar="SERVICE")]
ClientName = Annotated[str, typer.Argument(help="whose key lies in var/clients", metavar="CLIENT")]


@app.command()
def up(
    kafka: Annotated[bool, typer.Option("--kafka", help="with a real Kafka broker")] = False,
    processes: Annotated[
        bool, typer.Option("--processes", help="what docker-compose.yml runs, without Docker")
    ] = False,
) -> None:
    """Run the hub in this terminal, ready to be tried; Ctrl-C stops it."""
    with console.status("Loading …"):  # the first time Python compiles what was installed
        from hub import processes as several
        from hub import up as one

    if processes:
        several.run(sites.site(), console)
    else:
        one.run(sites.site(), console, kafka=kafka)


@app.command()
def serve(
    service: Annotated[str, typer.Argument(envvar="SERVICE", help=" or ".join(sites.SERVICES))],
    host: Annotated[str, typer.Option(help="address to listen on")] = sites.HERE,
    port: Annotated[int, typer.Option(help="port to listen on")] = 8000,
) -> None:
    """Run one service, told by its environment (see docker-compose.yml)."""
    from hub import services

    _known(service)
    services.serve(service, host, port)


@app.command()
def migrate() -> None:
    """Bring the databases up to date: those the environment names, or the embedded ones."""
    from hub import databases

    with databases.reachable(sites.site()) as urls:
        asyncio.run(databases.migrate(urls))
    console.print(f"[green]✓[/] Up to date: {', '.join(urls)}")


@app.command()
def healthy(port: Annotated[int, typer.Argument(help="of a service on this machine")]) -> None:
    """Succeed when a service is ready: what containers are asked by."""
    import httpx2

    try:
        httpx2.get(f"http://{sites.HERE}:{port}/readyz", timeout=2).raise_for_status()
    except httpx2.HTTPError as error:
        raise Trouble(f"Not ready: {error}") from error


@app.command()
def token(
    client: ClientName,
    scope: Annotated[str | None, typer.Option(help="fewer scopes than it may have")] = None,
    events: Annotated[bool, typer.Option("--events", help="for the Kafka listener")] = False,
) -> None:
    """Print an access token of a client, good for five minutes: TOKEN=$(hub token school)"""
    from hub import client_files
    from hub import token as tokens

    here = sites.site()
    wanted = "events:consume" if events else scope
    typer.echo(tokens.fetch(client_files.read(here.clients, client), here.public_url, wanted))


@app.command()
def demo(
    authority: Annotated[
        str | None, typer.Option(help="one that the hub serves; default: the first")
    ] = None,
) -> None:
    """Play one family's whole way through the running hub, each call printed as curl."""
    from hub import demo as story

    story.play(sites.site(), console, authority)


@app.command()
def seed(
    referrals: Annotated[int, typer.Option(help="how many to send", min=1)] = 1000,
    at_once: Annotated[int, typer.Option(help="how many at the same time", min=1)] = 16,
) -> None:
    """Send made-up referrals of families that do not exist to the running hub."""
    from hub import seed as seeds

    asyncio.run(seeds.send(sites.site(), console, referrals, at_once=at_once))


@events.command("tail")
def tail(
    client: ClientName = "front-door",
    worker: Annotated[str | None, typer.Option(help="acts for; default: as in its file")] = None,
    follow: Annotated[bool, typer.Option(help="wait for what comes next")] = True,
    sharing: Annotated[bool, typer.Option("--sharing", help="instead of referrals")] = False,
) -> None:
    """Print the events that concern a client's agency, oldest first, one JSON object a line."""
    from hub import events as feed

    which = feed.SHARING if sharing else feed.REFERRALS
    feed.tail(sites.site(), client, worker, follow=follow, feed=which)


@dead.command("list")
def dead_list() -> None:
    """Show what is parked, with its reason."""
    from hub import dead as letters

    asyncio.run(letters.show(sites.site(), console))


@dead.command("replay")
def dead_replay(service: ServiceName = "referral") -> None:
    """Try again what is parked, each key in its order."""
    from hub import dead as letters

    done = asyncio.run(letters.replay(sites.site(), _known(service)))
    console.print(f"[green]✓[/] {done} had their effect. See what is left: hub dead list")


@keys.command("create")
def keys_create() -> None:
    """Make every key and password that is missing, in var/keys and var/secrets."""
    here = sites.site()
    here.create_secrets()
    console.print(f"[green]✓[/] Keys lie in {here.keys}. Keep a copy apart from the database's.")


@keys.command("rotate")
def keys_rotate(
    which: Annotated[
        str, typer.Argument(help="tokens, internal, checkpoints, or a service's data key")
    ],
) -> None:
    """Renew a key with overlap: what the old one signed or sealed stays good."""
    from hub import rotation

    console.print(f"[green]✓[/] {rotation.rotate(sites.site(), which)}")


def _known(service: str) -> str:
    if service not in sites.SERVICES:
        raise Trouble(f"There is no service {service}. There is: {', '.join(sites.SERVICES)}.")
    return service


def main() -> None:
    """Run the command; what went wrong is told in a sentence, without a traceback."""
    try:
        app()
    except Trouble as trouble:
        said = escape(str(trouble))
        Console(stderr=True).print(f"[bold red]✗[/] {said}", highlight=False, soft_wrap=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
