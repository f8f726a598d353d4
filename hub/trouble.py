"""What goes wrong at a command, told so that the reader knows what to do next."""


class Trouble(Exception):
    """Printed as it is, without a traceback: what is wrong, and what to do about it."""
