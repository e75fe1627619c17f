"""Why a college says no: the reasons are the programmes' data."""

from contracts.refusals import Invalid
from contracts.values import Reason, because
from instructor_dispatch.offers.rules import DECLINE
from staffing.rulebook import Rulebook


def reasons_known(book: Rulebook) -> dict[str, tuple[str, str]]:
    """Every reason of any programme, in its order, with what people read in zh and en."""
    return {
        code: (words.zh, words.en)
        for programme in book.programmes.programmes.values()
        for code, words in programme.decline_reasons.items()
    }


def in_own_words(book: Rulebook) -> frozenset[str]:
    """Reasons that say nothing alone."""
    return frozenset(
        code
        for programme in book.programmes.programmes.values()
        for code in programme.decline_in_own_words
    )  # fmt: skip


def declining(book: Rulebook, reason: str, words: str = "") -> Reason:
    """`own_lessons` -> `decline.own_lessons`.

    `decline.unknown_reason` when no programme knows it, `decline.says_nothing` when it needs words and has none.
    """
    known = reasons_known(book)
    if reason not in known:
        raise Invalid("decline.unknown_reason", field="reason", known=", ".join(sorted(known)))
    if reason in in_own_words(book) and not words.strip():
        raise Invalid("decline.says_nothing", field="words")
    return because(f"{DECLINE}{reason}")
