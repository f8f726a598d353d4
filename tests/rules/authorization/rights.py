"""Who takes down what a family asks for under its rights, who decides about it, and who reads it.

About a family: whoever works with it, as with consents. What is looked at was taken down by
`referring`: its agency sees it, and who answers for sharing, and nobody else. Access requests are a
mother's, about a child that is able to understand: it is asked first.
"""

STANDINGS = {
    "{request_id}": "asked heard answered".split(),
    "{complaint_id}": "lodged acknowledged answered".split(),
}

_TAKE_DOWN = """
referring, holding, leading | referrer receiving_worker lead_professional safeguarding_lead | 201
front door        | front_door_worker front_door_manager | 201
council           | information_governance_lead          | 201
council elsewhere | information_governance_lead          | 404
everywhere | referrer receiving_worker lead_professional safeguarding_lead | 404
everywhere | front_door_worker front_door_manager | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_ABOUT = """
referring, holding, leading | referrer receiving_worker lead_professional safeguarding_lead | 200
front door        | front_door_worker front_door_manager | 200
council           | information_governance_lead          | 200
council elsewhere | information_governance_lead          | 404
everywhere | referrer receiving_worker lead_professional safeguarding_lead | 404
everywhere | front_door_worker front_door_manager | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_SAY_BORN = """
referring, holding | referrer receiving_worker lead_professional safeguarding_lead | 200
leading            | referrer receiving_worker lead_professional safeguarding_lead | 403
front door        | front_door_worker front_door_manager | 200
council           | information_governance_lead          | 200
council elsewhere | information_governance_lead          | 404
everywhere | referrer receiving_worker lead_professional safeguarding_lead | 404
everywhere | front_door_worker front_door_manager | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_LIST = """
everywhere | referrer receiving_worker lead_professional safeguarding_lead | 200
everywhere | front_door_worker front_door_manager information_governance_lead | 200
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_LOOK = """
referring         | referrer receiving_worker lead_professional safeguarding_lead | 200
council           | information_governance_lead | 200
council elsewhere | information_governance_lead | 404
everywhere | referrer receiving_worker lead_professional safeguarding_lead | 404
everywhere | front_door_worker front_door_manager | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_HEAR = """
referring         | referrer receiving_worker lead_professional safeguarding_lead | 409 in answered; 200
council           | information_governance_lead | 409 in answered; 200
council elsewhere | information_governance_lead | 404
everywhere | referrer receiving_worker lead_professional safeguarding_lead | 404
everywhere | front_door_worker front_door_manager | 404
everywhere | nobody  | 400
everywhere | anybody | 403
"""  # noqa: E501 -- a row of the table
_EXEMPT = """
council           | information_governance_lead | 409 in answered; 200
council elsewhere | information_governance_lead | 404
everywhere        | nobody  | 400
everywhere        | anybody | 403
"""
_ANSWER = """
council           | information_governance_lead | 200 in heard; 409
council elsewhere | information_governance_lead | 404
everywhere        | nobody  | 400
everywhere        | anybody | 403
"""
_EXPORT = """
council           | information_governance_lead | 409 in asked; 200
council elsewhere | information_governance_lead | 404
everywhere        | nobody  | 400
everywhere        | anybody | 403
"""
_ACKNOWLEDGE = """
council           | information_governance_lead | 200 in lodged; 409
council elsewhere | information_governance_lead | 404
everywhere        | nobody  | 400
everywhere        | anybody | 403
"""
_ANSWER_COMPLAINT = """
council           | information_governance_lead | 409 in answered; 200
council elsewhere | information_governance_lead | 404
everywhere        | nobody  | 400
everywhere        | anybody | 403
"""
_REPORT = """
council, council elsewhere | information_governance_lead | 200
everywhere | nobody  | 400
everywhere | anybody | 403
"""
_MAKE = """
council, council elsewhere | information_governance_lead | 201
everywhere | nobody  | 400
everywhere | anybody | 403
"""

_REQUESTS, _RECTIFICATIONS = "/api/v1/access-requests", "/api/v1/rectifications"
_COMPLAINTS, _RETENTIONS = "/api/v1/complaints", "/api/v1/retentions"
_REQUEST, _COMPLAINT = f"{_REQUESTS}/{{request_id}}", f"{_COMPLAINTS}/{{complaint_id}}"
_READ, _WRITE = "consents:read", "consents:write"

TABLES = {
    "GET /api/v1/looks": (_READ, _ABOUT),
    "GET /api/v1/looks/page": (_READ, _ABOUT),
    "GET /api/v1/looks/{index}/rationale": (_READ, _ABOUT),
    f"POST {_REQUESTS}": (_WRITE, _TAKE_DOWN),
    f"GET {_REQUESTS}": (_READ, _LIST),
    f"GET {_REQUEST}": (_READ, _LOOK),
    f"POST {_REQUEST}/wish": (_WRITE, _HEAR),
    f"POST {_REQUEST}/exemptions": (_WRITE, _EXEMPT),
    f"POST {_REQUEST}/answer": (_WRITE, _ANSWER),
    f"GET {_REQUEST}/export": (_READ, _EXPORT),
    f"GET {_REQUEST}/export/document": (_READ, _EXPORT),
    f"POST {_RECTIFICATIONS}": (_WRITE, _TAKE_DOWN),
    f"GET {_RECTIFICATIONS}": (_READ, _LIST),
    f"GET {_RECTIFICATIONS}/{{rectification_id}}": (_READ, _LOOK),
    f"POST {_COMPLAINTS}": (_WRITE, _TAKE_DOWN),
    f"GET {_COMPLAINTS}": (_READ, _LIST),
    f"GET {_COMPLAINT}": (_READ, _LOOK),
    f"POST {_COMPLAINT}/acknowledgement": (_WRITE, _ACKNOWLEDGE),
    f"POST {_COMPLAINT}/answer": (_WRITE, _ANSWER_COMPLAINT),
    f"GET {_RETENTIONS}": (_READ, _REPORT),
    f"POST {_RETENTIONS}/erasures": (_WRITE, _MAKE),
    f"GET {_RETENTIONS}/{{person_id}}": (_READ, _ABOUT),
    f"PUT {_RETENTIONS}/{{person_id}}": (_WRITE, _SAY_BORN),
    "GET /api/v1/breach-reports": (_READ, _REPORT),
    "GET /api/v1/breach-reports/export": (_READ, _REPORT),
    "GET /api/v1/processing-records": ("agreements:read", _REPORT),
    "GET /api/v1/processing-records/export": ("agreements:read", _REPORT),
    "POST /api/v1/agreements/imports": ("agreements:write", _MAKE),
}
