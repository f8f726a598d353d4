"""Who may hold the audit log to what it has said: the council's information governance lead.

The leaf that is looked at is of something that the referring school did.
"""

_READ = """
council, council elsewhere | information_governance_lead | 200
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_SIGN = """
council, council elsewhere | information_governance_lead | 201
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_LOOK_AT_LEAF = """
council           | information_governance_lead | 200
council elsewhere | information_governance_lead | 404
everywhere        | nobody  | 400
everywhere        | anybody | 403
"""

_SCOPE = "audit:verify"

TABLES = {
    "GET /api/v1/audit/checkpoints": (_SCOPE, _READ),
    "POST /api/v1/audit/checkpoints": (_SCOPE, _SIGN),
    "GET /api/v1/audit/leaves/{index}/proof": (_SCOPE, _LOOK_AT_LEAF),
    "GET /api/v1/audit/consistency-proof": (_SCOPE, _READ),
    "GET /api/v1/audit/key": (_SCOPE, _READ),
}
