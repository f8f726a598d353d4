"""The verbs of the directory service, one transaction each."""
