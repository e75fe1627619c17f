"""More screens of enterprises, colleges and those who are sent: a step further, empty, refused, services away."""

from screens import Screen

SIDES = {
    "e-board": Screen("/board", "hr"),
    "e-board-table": Screen("/board?view=table", "hr"),
    "e-board-empty": Screen("/board", "newworks"),
    "e-confirm": Screen("/orders/{to_confirm}/confirm", "hr"),
    "e-confirm-decline": Screen(
        "/orders/{to_confirm}/confirm", "hr", press="details.rs-more > summary", until="details[open]"
    ),
    "e-confirm-refused": Screen(
        "/orders/{to_confirm}/confirm",
        "hr",
        press=("details.rs-more > summary", "details.rs-more button"),
        until="[role=alert]",
        status=422,
    ),
    "e-new-refused": Screen("/orders/new", "hr", press=".cb .primary", until="[role=alert]", status=422),
    "e-draft-two": Screen("/orders/{two}/edit", "hr"),
    "e-draft-refused": Screen(
        "/orders/{two}/edit", "hr", press=".cb .primary", until="[role=alert]", status=422
    ),
    "e-returned": Screen("/orders/{returned}/edit", "hr"),
    "e-submitted": Screen("/orders/{submitted_mine}/edit", "hr"),
    "e-withdraw": Screen("/orders/{submitted_mine}/end", "hr"),
    "e-story": Screen("/orders/{order_id}/story", "hr"),
    "e-roster-two": Screen("/orders/{two}/lines/2/roster", "hr"),
    "e-roster-looked": Screen(
        "/orders/{two}/lines/2/roster",
        "hr",
        file="{roster_mixed}",
        press=".rs-send .primary",
        until=".rs-sum",
    ),
    "e-roster-wrong": Screen(
        "/orders/{two}/lines/2/roster",
        "hr",
        file="{roster_wrong}",
        press=".rs-send .primary",
        until="[role=alert]",
        status=422,
    ),
    "e-held-dispute": Screen("/sessions", "hr", press="details.rs-more > summary", until="details[open]"),
    "e-held-done": Screen("/sessions?done=2", "hr"),
    "e-held-empty": Screen("/sessions", "newworks"),
    "e-subsidies-empty": Screen("/subsidies", "newworks"),
    "e-certificates-empty": Screen("/certificates", "newworks"),
    "e-drafts": Screen("/orders/drafts", "hr"),
    "e-drafts-empty": Screen("/orders/drafts", "newworks"),
    "e-survey": Screen("/survey", "hr"),
    "e-survey-empty": Screen("/survey", "newworks"),
    "e-survey-refused": Screen(
        "/survey/{survey_open}", "hr", press=".su-form .bt.wide", until="[role=alert]", status=422
    ),
    "c-board": Screen("/board", "office"),
    "c-board-empty": Screen("/board", "emptycollege"),
    "c-offers": Screen("/offers", "office"),
    "c-offers-empty": Screen("/offers", "emptycollege"),
    "c-offers-no-reason": Screen(
        "/offers", "office", press=("a.of-no", ".of-panel button.danger"), until="[role=alert]", status=422
    ),
    "c-offers-other": Screen(
        "/offers", "office", press=("a.of-no", ".of-why [data-words]"), until=".of-words textarea"
    ),
    "c-promised-no": Screen("/offers?view=firm", "office", press="a.of-no", until=".of-why"),
    "c-promised-empty": Screen("/offers?view=firm", "emptycollege"),
    "c-people-empty": Screen("/instructors", "emptycollege"),
    "c-timetable": Screen("/timetable?week={week_taught}", "office"),
    "c-timetable-empty": Screen("/timetable", "emptycollege"),
    "c-time-off": Screen(
        "/timetable/{lead}?starts=2027-05-01T08:00&ends=2027-06-30T18:00&why=illness&place=", "office"
    ),
    "c-fairness": Screen("/fairness", "office"),
    "c-why-none": Screen("/fairness/why/{person_id}", "office"),
    "i-week": Screen("/my/week", "lead"),
    "i-open": Screen("/my/sessions/{open_session}", "lead"),
    "i-close-refused": Screen(
        "/my/sessions/{open_session}",
        "lead",
        press=(*(f"[name={tap}][value=good]" for tap in ("plan", "class", "place")), "#close .ph-big"),
        until='[data-end]:has-text("20:40")',
    ),
    "i-paper": Screen("/sheets/{open_session}", "lead"),
    "i-notices": Screen("/notices", "lead"),
    "a-batches": Screen("/my/batches", "assessor1"),
    "a-batch": Screen("/my/batches/{marking}", "assessor1"),
    "a-marks": Screen("/my/batches/{marking}/marks", "assessor1"),
    "a-empty": Screen("/my/batches", "teacher"),
    "n-hr": Screen("/notices", "hr"),
    "n-office": Screen("/notices", "office"),
    "n-empty": Screen("/notices", "newworks"),
    "n-leaving": Screen("/notices/leaving"),
    "p-people": Screen("/people", "hr"),
    "p-people-remove": Screen("/people", "hr", press="td details summary", until="details[open]"),
    "p-people-forbidden": Screen("/people", "jinniu", status=403),
    "p-deputies": Screen("/deputies", "hr"),
    "p-account": Screen("/account", "hr"),
    "p-account-calendar": Screen(
        "/account", "hr", press="form[action^='/account/calendar'] button", until="#link"
    ),
    "p-account-phone": Screen("/account", "lead"),
    "p-invited": Screen("/invited/{invitation}", who=""),
    "p-invited-over": Screen("/invited/no-such-link", who="", status=404),
    "p-help": Screen("/help", "hr"),
    "p-help-office": Screen("/help", "office"),
    "w-code-over": Screen("/s/no-such-code", who="", status=409),
    "w-anew": Screen("/s", who=""),
}
SIDES_AWAY = {
    "away-e-board": Screen("/board", "hr"),
    "away-e-new": Screen("/orders/new", "hr"),
    "away-e-confirm": Screen("/orders/{to_confirm}/confirm", "hr"),
    "away-e-held": Screen("/sessions", "hr"),
    "away-e-survey": Screen("/survey", "hr"),
    "away-c-offers": Screen("/offers", "office"),
    "away-c-people": Screen("/instructors", "office"),
    "away-c-timetable": Screen("/timetable", "office"),
    "away-p-deputies": Screen("/deputies", "hr"),
    "away-i-week": Screen("/my/week", "lead"),
    "away-i-open": Screen("/my/sessions/{open_session}", "lead", status=503),
    "away-a-batches": Screen("/my/batches", "assessor1"),
    "away-w": Screen("/s/no-such-code", who="", status=409),
}
"""The portal alone: nobody else answers."""
