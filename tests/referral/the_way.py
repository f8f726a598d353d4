"""The way of a referral, by hand in the field's words; it imports nothing from the services.

Whoever changes the service's table changes this one too, and says so to the people who work by it.
"""

Key = tuple[str, str, str]

_WHO = {
    "front door": ("front_door_worker", "front_door_manager"),
    "manager": ("front_door_manager",),
    "panel": ("front_door_worker", "front_door_manager", "panel_chair"),
    "referrer": ("referrer",),
    "receiver": ("receiving_worker",),
    "helpers": ("receiving_worker", "lead_professional"),
}
"""`helpers`: the agency that has accepted, and the lead professional of the family."""

AGAIN = "where it was"
"""A hold remembers where it interrupted."""

_TABLE = """
submitted             | acknowledge         | front door           | acknowledged
submitted             | assign              | front door           | submitted
submitted             | withdraw            | referrer             | withdrawn
submitted             | enter_in_error      | manager              | entered_in_error

acknowledged          | triage              | front door           | triaging
acknowledged          | assign              | front door           | acknowledged
acknowledged          | withdraw            | referrer             | withdrawn
acknowledged          | enter_in_error      | manager              | entered_in_error

triaging              | ask                 | front door           | information_requested
triaging              | decide              | front door           | decided
triaging              | hold                | front door           | on_hold
triaging              | assign              | front door           | triaging
triaging              | withdraw            | referrer             | withdrawn
triaging              | enter_in_error      | manager              | entered_in_error

information_requested | answer              | referrer, front door | triaging
information_requested | assign              | front door           | information_requested
information_requested | withdraw            | referrer             | withdrawn
information_requested | enter_in_error      | manager              | entered_in_error

decided               | request_assessment  | panel                | assessment_requested
decided               | list_for_panel      | panel                | awaiting_panel
decided               | allocate            | panel                | allocated
decided               | step_up             | front door           | stepped_up
decided               | hold                | front door           | on_hold
decided               | close               | front door           | closed
decided               | reopen              | manager              | triaging
decided               | assign              | front door           | decided
decided               | withdraw            | referrer             | withdrawn
decided               | enter_in_error      | manager              | entered_in_error

assessment_requested  | complete_assessment | referrer, front door | decided
assessment_requested  | hold                | front door           | on_hold
assessment_requested  | close               | front door           | closed
assessment_requested  | assign              | front door           | assessment_requested
assessment_requested  | withdraw            | referrer             | withdrawn
assessment_requested  | enter_in_error      | manager              | entered_in_error

awaiting_panel        | decide              | panel                | decided
awaiting_panel        | request_assessment  | panel                | assessment_requested
awaiting_panel        | allocate            | panel                | allocated
awaiting_panel        | hold                | front door           | on_hold
awaiting_panel        | close               | front door           | closed
awaiting_panel        | assign              | front door           | awaiting_panel
awaiting_panel        | withdraw            | referrer             | withdrawn
awaiting_panel        | enter_in_error      | manager              | entered_in_error

allocated             | accept              | receiver             | in_progress
allocated             | decline             | receiver, front door | decided
allocated             | re_route            | front door           | allocated
allocated             | assign              | receiver             | allocated
allocated             | withdraw            | referrer             | withdrawn
allocated             | enter_in_error      | manager              | entered_in_error

in_progress           | start               | helpers              | in_progress
in_progress           | complete_assessment | helpers              | in_progress
in_progress           | record_meeting      | helpers              | in_progress
in_progress           | appoint             | helpers              | in_progress
in_progress           | step_up             | helpers              | stepped_up
in_progress           | step_down           | helpers              | stepped_down
in_progress           | step_across         | helpers              | stepped_across
in_progress           | hold                | helpers              | on_hold
in_progress           | close               | helpers              | closed
in_progress           | assign              | receiver             | in_progress
in_progress           | reopen              | manager              | triaging
in_progress           | enter_in_error      | manager              | entered_in_error

stepped_up            | accept              | receiver             | in_progress
stepped_up            | decline             | receiver, front door | triaging
stepped_up            | assign              | receiver             | stepped_up
stepped_up            | enter_in_error      | manager              | entered_in_error

stepped_down          | accept              | receiver             | in_progress
stepped_down          | decline             | receiver, front door | triaging
stepped_down          | assign              | receiver             | stepped_down
stepped_down          | enter_in_error      | manager              | entered_in_error

stepped_across        | accept              | receiver             | in_progress
stepped_across        | decline             | receiver, front door | triaging
stepped_across        | assign              | receiver             | stepped_across
stepped_across        | enter_in_error      | manager              | entered_in_error

on_hold               | release             | front door, helpers  | where it was
on_hold               | assign              | front door, receiver | on_hold
on_hold               | withdraw            | referrer             | withdrawn
on_hold               | enter_in_error      | manager              | entered_in_error

closed                | reopen              | manager              | triaging
closed                | enter_in_error      | manager              | entered_in_error

withdrawn             | reopen              | manager              | triaging
withdrawn             | enter_in_error      | manager              | entered_in_error
"""


def _rows() -> dict[Key, str]:
    lines = [line.split("|") for line in _TABLE.splitlines() if line]
    rows = [tuple(field.strip() for field in line) for line in lines]
    return {
        (status, action, role): after
        for status, action, who, after in rows
        for group in who.split(", ")
        for role in _WHO[group]
    }


THE_WAY = _rows()
"""(status, action, role) -> the status after it, or AGAIN."""

STATUSES = (*dict.fromkeys(status for status, _, _ in THE_WAY), "entered_in_error")

NOUNS = {
    "acknowledge": "acknowledgement",
    "triage": "triage",
    "ask": "question",
    "answer": "answer",
    "decide": "decision",
    "request_assessment": "assessment-request",
    "complete_assessment": "assessment",
    "list_for_panel": "panel-listing",
    "allocate": "allocation",
    "re_route": "re-routing",
    "accept": "acceptance",
    "decline": "decline",
    "start": "start",
    "record_meeting": "meeting",
    "step_up": "step-up",
    "step_down": "step-down",
    "step_across": "step-across",
    "hold": "hold",
    "release": "release",
    "assign": "assignment",
    "appoint": "lead-professional",
    "close": "closure",
    "withdraw": "withdrawal",
    "enter_in_error": "error",
    "reopen": "reopening",
}
"""What each action is posted to."""


def may(action: str) -> set[str]:
    """Everybody who may ever take this step."""
    return {role for _, taken, role in THE_WAY if taken == action}


def who_may(status: str, action: str) -> list[str]:
    """Whoever may take this step now."""
    return [role for now, taken, role in THE_WAY if (now, taken) == (status, action)]
