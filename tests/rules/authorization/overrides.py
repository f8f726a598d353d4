"""Who may override, who reviews it, and who reads of it.

Danger does not wait: a safeguarding lead of any agency declares an override about anybody, for its
own agency. The one that is looked at is `referring`'s. The council's information governance lead
reviews it.
"""

STANDINGS = {"{override_id}": "unreviewed reviewed".split()}

_DECLARE = """
everywhere | safeguarding_lead | 201
everywhere | nobody            | 400
everywhere | anybody           | 403
"""
_LIST = """
everywhere | safeguarding_lead information_governance_lead | 200
everywhere | nobody            | 400
everywhere | anybody           | 403
"""
_LOOK = """
referring         | safeguarding_lead           | 200
council           | information_governance_lead | 200
everywhere        | safeguarding_lead information_governance_lead | 404
everywhere        | nobody                      | 400
everywhere        | anybody                     | 403
"""
_REVIEW = """
council           | information_governance_lead | 200 in unreviewed; 409
council elsewhere | information_governance_lead | 404
everywhere        | nobody                      | 400
everywhere        | anybody                     | 403
"""

_ALL = "/api/v1/overrides"
_ONE = f"{_ALL}/{{override_id}}"

TABLES = {
    f"POST {_ALL}": ("consents:write", _DECLARE),
    f"GET {_ALL}": ("consents:read", _LIST),
    f"GET {_ONE}": ("consents:read", _LOOK),
    f"POST {_ONE}/review": ("consents:write", _REVIEW),
}
