"""Who may record what a family says about sharing, take it back for them, and read it.

The family is known to the hub, and agencies are to it what they are to the referral: `referring`
and `holding` were introduced by the front door and work with it, `leading` says so of itself,
`asked` has worked with it and does no longer, and the others have nothing to do with it. The front
door's worker and manager have to do with every family, and so has, to read, who answers for
sharing. The consent names `holding` alone: whom one names reads it also when it works with the
family no more (tests/consent/test_sharing_events.py). Here and in the next tables a worker works
with families in one of these roles: referrer, receiving worker, lead professional, safeguarding
lead, the front door's worker and manager.
"""

STANDINGS = {"{consent_id}": "given withdrawn refused".split()}

_RECORD = """
referring, holding, leading | referrer receiving_worker lead_professional safeguarding_lead | 201
front door | front_door_worker front_door_manager | 201
everywhere | referrer receiving_worker lead_professional safeguarding_lead | 404
everywhere | front_door_worker front_door_manager | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_WITHDRAW = """
referring, holding, leading | referrer receiving_worker lead_professional safeguarding_lead | 409 in refused; 200
front door | front_door_worker front_door_manager | 409 in refused; 200
everywhere | referrer receiving_worker lead_professional safeguarding_lead | 404
everywhere | front_door_worker front_door_manager | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""  # noqa: E501 -- a row of the table
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

_ALL = "/api/v1/consents"
_ONE = f"{_ALL}/{{consent_id}}"

TABLES = {
    f"POST {_ALL}": ("consents:write", _RECORD),
    f"POST {_ALL}/refusals": ("consents:write", _RECORD),
    f"POST {_ONE}/withdrawal": ("consents:write", _WITHDRAW),
    f"GET {_ONE}/withdrawal": ("consents:read", _READ),
    f"GET {_ALL}": ("consents:read", _READ),
    f"GET {_ONE}": ("consents:read", _READ),
    f"GET {_ONE}/receipt": ("consents:read", _READ),
}
