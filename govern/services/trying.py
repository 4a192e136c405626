"""What may become of a try to send something: it is sent, it is not, or nobody wants it any more."""


class NotSent(Exception):  # noqa: N818 - an answer of the world outside, not a fault of ours
    """Says why, without an address and without what a server wrote."""


class NotWanted(NotSent):
    """The receiver says that it is gone for good."""
