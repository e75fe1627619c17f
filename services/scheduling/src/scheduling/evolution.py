"""What each fact that scheduling says does to its tables, when the tables have lost it."""

from contracts.scheduling import (
    SchemeApproved,
    SchemeConfirmed,
    SchemeDeclined,
    SchemeDrafted,
    SchemeEscalated,
    SchemeReminded,
    SchemeRevised,
    SchemeWithdrawn,
    SessionCancelled,
    SessionMoved,
    SessionScheduled,
    SessionUnplaced,
)
from scheduling.schemes import evolve as schemes
from servicekit.evolution import Evolution

evolution = Evolution("scheduling")

evolution.on(SchemeDrafted, SchemeRevised)(schemes.drafted)
evolution.on(SchemeApproved)(schemes.approved)
evolution.on(SchemeConfirmed)(schemes.confirmed)
evolution.on(SchemeDeclined)(schemes.declined)
evolution.on(SchemeReminded, SchemeEscalated)(schemes.reminded)
evolution.on(SchemeWithdrawn)(schemes.withdrawn)
evolution.on(SessionScheduled)(schemes.scheduled)
evolution.on(SessionMoved, SessionCancelled, SessionUnplaced)(schemes.changed)

evolution.cannot_bring_back(
    "plan", because="it only tells two plans apart: nothing is computed while the service is closed"
)
evolution.cannot_bring_back(
    "scheme.asked", "scheme.row_version",
    because="a draft that was asked for by hand is in no fact; whoever has a page open reads it again",
)  # fmt: skip
evolution.cannot_bring_back(
    "scheme_version.content",
    because="what a version says that was never in force is in no fact; one that waits to be signed is drafted anew",
)
evolution.cannot_bring_back(
    "scheme_version.cuts",
    because="which cuts were tried for a draft is in no fact: it only tells how the cohorts came about",
)
evolution.cannot_bring_back(
    "scheme_alternative",
    because="what could be taken instead of a draft is in no fact; it comes anew with the draft that is asked for",
)
evolution.cannot_bring_back(
    "scheme_change",
    because="what was changed by hand is in no fact, only the versions it made: what was done before is not taken back",
)
evolution.cannot_bring_back(
    "reasons_kept",
    because="how a choice stood beside the others is in no fact; the reasons that the fact itself carries remain",
)
evolution.cannot_bring_back(
    "signer_approver", "signer_deputy",
    because="who may sign is in no fact; who did sign is, with whose deputy: they are named anew",
)  # fmt: skip
evolution.cannot_bring_back(
    "scheme.changed_at", because="when a fact of others was taken is not known; it is when it was said"
)
evolution.cannot_bring_back(
    "plan_run", because="a run is a copy that is in no fact before it is adopted; it is asked for again"
)
