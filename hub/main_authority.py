"""`hub authority …`: the lines of the command; what they do stands in hub/authorities.py."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

authority = typer.Typer(help="The councils' settings.", no_args_is_help=True)
console = Console()


@authority.command()
def check(
    file: Annotated[Path, typer.Argument(help="a file of settings, such as ours.yaml")],
) -> None:
    """Say whether a file can be used; else exit with 1 and every fault, each with its line."""
    from hub import authorities

    found = authorities.check(file)
    console.print(f"[green]✓[/] {file} can be used: {found.name} ({found.id})", soft_wrap=True)
    console.print("Serve it: HUB_AUTHORITIES=" + str(file) + " make up", soft_wrap=True)


@authority.command()
def show(
    name: Annotated[str, typer.Argument(help="such as barnet, or a file of settings")],
) -> None:
    """Print an authority's settings, each figure beside its source."""
    from hub import authorities

    authorities.show(authorities.named(name), console)
