"""What codes are called where a person reads them."""

from collections.abc import Mapping

from services.consent.domain.access_requests import ExemptionGround
from services.consent.domain.bases import Basis
from services.consent.domain.looks import LookKind
from shared.purposes import Purpose

PURPOSES: Mapping[Purpose, str] = {
    Purpose.FRONT_DOOR: "to weigh a referral and decide about it",
    Purpose.EARLY_HELP: "to assess, plan and give early help to the family",
    Purpose.SAFEGUARDING: "to protect a child or an adult at risk from harm",
    Purpose.STATUTORY: "for help and protection by statutory social care",
    Purpose.QUALITY: "to look at how well a family was helped",
    Purpose.PLANNING: "to plan services; nobody is named",
}
BASES: Mapping[Basis, str] = {
    Basis.CONSENT: "consent",
    Basis.CONTRACT: "a contract with the person",
    Basis.LEGAL_OBLIGATION: "a duty in law",
    Basis.VITAL_INTERESTS: "to protect somebody's life",
    Basis.PUBLIC_TASK: "a task in the public interest",
    Basis.RECOGNISED_INTEREST: "a recognised legitimate interest, such as safeguarding",
    Basis.LEGITIMATE_INTERESTS: "a legitimate interest",
}
"""UK GDPR, article 6(1)."""
LOOKS: Mapping[LookKind, str] = {
    LookKind.DISCLOSURE: "asked to see",
    LookKind.RELEASE: "was shown",
    LookKind.RECORD: "looked at what is recorded about sharing",
    LookKind.CHANGE: "recorded something about sharing",
    LookKind.ERASURE: "erased what was recorded",
}
GROUNDS: Mapping[ExemptionGround, str] = {
    ExemptionGround.SERIOUS_HARM: "because it could do serious harm",
    ExemptionGround.CHILD_ABUSE: "because telling it would not be in a child's interest",
    ExemptionGround.CRIME: "because it would stand in the way of preventing or solving a crime",
    ExemptionGround.ANOTHER_PERSON: "because it is about another person",
}
