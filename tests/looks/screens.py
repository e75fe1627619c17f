"""The screens that are looked at: where, as whom, and what is pressed first."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Screen:
    """`path` names ids of the story; `press` is clicked, `until` is waited for."""

    path: str
    who: str = "smftu"
    press: str | tuple[str, ...] = ""
    until: str = "main"
    file: str = ""
    """A file that is chosen before."""
    status: int = 200
    """With which it answers."""


SCREENS = {
    "board": Screen("/board"),
    "scheme": Screen("/orders/{drafted}/scheme"),
    "scheme-session": Screen("/orders/{drafted}/scheme", press="[data-block].changed", until=".tl-side"),
    "issues": Screen("/issues"),
    "today": Screen("/today"),
    "report": Screen("/report"),
    "report-rows": Screen("/report/rows?by=county&of=350428"),
    "report-heads": Screen("/report/rows?what=heads"),
    "board-map": Screen("/board?view=map"),
    "fairness": Screen("/fairness"),
    "paper": Screen("/sheets/{session_id}", who="teacher"),
    "help": Screen("/help"),
    "check": Screen("/c", who=""),
    "evaluation": Screen("/evaluation"),
    "evaluation-batch": Screen("/evaluation/batches/{batch_id}"),
    "evaluation-plan": Screen("/evaluation/orders/{evaluated}"),
    "certificates": Screen("/evaluation/orders/{evaluated}/certificates"),
    "scheme-confirmed": Screen("/orders/{order_id}/scheme"),
    "scheme-why": Screen("/orders/{order_id}/scheme/sessions/{session_id}"),
    "enterprise-drafts": Screen("/orders/drafts", who="jinniu"),
    "enterprise-draft-end": Screen("/orders/{draft}/end", who="jinniu"),
    "enterprise-order": Screen("/orders/{order_id}/edit", who="jinniu"),
    "enterprise-confirm": Screen("/orders/{order_id}/confirm", who="jinniu"),
    "catalogue": Screen("/catalogue"),
    "catalogue-programmes": Screen("/catalogue/programmes"),
    "survey-paper": Screen(
        "/surveys/{survey_open}", file="{paper}", press="form[action$=paper] button", until=".rs-sum"
    ),
    "catalogue-wrong": Screen(
        "/catalogue", file="{catalogue_wrong}", press="form[action$=check] button", until="[role=alert]"
    ),
    "catalogue-check": Screen(
        "/catalogue", file="{catalogue_changed}", press="form[action$=check] button", until=".rs-sum"
    ),
    "schedule": Screen("/schedule/send-teachers-home", who=""),
    "status": Screen("/status", who="operator"),
    "surveys": Screen("/surveys"),
    "survey-round": Screen("/surveys/{survey_open}"),
    "survey-own": Screen("/survey", who="jinniu"),
    "survey-form": Screen("/survey/{survey_open}", who="jinniu"),
    "survey-answered": Screen("/survey/{survey_answered}", who="jinniu"),
    "board-table": Screen("/board?view=table"),
    "intake": Screen("/orders/{submitted}/intake"),
    "scheme-by-hand": Screen("/orders/{drafted}/scheme/by-hand"),
    "scheme-free-days": Screen(
        "/orders/{drafted}/scheme/by-hand",
        press=("#free summary", "#free form button"),
        until="#free[open] h3",
    ),
    "story": Screen("/orders/{order_id}/story"),
    "coverage": Screen("/orders/{order_id}/coverage"),
    "federation": Screen("/federation"),
    "dispatch": Screen("/dispatch"),
    "ill": Screen("/dispatch/ill?person={person_id}"),
    "pools": Screen("/pools"),
    "deputies": Screen("/deputies"),
    "people": Screen("/people", "operator"),
    "account": Screen("/account"),
    "enterprise-board": Screen("/board", "jinniu"),
    "order-new": Screen("/orders/new", "jinniu"),
    "order-draft": Screen("/orders/{draft}/edit", "jinniu"),
    "order-ends": Screen("/orders/{order_id}/end", "jinniu"),
    "roster": Screen("/orders/{draft}/lines/1/roster", "jinniu"),
    "order-people": Screen("/orders/{order_id}/people", "jinniu"),
    "confirm": Screen("/orders/{approved}/confirm", "jinniu"),
    "held": Screen("/sessions", "jinniu"),
    "enterprise-certificates": Screen("/certificates", "jinniu"),
    "subsidies": Screen("/subsidies", "jinniu"),
    "subsidies-union": Screen("/subsidies"),
    "subsidy": Screen("/orders/{certified}/subsidy", "jinniu"),
    "subsidy-settles": Screen("/orders/{certified}/subsidy"),
    "subsidy-waits": Screen("/orders/{order_id}/subsidy", "jinniu"),
    "college-board": Screen("/board", "smtc"),
    "offers": Screen("/offers", "smtc"),
    "offers-others": Screen("/offers", "smtc", press="[data-row]", until=".of-panel .of-one"),
    "offers-decline": Screen("/offers", "smtc", press=".of-no", until=".of-panel .of-why"),
    "offers-promised": Screen("/offers?view=firm", "smtc"),
    "instructors": Screen("/instructors", "smtc"),
    "instructor-new": Screen("/instructors/new", "smtc"),
    "instructor": Screen("/instructors/{person_id}", "smtc"),
    "timetable": Screen("/timetable", "smtc"),
    "timetable-person": Screen("/timetable/{person_id}", "smtc"),
    "fairness-why": Screen("/fairness/why/{person_id}", "smtc"),
    "my-week": Screen("/my/week", "teacher"),
    "my-session": Screen("/my/sessions/{session_id}", "teacher"),
    "my-batches": Screen("/my/batches", "teacher"),
    "check-valid": Screen("/c/{certificate}", who=""),
    "check-unknown": Screen("/c/S000000000000000000000", who="", status=404),
    "login": Screen("/login", who=""),
    "parts": Screen("/parts"),
}
