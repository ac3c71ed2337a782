"""A no with its reason."""


class NotAllowed(Exception):
    """Refused; str() is a sentence for the person who tried."""
