"""Unified social credit code (统一社会信用代码): 18 characters with two check characters.

1 registering authority, 2 class, 3-8 division of registration, 9-17 organisation code whose last is its own
check character, 18 check character. Codes of authorities N (rural collectives) and A (military) have letters
among the first eight, which common validators refuse; so both checks are done here, as GB 32100 and
GB 11714 say.
"""

from contracts.refusals import Invalid

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""31 characters: no I, O, S, V, Z."""
LENGTH = 18
AUTHORITIES = frozenset("123456789ANY")
INNER_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def check(code: str, *, field: str = "credit_code") -> None:
    """Refuse a code that cannot be one: length, characters, authority, inner and outer check character."""
    if len(code) != LENGTH:
        raise Invalid("credit_code.length", field=field, length=len(code))
    for at, character in enumerate(code, start=1):
        if character not in ALPHABET:
            raise Invalid("credit_code.character", field=field, position=at)
    if code[0] not in AUTHORITIES:
        raise Invalid("credit_code.authority", field=field, authority=code[0])
    if not code[2:8].isdecimal():
        raise Invalid("credit_code.division", field=field)
    if inner_check(code[8:16]) != code[16]:
        raise Invalid("credit_code.organisation_check", field=field)
    if outer_check(code[:17]) != code[17]:
        raise Invalid("credit_code.check", field=field)


def inner_check(organisation: str) -> str:
    """Check character of the first eight characters of an organisation code; 10 is X, 11 is 0."""
    total = sum(
        weight * INNER_ALPHABET.index(character)
        for weight, character in zip(INNER_WEIGHTS, organisation, strict=True)
    )
    return "0123456789X0"[11 - total % 11]


def outer_check(code: str) -> str:
    """Check character of the first seventeen characters."""
    total = sum(pow(3, at, 31) * ALPHABET.index(character) for at, character in enumerate(code))
    return ALPHABET[(31 - total % 31) % 31]
