"""The search's index: what everybody may read, in memory, made of PostgreSQL and thrown away at will."""
