"""The stamp of a form: when it was given out. Robots send at once, or the same form for ever."""

from datetime import datetime, timedelta

from shared.errors import Unprocessable

TOO_YOUNG = timedelta(seconds=3)
"""Nobody writes down what their family needs in less."""
TOO_OLD = timedelta(hours=24)
"""Long enough to be called away and come back; kept answers are remembered for 30 days."""


class StampNotAccepted(Unprocessable):
    slug, title = "form-stamp-not-accepted", "The form must be sent once more"


class SentAlready(StampNotAccepted):
    slug, title = "form-sent-already", "This form has been sent already, with other words"


def refuse_age(given_out: datetime, now: datetime) -> None:
    """Raises StampNotAccepted where the form was given out just now, or long ago."""
    age = now - given_out
    if age < TOO_YOUNG:
        raise refused("That was very fast. Wait a few seconds and send it again")
    if age > TOO_OLD:
        raise refused("This form was opened more than a day ago. Send it again from a fresh one")


def refused(detail: str) -> StampNotAccepted:
    """What to do is said beside the stamp."""
    return StampNotAccepted(detail, pointer="/stamp")
