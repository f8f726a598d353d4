"""`hub audit …`: the lines of the command; what they do stands in hub/audit.py."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hub.main_client import told
from hub.site import site

audit = typer.Typer(help="The log of what was decided and released.", no_args_is_help=True)
console = Console()


@audit.callback()
def _group() -> None:
    """Keeps `verify` a word of its own while it is the only one."""


@audit.command()
def verify(
    witness: Annotated[
        list[Path] | None,
        typer.Option(help="a checkpoint that somebody has kept, as a file; may be repeated"),
    ] = None,
) -> None:
    """Hash every row again, and hold it to each checkpoint; without --witness to the hub's own."""
    from hub import audit as log

    console.print(f"[green]✓[/] {told(log.verify(site(), witness or ()))}", soft_wrap=True)
