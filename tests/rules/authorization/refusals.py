"""Who may refuse to share, lift the refusal, and read it.

The refusal that is looked at is one that `referring` has recorded. Its reasons are there for the
agency that judged and for who answers for sharing: whoever is refused learns nothing of it.
"""

STANDINGS = {"{refusal_id}": "live lifted".split()}

_REFUSE = """
referring, holding, leading | referrer receiving_worker lead_professional safeguarding_lead | 201
front door | front_door_worker front_door_manager | 201
everywhere | referrer receiving_worker lead_professional safeguarding_lead | 404
everywhere | front_door_worker front_door_manager | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_LIST = """
referring, holding, leading | referrer receiving_worker lead_professional safeguarding_lead | 200
front door        | front_door_worker front_door_manager | 200
council           | information_governance_lead          | 200
council elsewhere | information_governance_lead          | 404
everywhere | referrer receiving_worker lead_professional safeguarding_lead | 404
everywhere | front_door_worker front_door_manager | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_LOOK = """
referring         | referrer receiving_worker lead_professional safeguarding_lead | 200
council           | information_governance_lead                  | 200
council elsewhere | information_governance_lead                  | 404
everywhere | referrer receiving_worker lead_professional safeguarding_lead | 404
everywhere | front_door_worker front_door_manager | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_LIFT = """
referring  | referrer receiving_worker lead_professional safeguarding_lead | 200 in live; 409
everywhere | referrer receiving_worker lead_professional safeguarding_lead | 404
everywhere | front_door_worker front_door_manager | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""

_ALL = "/api/v1/refusals-to-share"
_ONE = f"{_ALL}/{{refusal_id}}"

TABLES = {
    f"POST {_ALL}": ("consents:write", _REFUSE),
    f"GET {_ALL}": ("consents:read", _LIST),
    f"GET {_ONE}": ("consents:read", _LOOK),
    f"POST {_ONE}/lifting": ("consents:write", _LIFT),
}
