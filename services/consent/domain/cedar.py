"""The requests that Cedar is asked: their schema, the tree of categories, the facts, the verdicts.

Cedar skips a policy that fails, a guard-rail too. So the schema goes with every request, and where
anything failed the verdict is a fault, whatever was decided.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from cedarpy import (
    AuthzResult,
    Decision,
    Entities,
    PolicySet,
    Schema,
    is_authorized_batch,
)

from services.consent.domain.facts import OfCaller, Request, Why
from shared.auth import AgencyKind
from shared.categories import CATEGORIES, Group, groups_of, parent_of
from shared.purposes import Purpose

OVERRIDE = "override"
"""The id of the policy by which an override releases."""
SCHEMA = f"""
entity Kind;
entity Agency in [Kind];
entity Group;
entity Category in [Category, Group];
type Facts = {{
  now: Long,
  takes_part: Bool, principles: Bool, signed: Set<String>,
  commenced: Bool, within_contract: Bool, designated: Bool,
  person: String, involved: Bool, welfare: Bool, reason: String, protected: Bool,
  consented: Bool, explicit: Bool, held_back: Bool, overridden: Bool,
}};
action {", ".join(f'"{purpose}"' for purpose in Purpose)}
  appliesTo {{ principal: [Agency], resource: [Category], context: Facts }};
"""


@dataclass(frozen=True)
class Verdict:
    """What Cedar says of one request; `fault` says why it could not say anything."""

    permits: tuple[str, ...] = ()
    """Ids of the policies that permit it."""
    forbids: tuple[Why, ...] = ()
    """The guard-rails that forbid it; the first is told."""
    fault: Why | None = None


@lru_cache(1)
def schema() -> Schema:
    """The schema of every request and every policy."""
    return Schema.from_str(SCHEMA)


def _entity(kind: str, name: str, parents: Sequence[tuple[str, str]] = ()) -> object:
    return {
        "uid": {"type": kind, "id": name},
        "attrs": {},
        "parents": [{"type": one, "id": other} for one, other in parents],
    }


@lru_cache(1)
def _tree() -> Entities:
    kinds = [_entity("Kind", kind) for kind in AgencyKind]
    groups = [_entity("Group", group) for group in Group]
    categories = []
    for code in CATEGORIES:
        parents = [("Group", str(group)) for group in sorted(groups_of(code))]
        if parent := parent_of(code):
            parents.append(("Category", parent))
        categories.append(_entity("Category", code, parents))
    return Entities.from_json_str(json.dumps([*kinds, *groups, *categories]), schema())


@lru_cache(1024)
def _with_agency(agency: UUID, kind: AgencyKind) -> Entities:
    one = _entity("Agency", str(agency), [("Kind", str(kind))])
    return _tree().with_added_json_str(json.dumps([one]))


def context_of(request: Request) -> str:
    """The facts as Cedar reads them (JSON); what is not known is left out, and so not answered.

    Of what was said of categories Cedar learns whether it was said of this one: a yes or no is
    decided several times as fast as a set.
    """
    caller, person, category = request.caller, request.person, request.category
    facts = {
        "now": int(caller.now.timestamp()),
        "takes_part": caller.takes_part,
        "principles": caller.principles,
        "signed": None if caller.signed is None else sorted(caller.signed),
        "commenced": caller.commenced,
        "within_contract": caller.within_contract,
        "designated": caller.designated,
        "person": person.kind,
        "involved": person.involved,
        "welfare": person.welfare,
        "reason": person.reason or "",
        "protected": person.protected,
        "consented": _names(person.consented, category),
        "explicit": _names(person.explicit, category),
        "held_back": _names(person.held_back, category),
        "overridden": _names(person.overridden, category),
    }
    return json.dumps({name: value for name, value in facts.items() if value is not None})


def _names(categories: frozenset[str] | None, category: str) -> bool | None:
    return None if categories is None else category in categories


def verdicts(policies: PolicySet, caller: OfCaller, asked: Sequence[Request]) -> list[Verdict]:
    """One verdict for each request of the caller, in their order."""
    requests = [
        {
            "principal": {"type": "Agency", "id": str(caller.agency)},
            "action": {"type": "Action", "id": caller.purpose},
            "resource": {"type": "Category", "id": request.category},
            "context": context_of(request),
        }
        for request in asked
    ]
    results = is_authorized_batch(
        requests, policies, _with_agency(caller.agency, caller.kind), schema()
    )
    return [_verdict(result) for result in results]


def _verdict(result: AuthzResult) -> Verdict:
    named = result.diagnostics.id_annotations_by_reason
    ids = [named[reason] for reason in result.diagnostics.reasons]
    if result.decision is Decision.NoDecision:
        return Verdict(fault=Why.FACTS_MISSING)
    if result.diagnostics.errors:
        return Verdict(fault=Why.POLICY_ERROR)
    if result.decision is Decision.Allow:
        return Verdict(permits=tuple(sorted(ids)))
    return Verdict(forbids=tuple(sorted(map(Why, ids), key=[*Why].index)))
