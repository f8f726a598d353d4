"""The questions held out from the tuning, as the search is asked them, and what they want.

Whoever says where they are lives in another street of the same postcode district.
"""

from pathlib import Path
from random import Random
from typing import Any

import yaml

from tests.directory.searching.neighbours import Neighbours, add

Json = dict[str, Any]
QUESTIONS: list[Json] = yaml.safe_load((Path(__file__).parent / "held_out.yaml").read_text())
_SEND = {
    "autism": "Autism",
    "physical": "Sensory and physical needs",
    "learning": "Cognition and learning",
    "hearing": "Hearing",
}


def held_out(made: Neighbours) -> list[tuple[Json, str, list[str]]]:
    """Each question with the id and tags of the service that it wants, put among its neighbours."""
    random = Random("held out")  # noqa: S311 -- made-up data, the same every time
    asked = []
    for question in QUESTIONS:
        home, door = _two_streets(random, list(made.codes))
        wanted = add(made, _in_short(question["service"], door))
        asked.append((_as_asked(question, home), wanted, question["service"]["tags"]))
    return asked


def _two_streets(random: Random, codes: list[str]) -> tuple[str, str]:
    """Two postcodes of one district."""
    first = random.choice(codes)
    return first, random.choice([c for c in codes if c.split()[0] == first.split()[0]])


def _as_asked(question: Json, home: str) -> Json:
    asked: Json = {"text": question["asked"]}
    if question.get("near"):
        asked["near"] = home
    if "age" in question:
        asked |= {"minimum_age": question["age"], "maximum_age": question["age"]}
    if "day" in question:
        asked["day"] = question["day"]
    if "need" in question:
        asked["send"] = _SEND[question["need"]]
    if question.get("free"):
        asked["cost"] = "free"
    if question.get("online"):
        asked["delivery"] = "online"
    return asked


def _in_short(service: Json, door: str) -> Json:
    """The service as neighbours.py is told of it."""
    short: Json = {"name": service["name"], "description": service["description"]}
    short["needs"] = service["tags"]
    short["send"] = [_SEND[need] for need in service.get("needs", ())]
    short |= {name: service[name] for name in ("ages", "days") if name in service}
    if service.get("free"):
        short["cost"] = "free"
    if service.get("online"):
        short |= {"delivery": ["online"], "area": "Sampleshire"}
    elif service.get("wide"):
        short["area"] = "Sampleshire"
    else:
        short["at"] = [door]
    return short
