"""The plan of one order as it lies before the coordinator, with all that stands around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from contracts.programme import Programme
from contracts.values import ClauseToSign, Hash, SessionId
from scheduling.planner.ledger import Ledger
from scheduling.planner.world import Draft, OrderToPlan
from scheduling.schemes import content, rules, signing
from scheduling.schemes.by_hand.diff import Diff, Line, lines_of
from scheduling.schemes.rules import Scheme, State
from staffing.rulebook import Rulebook


@dataclass(frozen=True)
class Desk:
    """What a change is asked of.

    The ledger has everything that stands or is proposed, this order's plan included; it is only copied.
    """

    draft: Draft
    """On a desk the newest version; in force, the version as its sessions stand on the timetable."""
    ledger: Ledger
    order: OrderToPlan
    state: State
    asked: frozenset[SessionId] = field(default_factory=frozenset)
    """Sessions that somebody is asked to come to."""
    firm: frozenset[SessionId] = field(default_factory=frozenset)
    """Sessions that somebody has promised to come to."""
    missed: frozenset[SessionId] = field(default_factory=frozenset)
    """Nobody opened them in time."""
    cancelled: frozenset[SessionId] = field(default_factory=frozenset)
    """Sessions of the order that will not be held at all."""
    signed: signing.Signed = ()
    """What the sides have signed, clause by clause."""
    hash: Hash | None = None
    """Of the newest version: whoever approved it before clauses were signed one by one has signed just that."""

    @cached_property
    def lines(self) -> Mapping[SessionId, Line]:
        """Its sessions."""
        return lines_of(self.draft)

    @property
    def book(self) -> Rulebook:
        """The rules."""
        return self.ledger.book

    @property
    def today(self) -> date:
        """The day on which it is asked."""
        return self.ledger.world.today

    @property
    def in_force(self) -> bool:
        """Whether the sessions stand on the timetable and nothing newer is proposed."""
        return self.state is State.CONFIRMED

    @property
    def programme(self) -> Programme:
        """The programme the order was placed under."""
        return self.book.programmes.programmes[self.order.programme]

    def to_sign(self, plan: Draft) -> tuple[ClauseToSign, ...]:
        """The clauses of a plan, with who would be asked for each."""
        scheme = Scheme(self.order.order_id, self.state, hash=self.hash, signed=self.signed)
        return rules.to_sign(scheme, plan, self.programme.signatures)

    @property
    def pace(self) -> int:
        """Most sessions of a cohort in a week."""
        return self.programme.sessions_per_week.value

    def after(self, diff: Diff) -> Ledger:
        """The whole plan with the diff in it."""
        ledger = self.ledger.copy()
        for step in diff:
            if step.before is not None and (placed := step.before.placed) is not None:
                ledger.remove(placed)
        for step in diff:
            if step.after is not None and (placed := step.after.placed) is not None:
                ledger.add(placed)
        return ledger

    def reckoned(self, draft: Draft) -> Draft:
        """The draft with its cost as its sessions stand."""
        return content.reckoned(draft, self.order.lines, self.order.enterprise, self.programme, self.book)
