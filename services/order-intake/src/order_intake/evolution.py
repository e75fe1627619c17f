"""What each fact that order-intake says does to its tables, when the tables have lost it."""

from contracts.order_intake import (
    EnterpriseChanged,
    EnterpriseRegistered,
    OrderAccepted,
    OrderAmended,
    OrderCancelled,
    OrderFulfilled,
    OrderLineClosed,
    OrderPoolAsked,
    OrderPoolConsented,
    OrderPoolDeclined,
    OrderPooled,
    OrderPoolLeft,
    OrderPoolProposed,
    OrderPoolWithdrawn,
    OrderRejected,
    OrderReturned,
    OrderStarted,
    OrderSubmitted,
    OrderWithdrawn,
    RosterDisclosed,
    RosterRevealed,
    SurveyAnswered,
    SurveyClosed,
    SurveyCorrected,
    SurveyOpened,
    SurveyReminded,
    SurveyWithdrawn,
)
from contracts.workers import WorkerErased, WorkerExported
from order_intake.enterprises import evolve as enterprises
from order_intake.orders import evolve as orders
from order_intake.orders.ended import ROSTER_ENDS
from order_intake.pools import evolve as pools
from order_intake.rosters import persons
from order_intake.surveys import evolve as surveys
from servicekit.evolution import Evolution

evolution = Evolution("order-intake")

evolution.on(EnterpriseRegistered)(enterprises.registered)
evolution.on(EnterpriseChanged)(enterprises.changed)

evolution.on(SurveyOpened)(surveys.opened)
evolution.on(SurveyAnswered)(surveys.answered)
evolution.on(SurveyCorrected)(surveys.corrected)
evolution.on(SurveyWithdrawn)(surveys.withdrawn)
evolution.on(SurveyReminded)(surveys.reminded)
evolution.on(SurveyClosed)(surveys.closed)

evolution.on(OrderSubmitted)(orders.submitted)
evolution.on(OrderPoolProposed)(orders.proposed)
evolution.on(
    OrderReturned, OrderRejected, OrderAccepted, OrderAmended, OrderWithdrawn, OrderCancelled, OrderStarted,
    OrderLineClosed, OrderFulfilled, OrderPoolWithdrawn, OrderPoolAsked, OrderPoolConsented, OrderPoolDeclined,
    OrderPoolLeft,
)(orders.changed)  # fmt: skip
evolution.on(OrderPooled)(pools.pooled)
evolution.on(WorkerErased)(persons.erased)
evolution.nothing_for(WorkerExported, because="it says that data were given out, and changes none")
evolution.nothing_for(
    RosterDisclosed,
    because="it counts people and does not name them; they are disclosed again when asked for",
)
evolution.nothing_for(RosterRevealed, because="who has looked at a number changes nothing here")

evolution.cannot_bring_back(
    "roster_person", because="names, numbers and birth dates are in no fact: the rosters are given again"
)
evolution.cannot_bring_back(
    f"due.{ROSTER_ENDS}",
    because="where no roster was brought back there is none to end; new ends are set with the fact",
)
evolution.cannot_bring_back(
    "removal", because="what was removed last is told to whoever looks, and decides nothing"
)
evolution.cannot_bring_back(
    "disclosure", because="whom a disclosure named is in no fact: it is said again at the next asking"
)
evolution.cannot_bring_back("due.note.ends", because="where there are no words there is no end of them")
evolution.cannot_bring_back("training_order.note", because="free words are in no fact: they are gone")
evolution.cannot_bring_back(
    "training_order.draft", "training_order.version", "training_order.changed_at", "order_number.last",
    "survey_answer.order_id",
    because="what lay on a desk and was not asked for is in no fact: it is drafted again, under another number",
)  # fmt: skip
