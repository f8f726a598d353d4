"""`hub directory …`: the lines of the command; what they do stands in hub/directory.py."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from hub.site import site

directory = typer.Typer(help="What there is for families.", no_args_is_help=True)
console = Console()


@directory.command("import")
def bring(
    source: Annotated[str, typer.Argument(help="a feed's address, a file or a folder")],
    form: Annotated[
        str | None, typer.Option(help="such as oruk3 or outpost-csv; default: as recognised")
    ] = None,
    name: Annotated[str | None, typer.Option(help="of the origin; default: its address")] = None,
    every: Annotated[
        int | None, typer.Option(help="hours after which the hub imports it again", min=1)
    ] = None,
) -> None:
    """Import services and all that belongs to them; say what was refused, and what is missing."""
    import asyncio

    from hub import directory as told

    here = source if "://" in source else str(Path(source).resolve())
    wanted = told.Wanted(here, form, name, every)
    asyncio.run(told.bring(site(), console, wanted))


@directory.command()
def report(name: Annotated[str, typer.Argument(help="of an origin")]) -> None:
    """Print again what the last import of an origin found."""
    import asyncio

    from hub import directory as told

    asyncio.run(told.show(site(), console, name))


@directory.command()
def postcodes(
    files: Annotated[
        list[Path], typer.Argument(help="ONS Postcode Directory, Code-Point Open, or OS Open Names")
    ],
) -> None:
    """Import where postcodes and places are, as CSV files or folders of them."""
    import asyncio

    from hub import directory as told

    asyncio.run(told.places(site(), console, files))
