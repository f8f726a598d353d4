"""Who may read worklists, keep views of them, and read what an authority has settled.

What stands in a worklist is another question: nobody's holds what the caller may not see. The view
that is looked at is one that the front door's manager shares with the front door.
"""

_READ = """
everywhere | referrer receiving_worker lead_professional      | 200
everywhere | front_door_worker front_door_manager panel_chair | 200
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_KEEP = """
everywhere | referrer receiving_worker lead_professional      | 201
everywhere | front_door_worker front_door_manager panel_chair | 201
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_LOOK = """
front door | referrer receiving_worker lead_professional      | 200
front door | front_door_worker front_door_manager panel_chair | 200
everywhere | referrer receiving_worker lead_professional      | 404
everywhere | front_door_worker front_door_manager panel_chair | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_CHANGE = """
front door | front_door_manager                               | 200
front door | front_door_worker panel_chair referrer receiving_worker lead_professional | 403
everywhere | referrer receiving_worker lead_professional      | 404
everywhere | front_door_worker front_door_manager panel_chair | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_TAKE_AWAY = """
front door | front_door_manager                               | 204
front door | front_door_worker panel_chair referrer receiving_worker lead_professional | 403
everywhere | referrer receiving_worker lead_professional      | 404
everywhere | front_door_worker front_door_manager panel_chair | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_SETTLED = """
everywhere | anybody nobody | 200
"""

_SCOPE = "referrals:read"

TABLES = {
    "GET /api/v1/referrals": (_SCOPE, _READ),
    "GET /api/v1/referrals/counts": (_SCOPE, _READ),
    "GET /api/v1/referrals/export": (_SCOPE, _READ),
    "POST /api/v1/views": (_SCOPE, _KEEP),
    "GET /api/v1/views": (_SCOPE, _READ),
    "GET /api/v1/views/{view_id}": (_SCOPE, _LOOK),
    "PUT /api/v1/views/{view_id}": (_SCOPE, _CHANGE),
    "DELETE /api/v1/views/{view_id}": (_SCOPE, _TAKE_AWAY),
    "GET /api/v1/agencies": (_SCOPE, _SETTLED),
    "GET /api/v1/authority": (_SCOPE, _SETTLED),
    "GET /api/v1/codes": (_SCOPE, _SETTLED),
    "POST /api/v1/threshold-advice": (_SCOPE, _SETTLED),
}
