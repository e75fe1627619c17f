"""What an address may ask for by one of a few words: any other word means the usual."""

from typing import Any

from pydantic import ValidationError, ValidatorFunctionWrapHandler, WrapValidator


def usual(value: object) -> WrapValidator:
    """For the annotation of a query parameter: what it cannot be is read as `value`.

    An address is typed, cut and kept for years; a page answers it as well as it can. A form is checked strictly.
    """

    def read(given: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        try:
            return handler(given)
        except ValidationError:
            return value

    return WrapValidator(read)
