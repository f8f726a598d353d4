"""Who may say that an agency works with somebody, end it, and ask what may be shared.

The involvement that is looked at is of `referring`, which the front door has introduced: workers of
both agencies see it, and end it. A worker may claim for its own agency that it works with anybody:
whoever answers for sharing is told, and lists the claims of its authority. Of another agency only
those say it whom somebody else has introduced, and the front door. What would be shared, with the
own agency or with another, is asked about those whom the agency works with.
"""

STANDINGS = {
    "{involvement_id}": "live over".split(),
    "POST /api/v1/involvements": "of_itself of_another".split(),
    "POST /api/v1/decisions": "of_itself of_another".split(),
}

_INTRODUCE = """
referring, holding | referrer receiving_worker lead_professional safeguarding_lead | 201
front door         | front_door_worker front_door_manager | 201
front door elsewhere | front_door_worker front_door_manager | 201 in of_itself; 422
everywhere | referrer receiving_worker lead_professional safeguarding_lead | 201 in of_itself; 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_READ = """
referring, holding, leading | referrer receiving_worker lead_professional safeguarding_lead | 200
front door        | front_door_worker front_door_manager | 200
council           | information_governance_lead          | 200
council elsewhere | information_governance_lead          | 404
everywhere | referrer receiving_worker lead_professional safeguarding_lead | 404
everywhere | front_door_worker front_door_manager | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_CLAIMS = """
council, council elsewhere | information_governance_lead | 200
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_LOOK = """
referring, holding, leading | referrer receiving_worker lead_professional safeguarding_lead | 200
front door        | front_door_worker front_door_manager | 200
front door        | referrer receiving_worker lead_professional safeguarding_lead | 200
council           | information_governance_lead          | 200
council elsewhere | information_governance_lead          | 404
everywhere | referrer receiving_worker lead_professional safeguarding_lead | 404
everywhere | front_door_worker front_door_manager | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_END = """
referring        | referrer receiving_worker lead_professional safeguarding_lead | 200 in live; 409
holding, leading | referrer receiving_worker lead_professional safeguarding_lead | 403
front door        | front_door_worker front_door_manager | 200 in live; 409
front door        | referrer receiving_worker lead_professional safeguarding_lead | 200 in live; 409
council           | information_governance_lead          | 200 in live; 409
council elsewhere | information_governance_lead          | 404
everywhere | referrer receiving_worker lead_professional safeguarding_lead | 404
everywhere | front_door_worker front_door_manager | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_ASK = """
referring, holding, leading | referrer receiving_worker lead_professional safeguarding_lead | 200
front door        | front_door_worker front_door_manager | 200
council           | information_governance_lead          | 200
council elsewhere | information_governance_lead          | 404
everywhere | referrer receiving_worker lead_professional safeguarding_lead | 404
everywhere | front_door_worker front_door_manager        | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""

_ALL = "/api/v1/involvements"
_ONE = f"{_ALL}/{{involvement_id}}"

TABLES = {
    f"POST {_ALL}": ("consents:write", _INTRODUCE),
    f"GET {_ALL}": ("consents:read", _READ),
    f"GET {_ALL}/claims": ("consents:read", _CLAIMS),
    f"GET {_ONE}": ("consents:read", _LOOK),
    f"POST {_ONE}/end": ("consents:write", _END),
    "POST /api/v1/decisions": ("consents:read", _ASK),
}
