"""Who may register and look up workers, grant them roles, and read the feeds.

The worker who is looked at is the referring agency's.
"""

_FEED = """
everywhere | anybody nobody | 200
"""
_REGISTER_WORKER = """
referring  | anybody nobody | 200
everywhere | anybody nobody | 201
"""
_LOOK_UP_WORKER = """
everywhere | nobody  | 400
referring  | anybody | 200
everywhere | anybody | 404
"""
_LOOK_UP_WORKER_BY_ID = """
everywhere | nobody  | 400
referring  | anybody | 200
front door | front_door_worker front_door_manager | 200
everywhere | anybody | 404
"""
_GRANT_ROLES = """
everywhere | nobody               | 400
referring  | agency_administrator | 200
everywhere | agency_administrator | 404
everywhere | anybody              | 403
"""

TABLES = {
    "GET /api/v1/events": ("events:read", _FEED),
    "GET /api/v1/sharing-events": ("events:read", _FEED),
    "PUT /api/v1/workers/{external_id}": ("workers:write", _REGISTER_WORKER),
    "GET /api/v1/workers/{external_id}": ("workers:read", _LOOK_UP_WORKER),
    "GET /api/v1/workers/by-id/{worker_id}": ("workers:read", _LOOK_UP_WORKER_BY_ID),
    "PUT /api/v1/workers/{external_id}/roles": ("agency:admin", _GRANT_ROLES),
}
