"""Agreements compiled to Cedar: one policy a clause, one set of policies a purpose.

Each set begins with the same few guard-rails, written by hand. A set that does not fit the schema
is not made; a request that does not fit it is not answered.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cedarpy import PolicySet, validate_policies

from services.consent.domain.agreements import Clause, Published
from services.consent.domain.cedar import OVERRIDE, SCHEMA, schema
from services.consent.domain.conditions import ASKS, Ask, Bound, is_for, names
from services.consent.domain.facts import OfCaller, Why
from shared.categories import Group, groups_of, is_in
from shared.purposes import Purpose

GUARD_RAILS: Mapping[Why, str] = {
    Why.AGENCY_SUSPENDED: "forbid (principal, action, resource) unless { context.takes_part };",
    Why.PRINCIPLES_UNSIGNED: "forbid (principal, action, resource) unless { context.principles };",
    Why.SEALED: 'forbid (principal, action, resource in Group::"sealed");',
    Why.PLANNING_SENSITIVE: """
forbid (principal, action == Action::"planning", resource)
when { resource in [Group::"special", Group::"offence"] };""",
    Why.PLANNING_IDENTIFYING: """
forbid (principal, action == Action::"planning", resource in Group::"identifying");""",
    Why.REFUSED_TO_SHARE: """
forbid (principal, action, resource)
when { context.held_back };""",
    Why.NOT_DESIGNATED: """
forbid (principal, action, resource in Group::"designated")
unless { context.designated };""",
    Why.NOT_INVOLVED: """
forbid (principal, action, resource)
unless {
  context.involved || action == Action::"planning" ||
  (action == Action::"safeguarding" && context.overridden)
};""",
}
"""What holds whatever an agreement says; a request that several forbid is told the first."""
_OVERRIDES = f"""
@id("{OVERRIDE}")
permit (principal, action == Action::"safeguarding", resource)
when {{ context.overridden }};"""
_SAFE = re.compile(r"[a-z0-9][a-z0-9_.@/-]*")


class PoliciesInvalid(ValueError):
    """An agreement that Cedar cannot take: it must never have been published."""


@dataclass(frozen=True)
class Own:
    """What of a purpose could say anything of one kind of caller."""

    policies: PolicySet
    bounds: Mapping[str, Bound]
    """The clauses, by their keys."""
    _likes: dict[str, str] = field(default_factory=dict, init=False, repr=False)
    _first: dict[object, str] = field(default_factory=dict, init=False, repr=False)

    def like(self, category: str) -> str:
        """A category that no policy here tells from this one: every answer is the same for both.

        Policies speak of groups and, each clause, of the categories that it names.
        """
        if category not in self._likes:
            self._likes[category] = self._first.setdefault(self._told_by(category), category)
        return self._likes[category]

    def _told_by(self, category: str) -> tuple[frozenset[Group], tuple[str, ...]]:
        naming = (key for key, bound in self.bounds.items() if names(bound.clause, category))
        return groups_of(category), tuple(naming)


@dataclass(frozen=True)
class Slice:
    """The policies of one purpose."""

    always: str
    """The guard-rails and the override."""
    clauses: Mapping[str, str]
    """The policy of each clause, by the clause's key."""
    bounds: Mapping[str, Bound]
    """The clauses themselves."""
    narrows: bool = True
    """Whether a clause's policy names its recipients, so that others need not be asked it."""
    _made: dict[tuple[str, ...], Own] = field(default_factory=dict, init=False, repr=False)

    @property
    def text(self) -> str:
        """All of them."""
        return _joined(self.always, *self.clauses.values())

    def own(self, caller: OfCaller) -> Own:
        """Those that could say anything of the caller: each policy costs each request its time.

        A policy for others would permit nothing, so that no answer differs; and Cedar looks at the
        recipients of those that are left all the same.
        """
        each = self.bounds.items()
        keys = tuple(key for key, bound in each if not self.narrows or is_for(bound, caller))
        if keys not in self._made:
            text = _joined(self.always, *(self.clauses[key] for key in keys))
            bounds = {key: self.bounds[key] for key in keys}
            self._made[keys] = Own(PolicySet.from_str(text), bounds)
        return self._made[keys]


@dataclass(frozen=True)
class Policies:
    """Everything that is published, as it decides."""

    slices: Mapping[Purpose, Slice]
    hash: str
    """SHA-256 of the schema and all policies: with it a decision can be replayed."""


def compiled(
    versions: Sequence[Published],
    guard_rails: Mapping[Why, str] = GUARD_RAILS,
    asks: Mapping[str, Ask] = ASKS,
) -> Policies:
    """The policies of all versions that are in use. Raises PoliciesInvalid.

    `guard_rails` and `asks` are arguments so that a proof can leave one out.
    """
    bounds = [
        Bound(version, clause) for version in versions for clause in version.agreement.clauses
    ]
    if len({bound.key for bound in bounds}) < len(bounds):
        raise PoliciesInvalid("Two clauses have the same key")
    rails = [f'@id("{why}")\n{text.strip()}' for why, text in guard_rails.items()]
    always = _joined(*rails, _OVERRIDES.strip())
    slices = {}
    for purpose in Purpose:
        own = {bound.key: bound for bound in bounds if bound.clause.purpose is purpose}
        texts = {key: policy_of(bound, asks) for key, bound in own.items()}
        slices[purpose] = Slice(always, texts, own, narrows="recipient" in asks)
        _validate(slices[purpose].text)
    whole = "\0".join([SCHEMA, *(one.text for one in slices.values())])
    return Policies(slices, hashlib.sha256(whole.encode()).hexdigest())


def _joined(*texts: str) -> str:
    return "\n\n".join(texts)


def _validate(text: str) -> None:
    result = validate_policies(text, schema())
    if not result.validation_passed:
        raise PoliciesInvalid("; ".join(error.error for error in result.errors))


def policy_of(bound: Bound, asks: Mapping[str, Ask] = ASKS) -> str:
    """A clause as its policy, which says in annotations on what it rests."""
    clause = bound.clause
    if clause.basis is None or clause.purpose is None:
        raise PoliciesInvalid(f"{bound.key} has no basis or no purpose")
    notes = {
        "id": _checked(bound.key),
        "basis": str(clause.basis),
        "conditions": " ".join(conditions_of(clause)),
        "obligations": " ".join(sorted(clause.obligations)),
    }
    for code in clause.categories:
        _checked(code)
    parts = [ask.cedar(bound) for ask in asks.values() if ask.asked(clause)]
    said = "\n".join(f'@{name}("{value}")' for name, value in notes.items())
    when = " &&\n  ".join(parts) or "true"
    return (
        f'{said}\npermit (principal, action == Action::"{clause.purpose}", resource)\n'
        f"when {{\n  {when}\n}};"
    )


def _checked(name: str) -> str:
    """A name that can stand between quotation marks; the model refuses others before."""
    if not _SAFE.fullmatch(name):
        raise PoliciesInvalid(f"{name!r} cannot stand in a policy")
    return name


def conditions_of(clause: Clause, category: str | None = None) -> tuple[str, ...]:
    """The clause's condition of article 9 and ground of article 10, with their paragraphs.

    With a `category` only those that this category needs.
    """
    said = {
        Group.SPECIAL: (clause.condition, clause.paragraph),
        Group.OFFENCE: (clause.ground, clause.ground_paragraph),
    }
    return tuple(
        f"{name}/{paragraph}" if paragraph is not None else str(name)
        for group, (name, paragraph) in said.items()
        if name is not None and (category is None or is_in(category, group))
    )
