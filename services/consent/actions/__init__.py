"""The consent service's verbs: each one loads, decides and saves, in one transaction."""
