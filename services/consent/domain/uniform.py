"""What an agency may see of every child alike, whatever the individual family has said.

Filters, sorts and counts of a list stand on it: by what is permitted of one family and not of
another, whoever filters would learn what it may not see.
"""

from collections.abc import Sequence
from uuid import UUID

from services.consent.domain.deciding import decide
from services.consent.domain.facts import OfCaller, OfPerson
from services.consent.domain.overrides import refused
from services.consent.domain.people import Asked, Known
from services.consent.domain.policies import Policies
from shared.people import PersonKind

_ANY_CHILD = UUID(int=0)
_NOBODY_SPOKE = OfPerson(
    kind=PersonKind.CHILD,
    involved=True,
    consented=frozenset(),
    explicit=frozenset(),
    held_back=frozenset(),
    overridden=frozenset(),
    welfare=False,
    reason=None,
    protected=True,
)
"""A child with whom the agency works, and of whom nothing else is known that would permit more."""


def uniformly(policies: Policies, caller: OfCaller, categories: Sequence[str]) -> list[str]:
    """Those of `categories` that need nothing of the family: no consent, no override, no reason."""
    found = decide(policies, caller, {_ANY_CHILD: _NOBODY_SPOKE}, categories)
    return [code for code, answer in found[_ANY_CHILD].items() if answer.permitted]


def kept_out(known: Known, asked: Asked) -> list[UUID]:
    """Of whom the agency may not see all of what is asked for, though it may of every other child.

    Because a worker refuses to share it, or because people have ended that it works with them.
    """
    named = {person for refusal in known.refusals for person in refusal.people}
    named |= {one.person_id for one in known.involvements}
    apart = known.apart(sorted(named))
    return [person for person, own in apart.items() if _is_kept_out(own, person, asked)]


def _is_kept_out(own: Known, person: UUID, asked: Asked) -> bool:
    held_back = refused(
        own.refusals,
        agency=asked.agency,
        purpose=asked.purpose,
        person=person,
        at=asked.at,
        categories=asked.categories,
    )
    return bool(held_back) or own.have_parted(person, asked.agency)
