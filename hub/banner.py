"""What `hub up` prints once the hub is ready: where it is, who can try it, how to refer."""

import os
from pathlib import Path

from rich.console import Console
from rich.table import Table

from hub import sample
from hub.authorities import served
from hub.site import ROOT, Site
from shared.authority import Authority

PAGES = {
    "API and its page": "/docs",
    "OpenAPI 3.1": "/openapi.json",
    "Events (AsyncAPI 3)": "/asyncapi.json",
    "Open Referral feed": "/directory/v3",
    "OAuth metadata": "/.well-known/oauth-authorization-server",
}
REFERRAL = """\
TOKEN=$({hub} token {client})
curl -sS {url}/api/v1/referrals \\
  -H "Authorization: Bearer $TOKEN" -H "Acting-Worker: {worker}" \\
  -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" \\
  -H "Content-Type: application/json" --data @{example}"""


def show(console: Console, site: Site, *, seconds: float, kafka: bool) -> None:
    """Print it all; what is there to be copied is printed as it is, without wrapping."""
    console.print(f"\n[bold green]The hub is ready[/] after {seconds:.1f} s\n")
    links = {name: f"{site.public_url}{path}" for name, path in PAGES.items()}
    if kafka:
        links["Kafka, for the front door"] = f"127.0.0.1:{site.ports.kafka_partner_port}"
    for name, url in links.items():
        console.print(f"  {name:<26}{url}", soft_wrap=True)
    keys = shown(site.clients / "<client>.json")
    console.print(f"\n[bold]Ready clients[/]; their keys lie in {keys}\n", soft_wrap=True)
    first, *others = served(site.authorities).values()
    console.print(_clients(first))
    for council in others:
        school = sample.partners_of(council)[0]
        console.print(f"  The same for {council.name}: {school.client_id}, …", highlight=False)
    console.print("\n[bold]Refer a family[/] (copy and paste)\n")
    console.print(referral(site), highlight=False, markup=False, soft_wrap=True)
    console.print("\n[bold]Then[/] .venv/bin/hub demo plays a family's whole way through the hub.")
    stays = f"Data, keys and the log stay in {shown(site.var)}. Ctrl-C stops everything.\n"
    console.print(stays, soft_wrap=True)


def referral(site: Site) -> str:
    """The first referral, to copy and paste."""
    first = next(iter(served(site.authorities).values()))
    school = sample.partners_of(first)[0]
    hub, example = (
        shown(ROOT / path) for path in (".venv/bin/hub", "deploy/examples/referral.json")
    )
    return REFERRAL.format(
        hub=hub,
        client=school.client_id,
        url=site.public_url,
        worker=school.workers[0].number,
        example=example,
    )


def shown(path: Path) -> str:
    """A path as the reader would type it here."""
    here = Path.cwd()
    return os.path.relpath(path, here) if path.is_relative_to(here) else str(path)


def _clients(first: Authority) -> Table:
    """The names to paste are always whole; the agencies' are cut on a narrow terminal."""
    partners = sample.partners_of(first)
    table = Table(box=None, padding=(0, 2))
    longest = max(len(partner.client_id) for partner in partners)
    table.add_column("client", min_width=longest)
    table.add_column("acts for", min_width=len("F-100, F-200"))
    table.add_column("agency (invented)", no_wrap=True)
    for partner in partners:
        workers = ", ".join(worker.number for worker in partner.workers[:-1])
        table.add_row(partner.client_id, workers, partner.agency)
    return table
