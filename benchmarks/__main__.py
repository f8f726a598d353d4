"""`python -m benchmarks [accepted|audit|…]`: all of them when none is named."""

import sys

from benchmarks import accepted, audit, disclosures, events, reading, searching, started, worklists
from benchmarks.table import machine

ALL = {
    "accepted": accepted.run,
    "audit": audit.run,
    "disclosures": disclosures.run,
    "events": events.run,
    "reading": reading.run,
    "searching": searching.run,
    "started": started.run,
    "worklists": worklists.run,
}

print(machine())
for name in sys.argv[1:] or ALL:
    ALL[name]()
