"""What the consent service hears."""

from shared import partners

HEARD = partners.HEARD
"""So that it knows which agency takes part in whose hub, and which workers hold which role."""
