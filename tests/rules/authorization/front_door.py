"""Who may do what the front door does: it sees, weighs, decides and allocates."""

_ACKNOWLEDGE = """
front door           | front_door_worker front_door_manager | 200 in submitted; 409
front door elsewhere | front_door_worker front_door_manager | 404
front door, front door elsewhere | nobody                   | 400
everywhere           | anybody nobody                       | 403
"""
_TRIAGE = """
front door           | front_door_worker front_door_manager | 200 in acknowledged; 409
front door elsewhere | front_door_worker front_door_manager | 404
front door, front door elsewhere | nobody                   | 400
everywhere           | anybody nobody                       | 403
"""
_ASK = """
front door           | front_door_worker front_door_manager | 200 in triaging; 409
front door elsewhere | front_door_worker front_door_manager | 404
front door, front door elsewhere | nobody                   | 400
everywhere           | anybody nobody                       | 403
"""
_DECIDE = """
front door | front_door_worker front_door_manager | 200 in triaging awaiting_panel; 409
front door | panel_chair              | 200 in awaiting_panel; 403 in triaging; 409
front door elsewhere | front_door_worker front_door_manager panel_chair | 404
front door, front door elsewhere | nobody                               | 400
everywhere | anybody nobody                                             | 403
"""
_REQUEST_ASSESSMENT = """
front door | front_door_worker front_door_manager panel_chair | 200 in decided awaiting_panel; 409
front door elsewhere | front_door_worker front_door_manager panel_chair | 404
front door, front door elsewhere | nobody                               | 400
everywhere | anybody nobody                                             | 403
"""
_LIST_FOR_PANEL = """
front door | front_door_worker front_door_manager panel_chair | 200 in decided; 409
front door elsewhere | front_door_worker front_door_manager panel_chair | 404
front door, front door elsewhere | nobody                               | 400
everywhere | anybody nobody                                             | 403
"""
_ALLOCATE = """
front door | front_door_worker front_door_manager panel_chair | 200 in decided awaiting_panel; 409
front door elsewhere | front_door_worker front_door_manager panel_chair | 404
front door, front door elsewhere | nobody                               | 400
everywhere | anybody nobody                                             | 403
"""
_RE_ROUTE = """
front door           | front_door_worker front_door_manager | 200 in allocated; 409
front door elsewhere | front_door_worker front_door_manager | 404
front door, front door elsewhere | nobody                   | 400
everywhere           | anybody nobody                       | 403
"""
_ENTER_IN_ERROR = """
front door           | front_door_manager | 409 in entered_in_error; 200
front door elsewhere | front_door_manager | 404
front door, front door elsewhere | nobody | 400
everywhere           | anybody nobody     | 403
"""
_REOPEN = """
front door           | front_door_manager | 200 in decided/advice in_progress closed withdrawn; 409
front door elsewhere | front_door_manager | 404
front door, front door elsewhere | nobody | 400
everywhere           | anybody nobody     | 403
"""

_ONE = "POST /api/v1/referrals/{referral_id}"
_SCOPE = "referrals:decide"

TABLES = {
    f"{_ONE}/acknowledgement": (_SCOPE, _ACKNOWLEDGE),
    f"{_ONE}/triage": (_SCOPE, _TRIAGE),
    f"{_ONE}/question": (_SCOPE, _ASK),
    f"{_ONE}/decision": (_SCOPE, _DECIDE),
    f"{_ONE}/assessment-request": (_SCOPE, _REQUEST_ASSESSMENT),
    f"{_ONE}/panel-listing": (_SCOPE, _LIST_FOR_PANEL),
    f"{_ONE}/allocation": (_SCOPE, _ALLOCATE),
    f"{_ONE}/re-routing": (_SCOPE, _RE_ROUTE),
    f"{_ONE}/error": (_SCOPE, _ENTER_IN_ERROR),
    f"{_ONE}/reopening": (_SCOPE, _REOPEN),
}
