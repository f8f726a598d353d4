"""What the referral service hears."""

from shared import partners

HEARD = partners.HEARD
"""So that the front door reads an agency's name and can ask it to take a family over, a worker can
be assigned, and only those are appointed who hold the role."""
