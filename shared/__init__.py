"""What every service of the hub stands on. It knows no service."""
