"""Why a service does not start, said to whoever starts it."""


class WrongStart(RuntimeError):  # noqa: N818  said to whoever starts the process
    """The service cannot be started like this; the message says why, and what to do."""
