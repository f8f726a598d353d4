"""Who may put right what was sent: the front door, and the agency that sent it.

The family's change log is there for whoever knows of the referral; what is in it depends on how
much of the family they see.
"""

_AMEND = """
referring  | referrer                             | 409 in ended; 200
front door | front_door_worker front_door_manager | 409 in ended; 200
everywhere | referrer front_door_worker front_door_manager | 404
everywhere | nobody                               | 400
everywhere | anybody                              | 403
"""
_ADD = """
referring  | referrer                             | 409 in ended; 201
front door | front_door_worker front_door_manager | 409 in ended; 201
everywhere | referrer front_door_worker front_door_manager | 404
everywhere | nobody                               | 400
everywhere | anybody                              | 403
"""
_READ = """
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

_ONE = "/api/v1/referrals/{referral_id}"
_SCOPE = "referrals:write"

TABLES = {
    f"POST {_ONE}/amendments": (_SCOPE, _AMEND),
    f"GET {_ONE}/amendments": ("referrals:read", _READ),
    f"POST {_ONE}/people": (_SCOPE, _ADD),
    f"POST {_ONE}/people/{{person_id}}/corrections": (_SCOPE, _AMEND),
    f"POST {_ONE}/earlier": (_SCOPE, _AMEND),
}
