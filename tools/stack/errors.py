"""The one exception that a person is meant to read."""


class StackError(Exception):
    """Something failed in a way that the message explains, with what to do about it."""
