"""What several sources tell of one session (scans, the roll call, the signed sheet) is one attendance each. Pure."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from contracts.values import WorkerId
from evaluation.delivery.acts import Answer, Taken
from evaluation.delivery.session import SignIn

Judge = Callable[[Mapping[WorkerId, SignIn], SignIn], Answer]
"""What becomes of an act, when these people are signed in."""


@dataclass(frozen=True)
class Merged:
    """Each act's answer; those that count, and those of people who were signed in by another act."""

    answers: tuple[Answer, ...]
    taken: tuple[SignIn, ...]
    again: tuple[SignIn, ...]


def merged(signed: Mapping[WorkerId, SignIn], acts: Iterable[SignIn], judge: Judge) -> Merged:
    """The acts in this order. The first record of a worker counts, whatever tells it; the others are noted."""
    here = dict(signed)
    answers: list[Answer] = []
    taken: list[SignIn] = []
    again: list[SignIn] = []
    for act in acts:
        answer = judge(here, act)
        answers.append(answer)
        if answer.outcome is Taken.TAKEN:
            here[act.worker_id] = act
            taken.append(act)
        elif answer.outcome is Taken.ALREADY and here[act.worker_id].act_id != act.act_id:
            again.append(act)
    return Merged(tuple(answers), tuple(taken), tuple(again))
