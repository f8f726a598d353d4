"""The search's index: what everybody may read, made of PostgreSQL and thrown away."""
