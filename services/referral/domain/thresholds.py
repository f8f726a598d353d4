"""The decision aid: what a referrer says lights up indicators, and they suggest a level.

Rules with reasons and no score; a person decides, and the hub keeps what each of them thought.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from services.referral.domain.submission import Need
from shared.authority import Authority
from shared.errors import FieldError, Unprocessable


@dataclass(frozen=True)
class Reason:
    """Why a level is suggested; without a level, something to be looked at."""

    words: str
    level: str | None
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class Advice:
    """The suggested level, None where nothing speaks for one; its reasons; the lit indicators."""

    level: str | None
    reasons: tuple[Reason, ...]
    lit: tuple[str, ...]


def advise(council: Authority, answers: Collection[str]) -> Advice:
    """What the authority's thresholds say of the indicators in `answers`.

    The suggested level is the highest that any reason names. Codes of other authorities light
    nothing; `refuse_unknown` refuses them.
    """
    lit = tuple(code for code in council.thresholds.indicators if code in answers)
    reasons = (*_alone(council, lit), *_together(council, lit))
    named = {reason.level for reason in reasons}
    highest = [level for level in council.levels if level in named][-1:]
    return Advice(highest[0] if highest else None, reasons, lit)


def _alone(council: Authority, lit: tuple[str, ...]) -> Iterator[Reason]:
    for code in lit:
        indicator = council.thresholds.indicators[code]
        if indicator.level:
            yield Reason(indicator.words, indicator.level, (code,))


def _together(council: Authority, lit: tuple[str, ...]) -> Iterator[Reason]:
    for rule in council.thresholds.rules:
        meant = tuple(code for code in lit if not rule.of or code in rule.of)
        if len(meant) >= rule.at_least:
            yield Reason(rule.words, rule.level, meant)


def suggested_level(council: Authority, need: Need) -> Advice:
    """The advice on a need as it is sent."""
    return advise(council, need.indicators)


def refuse_unknown(council: Authority, need: Need) -> None:
    """Levels, need groups and indicators are the authority's own. Raises Unprocessable."""
    wrong = [*unknown_indicators(council, need.indicators, "/need/indicators")]
    if need.level and need.level not in council.levels:
        wrong.append(FieldError("/need/level", f"Use one of: {', '.join(council.levels)}"))
    wrong += [
        FieldError(f"/need/groups/{place}", f"Use some of: {', '.join(council.need_groups)}")
        for place, group in enumerate(need.groups)
        if group not in council.need_groups
    ]
    if wrong:
        raise Unprocessable(
            f"Use the codes of {council.name}: GET /api/v1/authority lists them", errors=wrong
        )


def unknown_indicators(
    council: Authority, indicators: Collection[str], pointer: str
) -> Iterator[FieldError]:
    """The indicators that the authority does not have, each by its JSON pointer."""
    for place, code in enumerate(indicators):
        if code not in council.thresholds.indicators:
            yield FieldError(f"{pointer}/{place}", "This authority has no indicator of this code")
