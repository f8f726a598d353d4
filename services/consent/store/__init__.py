"""The consent service's only SQL. Sealing and opening happen here and nowhere else."""
