"""Who may refer, follow a referral, answer the front door, and take a referral back."""

_REFER = """
everywhere | referrer | 201
everywhere | nobody   | 400
everywhere | anybody  | 403
"""
_LOOK = """
referring             | referrer                                         | 200
front door            | front_door_worker front_door_manager panel_chair | 200
children's services   | panel_chair      | 200 in awaiting_panel; 404
children's services   | receiving_worker | 200 in stepped_up; 404
asked                 | receiving_worker | 200 in allocated stepped_down stepped_across; 404
holding               | receiving_worker | 200 in in_progress stepped on_hold closed; 404
leading               | lead_professional | 200 in in_progress stepped on_hold closed; 404
everywhere            | referrer receiving_worker lead_professional      | 404
front door elsewhere  | front_door_worker front_door_manager panel_chair | 404
everywhere            | nobody                                           | 400
everywhere            | anybody                                          | 403
"""
_ANSWER = """
referring             | referrer           | 200 in information_requested; 409
front door            | front_door_worker front_door_manager | 200 in information_requested; 409
everywhere            | referrer front_door_worker front_door_manager | 404
everywhere            | nobody             | 400
everywhere            | anybody            | 403
"""
_WITHDRAW = """
referring  | referrer | 409 in decided/advice in_progress stepped on_hold ended; 200
everywhere | referrer | 404
everywhere | nobody   | 400
everywhere | anybody  | 403
"""

_ONE = "/api/v1/referrals/{referral_id}"

TABLES = {
    "POST /api/v1/referrals": ("referrals:write", _REFER),
    f"GET {_ONE}": ("referrals:read", _LOOK),
    f"GET {_ONE}/history": ("referrals:read", _LOOK),
    f"GET {_ONE}/actions": ("referrals:read", _LOOK),
    f"POST {_ONE}/answer": ("referrals:write", _ANSWER),
    f"POST {_ONE}/withdrawal": ("referrals:write", _WITHDRAW),
}
