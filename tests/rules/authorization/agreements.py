"""Who may draft, publish, sign and leave an agreement, and who may read it.

Whoever answers for sharing in the council drafts and publishes for its authority. Its parties are
schools, GP practices, health services, voluntary bodies, the front door and the council; housing
and children's services are none, and for them there is no such agreement. While it is drafted it is
there for nobody but who drafts it.
"""

STANDINGS = {"{name}": "drafted published suspended".split()}

_DRAFT = """
council, council elsewhere | information_governance_lead | 201
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_LIST = """
everywhere | anybody | 200
everywhere | nobody  | 400
"""
_LOOK = """
council    | information_governance_lead | 200
everywhere | nobody                      | 400
leading, children's services, front door elsewhere, council elsewhere | anybody | 404
everywhere | anybody                     | 404 in drafted; 200
"""
_READ = """
everywhere | nobody                      | 400
leading, children's services, front door elsewhere, council elsewhere | anybody | 404
everywhere | anybody                     | 404 in drafted; 200
"""
_WRITE = """
council           | information_governance_lead | 200
council elsewhere | information_governance_lead | 404
everywhere        | nobody  | 400
everywhere        | anybody | 403
"""
_SUSPEND = """
council           | information_governance_lead | 200 in published; 409
council elsewhere | information_governance_lead | 404
everywhere        | nobody  | 400
everywhere        | anybody | 403
"""
_REINSTATE = """
council           | information_governance_lead | 200 in suspended; 409
council elsewhere | information_governance_lead | 404
everywhere        | nobody  | 400
everywhere        | anybody | 403
"""
_SIGN = """
leading, children's services, front door elsewhere, council elsewhere | agency_administrator | 404
council elsewhere | information_governance_lead | 404
council    | information_governance_lead | 201 in published; 409 in suspended; 404
everywhere | agency_administrator        | 201 in published; 409 in suspended; 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_LEAVE = """
leading, children's services, front door elsewhere, council elsewhere | agency_administrator | 404
council elsewhere | information_governance_lead | 404
council    | information_governance_lead | 404 in drafted; 200
everywhere | agency_administrator        | 404 in drafted; 200
everywhere | nobody  | 400
everywhere | anybody | 403
"""

_ALL = "/api/v1/agreements"
_ONE = f"{_ALL}/{{name}}"
_SCOPE = "agreements:write"

TABLES = {
    f"POST {_ALL}": (_SCOPE, _DRAFT),
    f"GET {_ALL}": ("agreements:read", _LIST),
    f"GET {_ONE}": ("agreements:read", _LOOK),
    f"PUT {_ONE}": (_SCOPE, _WRITE),
    f"GET {_ONE}/review": (_SCOPE, _WRITE),
    f"POST {_ONE}/publication": (_SCOPE, _WRITE),
    f"POST {_ONE}/suspension": (_SCOPE, _SUSPEND),
    f"POST {_ONE}/reinstatement": (_SCOPE, _REINSTATE),
    f"GET {_ONE}/versions/{{number}}": ("agreements:read", _READ),
    f"POST {_ONE}/signatures": (_SCOPE, _SIGN),
    f"POST {_ONE}/leaving": (_SCOPE, _LEAVE),
    f"GET {_ONE}/export": ("agreements:read", _READ),
    f"GET {_ONE}/processing-records": ("agreements:read", _READ),
}
