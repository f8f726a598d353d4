"""`hub worker …`: the lines of the command; what they do stands in hub/workers.py."""

from typing import Annotated

import typer
from rich.console import Console

from hub.main_client import told
from hub.site import site
from hub.trouble import Trouble

worker = typer.Typer(help="The people who act through a partner's system.", no_args_is_help=True)
console = Console()


@worker.callback()
def _group() -> None:
    """Keeps `add` a word of its own while it is the only one."""


@worker.command()
def add(
    number: Annotated[str, typer.Argument(help="the worker's number in the agency's system")],
    agency: Annotated[str, typer.Option(help="by its name: see hub client list")],
    name: Annotated[str, typer.Option(help="of the person")],
    job_title: Annotated[str, typer.Option(help="as the agency says it")],
    role: Annotated[
        list[str] | None, typer.Option(help="may be repeated; default: referrer")
    ] = None,
    authority: Annotated[
        str | None, typer.Option(help="where agencies of several have this name")
    ] = None,
) -> None:
    """Register a worker with exactly these roles, or put one right: the first administrator too."""
    from hub import workers
    from shared.auth import Role

    try:
        roles = frozenset(Role(one) for one in role or (Role.REFERRER,))
    except ValueError as error:
        raise Trouble(f"{error}. There is: {', '.join(Role)}.") from error
    added = told(
        workers.add(site(), workers.NewWorker(number, agency, name, job_title, roles, authority))
    )
    console.print(f"[green]✓[/] {number} of {agency}: {', '.join(sorted(added.roles))}")
