"""More of the union's and the public screens: a step further, with nothing in them, refused, with the services away."""

from screens import Screen

SCHEME = "/orders/{drafted}/scheme"
AWAY = {
    "away-scheme": Screen(SCHEME),
    "away-by-hand": Screen(f"{SCHEME}/by-hand"),
    "away-why": Screen("/orders/{order_id}/scheme/sessions/{session_id}"),
    "away-intake": Screen("/orders/{submitted}/intake", status=503),
    "away-today": Screen("/today"),
    "away-dispatch": Screen("/dispatch"),
    "away-fairness": Screen("/fairness"),
    "away-federation": Screen("/federation"),
    "away-pools": Screen("/pools"),
    "away-batch": Screen("/evaluation/batches/{batch_id}"),
    "away-certificates": Screen("/evaluation/orders/{certified}/certificates"),
    "away-surveys": Screen("/surveys"),
    "away-catalogue": Screen("/catalogue"),
    "away-status": Screen("/status", who="operator"),
}
"""The portal alone: nobody else answers."""

UNION = {
    "board-found": Screen("/board?q=永安"),
    "board-none": Screen("/board?q=没有这样的企业"),
    "board-watcher": Screen("/board", who="operator"),
    "issues-watcher": Screen("/issues", who="operator"),
    "intake-return": Screen(
        "/orders/{submitted}/intake", press="details.rs-more > summary", until="details[open]"
    ),
    "intake-refused": Screen(
        "/orders/{submitted}/intake",
        press=("details.rs-more > summary", "details.rs-more form button"),
        until="[role=alert]",
        status=422,
    ),
    "intake-taken": Screen("/orders/{order_id}/intake"),
    "scheme-none": Screen("/orders/{submitted}/scheme"),
    "scheme-give-back": Screen(SCHEME, press=".cb-back > summary", until=".cb-back[open]"),
    "scheme-give-back-refused": Screen(
        SCHEME, press=(".cb-back > summary", ".cb-back form button"), until="[role=alert]", status=409
    ),
    "scheme-drop": Screen(SCHEME, press=("[data-block]", "[data-act=d]"), until=".tl-looked"),
    "scheme-move": Screen(SCHEME, press=("[data-block]", "[data-act=m]"), until="details[open] #move-day"),
    "scheme-plans": Screen(f"{SCHEME}#ways"),
    "by-hand-looked": Screen(
        f"{SCHEME}/by-hand",
        press=("details.sc-lines:has([value=swap_times]) > summary", "details[open] form button"),
        until="#looked",
    ),
    "why-another-time": Screen(
        "/orders/{order_id}/scheme/sessions/{session_id}?day=2027-04-08&band=am&whom=演示"
    ),
    "story-all": Screen("/orders/{order_id}/story?all=1"),
    "story-certified": Screen("/orders/{certified}/story"),
    "story-then": Screen("/orders/{drafted}/story?at=2027-03-01T23:00"),
    "story-wrong": Screen("/orders/{order_id}/story?at=2020-01-01T08:00", status=422),
    "coverage-certified": Screen("/orders/{certified}/coverage"),
    "coverage-drafted": Screen("/orders/{drafted}/coverage"),
    "report-month": Screen("/report?first=2027-04-01&last=2027-04-30"),
    "report-empty": Screen("/report?first=2031-01-01&last=2031-12-31"),
    "report-wrong": Screen("/report?first=2027-05-02&last=2027-05-01", status=422),
    "report-onsite": Screen("/report/rows?what=onsite&by=county&of=350428"),
    "report-certificates": Screen("/report/rows?what=certificates"),
    "report-rows-empty": Screen("/report/rows?first=2031-01-01&last=2031-12-31"),
    "certificates-given": Screen("/evaluation/orders/{certified}/certificates"),
    "certificates-revoke": Screen(
        "/evaluation/orders/{certified}/certificates", press="a[href^='?of=']", until="#goes"
    ),
    "batch-completed": Screen("/evaluation/batches/{certified_batch}"),
    "survey-closing": Screen(
        "/surveys/{survey_open}", press="details.rs-more > summary", until="details[open]"
    ),
    "catalogue-found": Screen("/catalogue?q=PLC&level=L4"),
    "catalogue-none": Screen("/catalogue?q=没有这样的课"),
    "run-none": Screen("/federation/improvements/01900000-0000-7000-8000-00000000dead", status=404),
    "help-operator": Screen("/help", who="operator"),
    "check-wrong": Screen("/c?number=S12", who=""),
    "schedule-other": Screen("/schedule/no-such-programme", who="", status=404),
    "login-wrong": Screen("/login?back=/board", who="", press="form .bt.primary", until="#username:invalid"),
    "error-lost": Screen("/no-such-page", status=404),
    "error-order": Screen("/orders/2026-9999/story", status=404),
    "error-forbidden": Screen("/status", status=403),
    "error-visitor": Screen("/no-such-page", who="", status=404),
}
