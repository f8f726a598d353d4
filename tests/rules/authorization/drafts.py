"""Who may write a referral over days: the referrers of one agency, and nobody else.

The draft that is looked at is the referring agency's, and is made by the referrer.
"""

_BEGIN = """
everywhere | referrer | 201
everywhere | nobody   | 400
everywhere | anybody  | 403
"""
_LIST = """
everywhere | referrer | 200
everywhere | nobody   | 400
everywhere | anybody  | 403
"""
_LOOK = """
referring  | referrer | 200
everywhere | referrer | 404
everywhere | nobody   | 400
everywhere | anybody  | 403
"""
_DISCARD = """
referring  | referrer | 204
everywhere | referrer | 404
everywhere | nobody   | 400
everywhere | anybody  | 403
"""
_SEND = """
referring  | referrer | 201
everywhere | referrer | 404
everywhere | nobody   | 400
everywhere | anybody  | 403
"""

_SCOPE = "referrals:write"

TABLES = {
    "POST /api/v1/drafts": (_SCOPE, _BEGIN),
    "GET /api/v1/drafts": (_SCOPE, _LIST),
    "GET /api/v1/drafts/{draft_id}": (_SCOPE, _LOOK),
    "GET /api/v1/drafts/by-code/{code}": (_SCOPE, _LOOK),
    "PUT /api/v1/drafts/{draft_id}": (_SCOPE, _LOOK),
    "DELETE /api/v1/drafts/{draft_id}": (_SCOPE, _DISCARD),
    "POST /api/v1/drafts/{draft_id}/submission": (_SCOPE, _SEND),
}
