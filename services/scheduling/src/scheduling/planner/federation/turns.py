"""The parts of a plan that a run goes through in turn: every region, then every qualification."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from contracts.values import SessionId
from scheduling.planner.federation.whole import Whole
from scheduling.planner.world import Session

Part = frozenset[SessionId]


def turns(whole: Whole) -> tuple[Part, ...]:
    """The free sessions of each region, then of each qualification that is needed; a plan of one part has one."""
    free = list(_free(whole))
    regions: dict[str, set[SessionId]] = defaultdict(set)
    qualifications: dict[str, set[SessionId]] = defaultdict(set)
    for session in free:
        regions[session.division].add(session.session_id)
        qualifications[session.needs.occupation].add(session.session_id)
    parts = [*_in_order(regions), *_in_order(qualifications)]
    return tuple(dict.fromkeys(parts))


def _free(whole: Whole) -> Iterator[Session]:
    known = (*(placed.session for placed in whole.world.sessions), *whole.waiting)
    return (session for session in known if session.session_id in whole.free)


def _in_order(parts: Mapping[str, set[SessionId]]) -> Iterator[Part]:
    return (frozenset(parts[code]) for code in sorted(parts))
