"""What the directory hears."""

from shared import partners

HEARD = [*partners.HEARD]
"""Which agency takes part in whose hub, and which workers hold which role."""
