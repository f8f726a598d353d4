"""Who may work with a family: the agency that is asked, the one that holds, the lead professional.

Whoever holds the family and has asked another agency to take over still sees it, and takes no step
until that agency has answered.
"""

_ANSWER_THE_OFFER = """
asked               | receiving_worker | 200 in allocated stepped_down stepped_across; 404
children's services | receiving_worker | 200 in stepped_up; 404
holding    | receiving_worker | 403 in stepped; 409 in in_progress on_hold closed; 404
everywhere | receiving_worker | 404
everywhere | nobody           | 400
everywhere | anybody          | 403
"""
_DECLINE = """
front door | front_door_worker front_door_manager | 200 in allocated stepped; 409
asked               | receiving_worker | 200 in allocated stepped_down stepped_across; 404
children's services | receiving_worker | 200 in stepped_up; 404
holding    | receiving_worker | 403 in stepped; 409 in in_progress on_hold closed; 404
everywhere | front_door_worker front_door_manager receiving_worker | 404
everywhere | nobody           | 400
everywhere | anybody          | 403
"""
_WORK = """
holding    | receiving_worker  | 200 in in_progress; 403 in stepped; 409 in on_hold closed; 404
leading    | lead_professional | 200 in in_progress; 409 in stepped on_hold closed; 404
asked      | receiving_worker  | 409 in allocated stepped_down stepped_across; 404
children's services | receiving_worker   | 409 in stepped_up; 404
everywhere | receiving_worker lead_professional | 404
everywhere | nobody            | 400
everywhere | anybody           | 403
"""
_COMPLETE_ASSESSMENT = """
referring  | referrer          | 200 in assessment_requested; 403 in in_progress; 409
front door | front_door_worker front_door_manager | 200 in assessment_requested; 403 in in_progress; 409
holding    | receiving_worker  | 200 in in_progress; 403 in stepped; 409 in on_hold closed; 404
leading    | lead_professional | 200 in in_progress; 409 in stepped on_hold closed; 404
asked      | receiving_worker  | 409 in allocated stepped_down stepped_across; 404
children's services | receiving_worker | 409 in stepped_up; 404
everywhere | referrer front_door_worker front_door_manager | 404
everywhere | receiving_worker lead_professional | 404
everywhere | nobody            | 400
everywhere | anybody           | 403
"""  # noqa: E501 -- a row of the table
_STEP_UP = """
front door | front_door_worker front_door_manager | 200 in decided/step_up; 403 in in_progress; 409
holding    | receiving_worker  | 200 in in_progress; 403 in stepped; 409 in on_hold closed; 404
leading    | lead_professional | 200 in in_progress; 409 in stepped on_hold closed; 404
asked      | receiving_worker  | 409 in allocated stepped_down stepped_across; 404
children's services | receiving_worker | 409 in stepped_up; 404
everywhere | front_door_worker front_door_manager | 404
everywhere | receiving_worker lead_professional   | 404
everywhere | nobody            | 400
everywhere | anybody           | 403
"""
_HOLD = """
front door | front_door_worker front_door_manager | 200 in triaging underway; 403 in in_progress; 409
holding    | receiving_worker  | 200 in in_progress; 403 in stepped; 409 in on_hold closed; 404
leading    | lead_professional | 200 in in_progress; 409 in stepped on_hold closed; 404
asked      | receiving_worker  | 409 in allocated stepped_down stepped_across; 404
children's services | receiving_worker | 409 in stepped_up; 404
everywhere | front_door_worker front_door_manager | 404
everywhere | receiving_worker lead_professional   | 404
everywhere | nobody            | 400
everywhere | anybody           | 403
"""  # noqa: E501 -- a row of the table
_RELEASE = """
front door | front_door_worker front_door_manager | 200 in on_hold on_hold/triaging; 409
holding    | receiving_worker  | 200 in on_hold; 403 in stepped; 409 in in_progress closed; 404
leading    | lead_professional | 200 in on_hold; 409 in in_progress stepped closed; 404
asked      | receiving_worker  | 409 in allocated stepped_down stepped_across; 404
children's services | receiving_worker | 409 in stepped_up; 404
everywhere | front_door_worker front_door_manager | 404
everywhere | receiving_worker lead_professional   | 404
everywhere | nobody            | 400
everywhere | anybody           | 403
"""
_ASSIGN = """
front door | front_door_worker front_door_manager | 403 in allocated in_progress stepped; 409 in ended; 200
holding    | receiving_worker  | 200 in in_progress on_hold; 403 in stepped; 409 in closed; 404
asked      | receiving_worker  | 200 in allocated stepped_down stepped_across; 404
children's services | receiving_worker | 200 in stepped_up; 404
everywhere | front_door_worker front_door_manager receiving_worker | 404
everywhere | nobody            | 400
everywhere | anybody           | 403
"""  # noqa: E501 -- a row of the table
_CLOSE = """
front door | front_door_worker front_door_manager | 200 in decided/advice underway; 403 in in_progress; 409
holding    | receiving_worker  | 200 in in_progress; 403 in stepped; 409 in on_hold closed; 404
leading    | lead_professional | 200 in in_progress; 409 in stepped on_hold closed; 404
asked      | receiving_worker  | 409 in allocated stepped_down stepped_across; 404
children's services | receiving_worker | 409 in stepped_up; 404
everywhere | front_door_worker front_door_manager | 404
everywhere | receiving_worker lead_professional   | 404
everywhere | nobody            | 400
everywhere | anybody           | 403
"""  # noqa: E501 -- a row of the table

_ONE = "POST /api/v1/referrals/{referral_id}"
_SCOPE = "referrals:work"

TABLES = {
    f"{_ONE}/acceptance": (_SCOPE, _ANSWER_THE_OFFER),
    f"{_ONE}/decline": (_SCOPE, _DECLINE),
    f"{_ONE}/assessment": (_SCOPE, _COMPLETE_ASSESSMENT),
    f"{_ONE}/start": (_SCOPE, _WORK),
    f"{_ONE}/meeting": (_SCOPE, _WORK),
    f"{_ONE}/lead-professional": (_SCOPE, _WORK),
    f"{_ONE}/step-up": (_SCOPE, _STEP_UP),
    f"{_ONE}/step-down": (_SCOPE, _WORK),
    f"{_ONE}/step-across": (_SCOPE, _WORK),
    f"{_ONE}/hold": (_SCOPE, _HOLD),
    f"{_ONE}/release": (_SCOPE, _RELEASE),
    f"{_ONE}/assignment": (_SCOPE, _ASSIGN),
    f"{_ONE}/closure": (_SCOPE, _CLOSE),
}
