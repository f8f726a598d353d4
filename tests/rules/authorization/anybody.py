"""What anybody may ask, without a token: the directory's feed and search, help for a family."""

_V3 = "/directory/v3"

OPERATIONS = frozenset(
    {
        f"GET {_V3}",
        f"GET {_V3}/services",
        f"POST {_V3}/services",
        f"GET {_V3}/services/{{id}}",
        f"GET {_V3}/service_at_locations",
        f"POST {_V3}/service_at_locations",
        f"GET {_V3}/service_at_locations/{{id}}",
        f"GET {_V3}/organizations",
        f"POST {_V3}/organizations",
        f"GET {_V3}/organizations/{{id}}",
        f"GET {_V3}/taxonomies",
        f"POST {_V3}/taxonomies",
        f"GET {_V3}/taxonomies/{{id}}",
        f"GET {_V3}/taxonomy_terms",
        f"POST {_V3}/taxonomy_terms",
        f"GET {_V3}/taxonomy_terms/{{id}}",
        "GET /api/v1/directory/search",
        "POST /api/v1/directory/search",
        "GET /api/v1/directory/suggestions",
        "GET /api/v1/directory/services/{id}/related",
        "GET /directory/v1/services",
        "GET /directory/v1/services/{id}",
    }
)
"""A POST of these asks in its body what the GET asks in its address; it changes nothing."""
SAYS = frozenset({"POST /api/v1/directory/problems"})
"""What anybody may say: it is taken down, and nothing of who says it."""

FAMILIES = frozenset(
    {
        "GET /api/v1/requests-for-help/forms",
        "GET /api/v1/requests-for-help/forms/{authority}",
        "POST /api/v1/requests-for-help",
    }
)
"""A family asks for help itself. No script of another page reads these answers."""
