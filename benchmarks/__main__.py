"""`python -m benchmarks [accepted|events|started|worklists]…`: all of them when none is named."""

import sys

from benchmarks import accepted, events, started, worklists
from benchmarks.table import machine

ALL = {
    "accepted": accepted.run,
    "events": events.run,
    "started": started.run,
    "worklists": worklists.run,
}

print(machine())
for name in sys.argv[1:] or ALL:
    ALL[name]()
