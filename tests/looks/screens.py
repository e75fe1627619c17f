"""The screens that are looked at: where, as whom, and what is pressed first."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Screen:
    """`path` names ids of the story; `press` is clicked, `until` is waited for."""

    path: str
    who: str = "smftu"
    press: str = ""
    until: str = "main"


SCREENS = {
    "board": Screen("/board"),
    "scheme": Screen("/orders/{drafted}/scheme"),
    "scheme-session": Screen("/orders/{drafted}/scheme", press="[data-block].changed", until=".tl-side"),
    "issues": Screen("/issues"),
    "today": Screen("/today"),
    "report": Screen("/report"),
    "report-rows": Screen("/report/rows?by=county&of=350428"),
    "help": Screen("/help"),
    "check": Screen("/c", who=""),
    "evaluation": Screen("/evaluation"),
    "evaluation-batch": Screen("/evaluation/batches/{batch_id}"),
    "evaluation-plan": Screen("/evaluation/orders/{evaluated}"),
    "certificates": Screen("/evaluation/orders/{evaluated}/certificates"),
    "scheme-confirmed": Screen("/orders/{order_id}/scheme"),
    "catalogue": Screen("/catalogue"),
    "catalogue-programmes": Screen("/catalogue/programmes"),
    "status": Screen("/status", who="operator"),
    "surveys": Screen("/surveys"),
    "survey-round": Screen("/surveys/{survey_open}"),
    "survey-own": Screen("/survey", who="jinniu"),
    "survey-form": Screen("/survey/{survey_open}", who="jinniu"),
    "survey-answered": Screen("/survey/{survey_answered}", who="jinniu"),
}
