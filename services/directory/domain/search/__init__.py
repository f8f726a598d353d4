"""The search: what is asked, what a service is found by, and why it stands where it stands."""
