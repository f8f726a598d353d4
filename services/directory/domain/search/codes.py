"""The codes that the search takes and gives; `docs/glossary.md` says what each means."""

from enum import StrEnum


class Delivery(StrEnum):
    """How a service reaches a family."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    TELEPHONE = "telephone"
    HOME = "home"


class WayIn(StrEnum):
    """Who may ask for a service."""

    SELF = "self"
    REFERRAL = "referral"
    EITHER = "either"

    @property
    def takes_referrals(self) -> bool:
        """Whether a worker may refer a family to it."""
        return self in (WayIn.REFERRAL, WayIn.EITHER)


class Cost(StrEnum):
    """Whether a family pays."""

    FREE = "free"
    PAID = "paid"


class OfferLevel(StrEnum):
    """For whom a service is kept."""

    UNIVERSAL = "universal"
    TARGETED = "targeted"


class OfferView(StrEnum):
    """Which offer is looked at."""

    EARLY_HELP = "early_help"
    SCHOOLS = "schools"
    ALL = "all"


class AgeBand(StrEnum):
    """The age bands of the DfE's family hubs."""

    UNDER_3 = "0-2"
    UNDER_6 = "3-5"
    UNDER_12 = "6-11"
    UNDER_16 = "12-15"
    UNDER_19 = "16-18"
    UNDER_26 = "19-25"

    @property
    def years(self) -> tuple[int, int]:
        """The first year of age in it, and the first after it."""
        first, last = self.split("-")
        return int(first), int(last) + 1


class NearKind(StrEnum):
    """As what somebody has said where they are."""

    POSTCODE = "postcode"
    OUTWARD_CODE = "outward_code"
    PLACE = "place"


class SuggestionKind(StrEnum):
    """What a suggestion is the name of."""

    SERVICE = "service"
    NEED = "need"
    PLACE = "place"


class Facet(StrEnum):
    """By what a list is narrowed, each with its counts."""

    NEED = "need"
    SEND = "send"
    SUITABILITY = "suitability"
    ACCESSIBILITY = "accessibility"
    AGE_BAND = "age_band"
    DAY = "day"
    TERM_TIME = "term_time"
    COST = "cost"
    LANGUAGE = "language"
    DELIVERY = "delivery"
    ACCESS = "access"
    LEVEL = "level"
    VIEW = "view"


LABELS: dict[Facet, dict[str, str]] = {
    Facet.AGE_BAND: {
        "0-2": "0 to 2",
        "3-5": "3 to 5",
        "6-11": "6 to 11",
        "12-15": "12 to 15",
        "16-18": "16 to 18",
        "19-25": "19 to 25, with special educational needs or disabilities",
    },
    Facet.DAY: {
        "MO": "Monday",
        "TU": "Tuesday",
        "WE": "Wednesday",
        "TH": "Thursday",
        "FR": "Friday",
        "SA": "Saturday",
        "SU": "Sunday",
    },
    Facet.TERM_TIME: {"true": "In term time only", "false": "Also in the holidays"},
    Facet.COST: {"free": "Free", "paid": "There is a charge"},
    Facet.DELIVERY: {
        "in_person": "In person",
        "online": "Online",
        "telephone": "By telephone",
        "home": "At your home",
    },
    Facet.ACCESS: {"self": "You can ask yourself", "referral": "A professional can refer you"},
    Facet.LEVEL: {"universal": "For everybody", "targeted": "For families who need more"},
    Facet.VIEW: {"early_help": "Early Help Offer", "schools": "Offer for Schools"},
}
"""What people read for the codes that the hub itself made; entries name the others."""
