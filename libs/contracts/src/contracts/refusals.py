"""A rule said no.

    Refused                 kind        HTTP
    ├── NotFound            what is asked for does not exist, or not for you      404
    ├── NotAllowed          who asks may not                                      403
    ├── Conflict            the world moved on, or somebody else holds it         409
    └── Invalid             what was asked cannot be meant                        422

`Refused` itself is a rule of the trade that does not hold now (409). The code names the rule
(`order.not_submitted`); its sentence in both languages stands in `contracts/refusals/<room>.yaml`.
"""

from typing import Any


class Refused(Exception):  # noqa: N818  it is an answer, not an error
    """A rule said no. `code` names the rule, `parameters` its figures, `field` where in the request."""

    status = 409

    def __init__(self, code: str, *, field: str | None = None, **parameters: Any) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.parameters = parameters

    def __str__(self) -> str:
        figures = ", ".join(f"{key}={value}" for key, value in self.parameters.items())
        return f"{self.code}({figures})" if figures else self.code


class NotFound(Refused):
    """What is asked for does not exist, or not for the one who asks."""

    status = 404


class NotAllowed(Refused):
    """The one who asks may not do this."""

    status = 403


class Conflict(Refused):
    """The world moved on meanwhile, or somebody else holds it."""

    status = 409


class Invalid(Refused):
    """What was asked cannot be meant: a wrong code, an impossible date, a missing figure."""

    status = 422
