"""What personal data is asked for: every look at it names its purpose."""

from enum import StrEnum


class Purpose(StrEnum):
    """For what data about a person is asked."""

    FRONT_DOOR = "front_door"
    """Weigh a referral and decide about it."""
    EARLY_HELP = "early_help"
    """Assess, plan and give early help to the family."""
    SAFEGUARDING = "safeguarding"
    """Protect a child or an adult at risk from harm."""
    STATUTORY = "statutory"
    """Help and protection by statutory social care."""
    QUALITY = "quality"
    """Look at how well a family was helped."""
    PLANNING = "planning"
    """Plan services: nobody is named."""
