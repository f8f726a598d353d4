"""The words of a referral's way: its statuses, and the actions that lead from one to another.

Who may do what when is the referral service's table; the words are shared, because an authority's
clocks are told in them and every reader of an event meets them.
"""

from enum import StrEnum


class Status(StrEnum):
    """Where a referral is on its way."""

    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    TRIAGING = "triaging"
    INFORMATION_REQUESTED = "information_requested"
    DECIDED = "decided"
    ASSESSMENT_REQUESTED = "assessment_requested"
    AWAITING_PANEL = "awaiting_panel"
    ALLOCATED = "allocated"
    IN_PROGRESS = "in_progress"
    STEPPED_UP = "stepped_up"
    STEPPED_DOWN = "stepped_down"
    STEPPED_ACROSS = "stepped_across"
    ON_HOLD = "on_hold"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    ENTERED_IN_ERROR = "entered_in_error"


class Action(StrEnum):
    """What somebody does with a referral."""

    SUBMIT = "submit"
    ACKNOWLEDGE = "acknowledge"
    TRIAGE = "triage"
    ASK = "ask"
    ANSWER = "answer"
    DECIDE = "decide"
    REQUEST_ASSESSMENT = "request_assessment"
    COMPLETE_ASSESSMENT = "complete_assessment"
    LIST_FOR_PANEL = "list_for_panel"
    ALLOCATE = "allocate"
    RE_ROUTE = "re_route"
    ACCEPT = "accept"
    DECLINE = "decline"
    START = "start"
    RECORD_MEETING = "record_meeting"
    STEP_UP = "step_up"
    STEP_DOWN = "step_down"
    STEP_ACROSS = "step_across"
    HOLD = "hold"
    RELEASE = "release"
    ASSIGN = "assign"
    APPOINT = "appoint"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    ENTER_IN_ERROR = "enter_in_error"
    REOPEN = "reopen"


class Urgency(StrEnum):
    """How soon the front door must look."""

    ROUTINE = "routine"
    URGENT = "urgent"


class Decision(StrEnum):
    """What the front door decides."""

    EARLY_HELP = "early_help"
    ADVICE = "advice"
    STEP_UP = "step_up"
    NO_FURTHER_ACTION = "no_further_action"
