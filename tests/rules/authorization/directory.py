"""Who keeps the directory true.

The entries are of an organization that `asked` looks after: any of its workers writes drafts and
assures, and hides: here everything is withdrawn. What everybody reads, an administrator of the
council decides. The draft is `asked`'s.
"""

_DRAFTED = "waiting approved rejected withdrawn".split()
_PART = "/{draft_id}"

_LIST = """
everywhere | nobody  | 400
everywhere | anybody | 200
"""
_LOOK = """
asked      | anybody              | 200
council    | agency_administrator | 200
everywhere | nobody               | 400
everywhere | anybody              | 404
"""
_DRAFT = """
asked      | anybody              | 201
council    | agency_administrator | 201
everywhere | nobody               | 400
everywhere | anybody              | 404
"""
_REDRAFT = """
asked      | anybody | 200 in waiting; 409
everywhere | nobody  | 400
everywhere | anybody | 404
"""
_ROLL_BACK = """
council           | agency_administrator | 200
council elsewhere | agency_administrator | 404
everywhere        | nobody               | 400
everywhere        | anybody              | 403
"""
_APPOINT = """
council           | agency_administrator | 204
council elsewhere | agency_administrator | 404
everywhere        | nobody               | 400
everywhere        | anybody              | 403
"""
_DECIDE = """
council           | agency_administrator | 200 in waiting; 409
council elsewhere | agency_administrator | 404
everywhere        | nobody               | 400
everywhere        | anybody              | 403
"""

_QUEUED = """
council, council elsewhere | agency_administrator | 200
everywhere                 | nobody               | 400
everywhere                 | anybody              | 403
"""
_SETTLE = """
council           | agency_administrator | 200 in queued; 409
council elsewhere | agency_administrator | 404
everywhere        | nobody               | 400
everywhere        | anybody              | 403
"""

_SCOPE = "directory:write"
_ENTRIES, _DRAFTS = "/api/v1/directory/entries", "/api/v1/directory/drafts"
_PROBLEMS, _ALIKE = "/api/v1/directory/reported-problems", "/api/v1/directory/look-alikes"
_ENTRY, _ONE = f"{_ENTRIES}/{{entry_id}}", f"{_DRAFTS}{_PART}"

TABLES = {
    f"GET {_ENTRIES}": (_SCOPE, _LIST),
    f"GET {_ENTRY}": (_SCOPE, _LOOK),
    f"GET {_ENTRY}/history": (_SCOPE, _LOOK),
    f"POST {_ENTRY}/assurance": (_SCOPE, _LOOK),
    f"PUT {_ENTRY}/standing": (_SCOPE, _LOOK),
    f"POST {_ENTRY}/rollback": (_SCOPE, _ROLL_BACK),
    f"PUT {_ENTRY}/provider": (_SCOPE, _APPOINT),
    f"POST {_DRAFTS}": (_SCOPE, _DRAFT),
    f"GET {_DRAFTS}": (_SCOPE, _LIST),
    f"GET {_ONE}": (_SCOPE, _LOOK),
    f"PUT {_ONE}": (_SCOPE, _REDRAFT),
    f"POST {_ONE}/withdrawal": (_SCOPE, _REDRAFT),
    f"POST {_ONE}/approval": (_SCOPE, _DECIDE),
    f"POST {_ONE}/rejection": (_SCOPE, _DECIDE),
    f"GET {_PROBLEMS}": (_SCOPE, _QUEUED),
    f"POST {_PROBLEMS}/{{problem_id}}/settlement": (_SCOPE, _SETTLE),
    f"GET {_ALIKE}": (_SCOPE, _QUEUED),
    f"POST {_ALIKE}/{{pair_id}}/settlement": (_SCOPE, _SETTLE),
}
STANDINGS = {
    operation: _DRAFTED
    for operation in TABLES
    if _PART in operation and not operation.startswith("GET ")
} | {"{problem_id}": ["queued", "settled"], "{pair_id}": ["queued", "settled"]}
