"""A relay in a process of its own, to be killed: `relay_process.py DATABASE_URL BOOTSTRAP`."""

import asyncio
import sys

from shared.db import Database
from shared.kafka import KafkaBus
from shared.relay import Relay
from shared.tasks import forever

if __name__ == "__main__":
    url, bootstrap = sys.argv[1:]
    asyncio.run(forever("relay", Relay(Database.open(url), KafkaBus(bootstrap).senders).run))
