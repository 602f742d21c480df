"""The one exception whose text is meant for users."""


class UserError(Exception):
    """The input or the call is unusable; the text says what is wrong, where, and what to do."""
