"""What is due, and how it is done until the desk has a page for it: the documented call of the service that decides.

`tests/contracts/test_portal_calls.py` compares every call with the services' own interface.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portal.boards.cards import OrderCard
from portal.web.text import Text

INTAKE, SCHEDULING, DISPATCH, EVALUATION, PORTAL = (
    "order-intake", "scheduling", "instructor-dispatch", "evaluation", "portal",
)  # fmt: skip


@dataclass(frozen=True)
class Call:
    """A step as a documented HTTP call; `step` is its key in the catalogue."""

    step: str
    service: str
    path: str
    method: str = "POST"


@dataclass(frozen=True)
class StepView:
    """A step in words, with its call."""

    text: str
    service: str
    call: str


ENTERPRISE = Call("enterprise", INTAKE, "/enterprises")
ENTERPRISE_CHANGES = Call("enterprise_changes", INTAKE, "/enterprises/{enterprise_id}", "PUT")
SURVEY = Call("survey", INTAKE, "/surveys")
ANSWER = Call("answer", INTAKE, "/surveys/{survey_id}/answers")
CLOSE_SURVEY = Call("close_survey", INTAKE, "/surveys/{survey_id}/close")
ONE_SURVEY = Call("one_survey", INTAKE, "/surveys/{survey_id}", "GET")
OWN_SURVEYS = Call("own_surveys", INTAKE, "/surveys/mine", "GET")
CORRECT_ANSWER = Call("correct_answer", INTAKE, "/surveys/{survey_id}/answers/{enterprise_id}", "PUT")
WITHDRAW_ANSWER = Call("withdraw_answer", INTAKE, "/surveys/{survey_id}/answers/{enterprise_id}/withdraw")
ANSWER_TO_ORDER = Call("answer_to_order", INTAKE, "/surveys/{survey_id}/answers/{enterprise_id}/order")
REMIND_SURVEY = Call("remind_survey", INTAKE, "/surveys/{survey_id}/remind")
LOOK_AT_PAPER = Call("look_at_paper", INTAKE, "/surveys/{survey_id}/paper/look")
TAKE_PAPER = Call("take_paper", INTAKE, "/surveys/{survey_id}/paper/take")
ACCEPT = Call("accept", INTAKE, "/orders/{order_id}/accept")
RETURN = Call("return", INTAKE, "/orders/{order_id}/return")
REJECT = Call("reject", INTAKE, "/orders/{order_id}/reject")
ORDER = Call("order", INTAKE, "/orders")
MEND = Call("mend", INTAKE, "/orders/{order_id}", "PUT")
ROSTER = Call("roster", INTAKE, "/orders/{order_id}/lines/{line}/roster")
LOOK_AT_ROSTER = Call("look_at_roster", INTAKE, "/orders/{order_id}/lines/{line}/roster/sheet")
LOOK_AT_ROWS = Call("look_at_rows", INTAKE, "/orders/{order_id}/lines/{line}/roster/look")
TAKE_ROWS = Call("take_rows", INTAKE, "/orders/{order_id}/lines/{line}/roster/take")
UNDO_ROSTER = Call("undo_roster", INTAKE, "/orders/{order_id}/lines/{line}/roster/undo")
SUBMIT = Call("submit", INTAKE, "/orders/{order_id}/submit")
DISCARD = Call("discard", INTAKE, "/orders/{order_id}/discard")
SAME_ROSTER = Call("same_roster", INTAKE, "/orders/{order_id}/lines/{line}/roster/same-as/{other}")
WITHDRAW = Call("withdraw", INTAKE, "/orders/{order_id}/withdraw")
AMEND = Call("amend", INTAKE, "/orders/{order_id}/amend")
CANCEL = Call("cancel_order", INTAKE, "/orders/{order_id}/cancel")
PROPOSALS = Call("proposals", INTAKE, "/pools/proposals", "GET")
POOL = Call("pool", INTAKE, "/pools")
WITHDRAW_POOL = Call("withdraw_pool", INTAKE, "/pools/{order_id}/withdraw")
CONSENT = Call("consent", INTAKE, "/orders/{order_id}/pool/consent")
LEAVE_POOL = Call("leave_pool", INTAKE, "/orders/{order_id}/pool/leave")
LOOK = Call("look", SCHEDULING, "/orders/{order_id}/scheme", "GET")
ALTERNATIVES = Call("alternatives", SCHEDULING, "/orders/{order_id}/scheme/alternatives", "GET")
TAKE_ALTERNATIVE = Call("take_alternative", SCHEDULING, "/orders/{order_id}/scheme/alternatives/{name}/take")
LOOK_AT_CHANGES = Call("look_at_changes", SCHEDULING, "/orders/{order_id}/scheme/changes/look")
CHANGE = Call("change_scheme", SCHEDULING, "/orders/{order_id}/scheme/changes")
UNDO = Call("undo_change", SCHEDULING, "/orders/{order_id}/scheme/undo")
DIFFERENCES = Call(
    "differences", SCHEDULING, "/orders/{order_id}/schemes/{version}/differences/{other}", "GET"
)
APPROVE = Call("approve", SCHEDULING, "/orders/{order_id}/scheme/approve")
CONFIRM = Call("confirm", SCHEDULING, "/orders/{order_id}/scheme/confirm")
DECLINE = Call("decline_scheme", SCHEDULING, "/orders/{order_id}/scheme/decline")
RETURNS = Call("returns", SCHEDULING, "/returns", "GET")
SIGNERS = Call("signers", SCHEDULING, "/signers", "GET")
NAME_SIGNER = Call("name_signer", SCHEDULING, "/signers")
DROP_SIGNER = Call("drop_signer", SCHEDULING, "/signers/drop")
DEPUTY = Call("deputy", SCHEDULING, "/deputies")
DROP_DEPUTY = Call("drop_deputy", SCHEDULING, "/deputies/drop")
REDRAFT = Call("redraft", SCHEDULING, "/orders/{order_id}/scheme/redraft")
MOVE = Call("move", SCHEDULING, "/orders/{order_id}/scheme/sessions/{session_id}/move")
DROP = Call("cancel_session", SCHEDULING, "/orders/{order_id}/scheme/sessions/{session_id}/cancel")
IMPROVE = Call("improve", SCHEDULING, "/federation/improvements")
WHAT_IF = Call("what_if", SCHEDULING, "/federation/scenarios")
RUNS = Call("runs", SCHEDULING, "/federation/{kind}", "GET")
RUN = Call("run", SCHEDULING, "/federation/{kind}/{run_id}", "GET")
STOP_RUN = Call("stop_run", SCHEDULING, "/federation/{kind}/{run_id}/stop")
ADOPT_RUN = Call("adopt_run", SCHEDULING, "/federation/{kind}/{run_id}/adopt")
DROP_RUN = Call("drop_run", SCHEDULING, "/federation/{kind}/{run_id}/drop")
COLLEGE = Call("college", DISPATCH, "/colleges")
AGREE = Call("agree", DISPATCH, "/colleges/{college_id}/agreements")
END_AGREEMENT = Call("end_agreement", DISPATCH, "/colleges/{college_id}/agreements/end")
SEND = Call("send", DISPATCH, "/instructors")
SENT_CHANGES = Call("sent_changes", DISPATCH, "/instructors/{person_id}", "PUT")
RETIRE = Call("retire", DISPATCH, "/instructors/{person_id}/retire")
TAKE_SEVERAL = Call("take_several", DISPATCH, "/offers/accept")
OFFERS = Call("offers", DISPATCH, "/offers", "GET")
BURDENS = Call("burdens", DISPATCH, "/burdens", "GET")
COULD_COME = Call("could_come", DISPATCH, "/offers/{assignment_id}/people", "GET")
TAKE = Call("take", DISPATCH, "/offers/{assignment_id}/accept")
TAKE_PLACE = Call("take_place", DISPATCH, "/offers/{assignment_id}/take")
NAME = Call("name", DISPATCH, "/offers/{assignment_id}/name")
CONFIRM_PERSON = Call("confirm_person", DISPATCH, "/offers/{assignment_id}/confirm")
SUBSTITUTE = Call("substitute", DISPATCH, "/offers/{assignment_id}/substitute")
REFUSE = Call("refuse", DISPATCH, "/offers/{assignment_id}/decline")
LOAD = Call("load", DISPATCH, "/load", "GET")
REFUSALS = Call("refusals", DISPATCH, "/refusals", "GET")
REASONS = Call("reasons", DISPATCH, "/refusals/reasons", "GET")
QUOTA = Call("quota", DISPATCH, "/quota", "GET")
GIVE_BACK = Call("give_back", DISPATCH, "/offers/{assignment_id}/withdraw")
AWAY = Call("away", DISPATCH, "/instructors/{person_id}/absences")
AWAY_SEEN = Call("away_seen", DISPATCH, "/instructors/{person_id}/absences/preview")
BACK = Call("back", DISPATCH, "/instructors/{person_id}/absences/end")
EXPIRING = Call("expiring", DISPATCH, "/expiring", "GET")
FAIRNESS = Call("fairness", DISPATCH, "/fairness", "GET")
WISHES = Call("wishes", DISPATCH, "/instructors/{person_id}/wishes", "PUT")
CALENDAR = Call("calendar", DISPATCH, "/instructors/{person_id}/calendars/{calendar}", "PUT")
CALENDAR_SEEN = Call("calendar_seen", DISPATCH, "/instructors/{person_id}/calendars/{calendar}/preview")
OVERRIDE = Call("override", DISPATCH, "/overrides")
OVERRIDE_ENDS = Call("override_ends", DISPATCH, "/overrides/{override_id}/withdraw")
OVERRIDES = Call("overrides", DISPATCH, "/overrides", "GET")
CATALOGUE = Call("catalogue", SCHEDULING, "/catalogue", "GET")
CHECK_CATALOGUE = Call("check_catalogue", SCHEDULING, "/catalogue/check")
ORDERS = Call("orders", INTAKE, "/orders", "GET")
SURVEYS = Call("surveys", INTAKE, "/surveys", "GET")
SENT = Call("sent", DISPATCH, "/instructors", "GET")
LESSONS = Call("lessons", EVALUATION, "/sessions?order_id={order_id}", "GET")
OWN_LESSONS = Call("lessons", EVALUATION, "/sessions", "GET")
PRESENT = Call("present", EVALUATION, "/sessions/{session_id}", "GET")
BATCHES = Call("batches", EVALUATION, "/orders/{order_id}/batches", "GET")
OWN_BATCHES = Call("batches", EVALUATION, "/batches", "GET")
CANDIDATES = Call("candidates", EVALUATION, "/batches/{batch_id}", "GET")
CERTIFICATES = Call("certificates", EVALUATION, "/certificates?order_id={order_id}", "GET")
DUTIES = Call("duties", DISPATCH, "/assignments", "GET")
OPEN = Call("open", EVALUATION, "/sessions/{session_id}/open")
SIGN_IN = Call("sign_in", EVALUATION, "/sessions/{session_id}/sign-in")
SIGN_OUT = Call("sign_out", EVALUATION, "/sessions/{session_id}/sign-out")
ARRIVE = Call("arrive", EVALUATION, "/sessions/{session_id}/arrival")
EXCUSE = Call("excuse", EVALUATION, "/sessions/{session_id}/excuses")
PRINT_SHEET = Call("print_sheet", EVALUATION, "/sessions/{session_id}/list/pdf")
LOOK_AT_SHEET = Call("look_at_sheet", EVALUATION, "/sessions/{session_id}/list/look")
SHEET_FILE = Call("sheet_file", EVALUATION, "/sessions/{session_id}/list/file")
ENTER_SHEET = Call("enter_sheet", EVALUATION, "/sessions/{session_id}/list")
ADD_PHOTO = Call("add_photo", EVALUATION, "/sessions/{session_id}/photos")
CLOSE = Call("close", EVALUATION, "/sessions/{session_id}/close")
HELD = Call("held", EVALUATION, "/sessions/{session_id}/confirm")
DISPUTE = Call("dispute", EVALUATION, "/sessions/{session_id}/dispute")
CORRECT = Call("correct", EVALUATION, "/sessions/{session_id}/attendance")
CONFIRM_CORRECTION = Call(
    "confirm_correction", EVALUATION, "/sessions/{session_id}/corrections/{correction_id}/confirm"
)
REFUSE_CORRECTION = Call(
    "refuse_correction", EVALUATION, "/sessions/{session_id}/corrections/{correction_id}/refuse"
)
CORRECTIONS = Call("corrections", EVALUATION, "/corrections", "GET")
PLAN = Call("plan", EVALUATION, "/orders/{order_id}/batches")
CALL = Call("call", DISPATCH, "/sessions/{session_id}/open-call")
CALL_FOR = Call("call_for", DISPATCH, "/batches/{batch_id}/open-call")
MOVE_BATCH = Call("move_batch", EVALUATION, "/batches/{batch_id}/move")
CANCEL_BATCH = Call("cancel_batch", EVALUATION, "/batches/{batch_id}/cancel")
MARKS = Call("marks", EVALUATION, "/batches/{batch_id}/marks")
SECOND = Call("second", EVALUATION, "/batches/{batch_id}/marks/confirm")
POST = Call("post", EVALUATION, "/batches/{batch_id}/post")
OBJECT = Call("object", EVALUATION, "/evaluations/{evaluation_id}/objections")
SETTLE = Call("settle", EVALUATION, "/evaluations/{evaluation_id}/objections/settle")
CLOSE_LINE = Call("close_line", INTAKE, "/orders/{order_id}/lines/{line}/close")
ISSUE = Call("issue", EVALUATION, "/batches/{batch_id}/certificates")
REVOKE = Call("revoke", EVALUATION, "/certificates/{certificate_id}/revoke")
FILE_CLAIM = Call("file_claim", EVALUATION, "/orders/{order_id}/claims")
ARRANGE = Call("arrange", EVALUATION, "/batches/{batch_id}/rooms")
EXCUSE_ABSENCE = Call("excuse_absence", EVALUATION, "/evaluations/{evaluation_id}/excuse")
NOTE_EVIDENCE = Call("note_evidence", EVALUATION, "/evaluations/{evaluation_id}/evidence")
REVEAL = Call("reveal", INTAKE, "/orders/{order_id}/people/{worker_id}/reveal")
FULL_ROSTER = Call("full_roster", INTAKE, "/orders/{order_id}/people/full")
WHAT_IF_SUBSIDY = Call("what_if_subsidy", EVALUATION, "/claims/what-if")
WITHDRAW_CLAIM = Call("withdraw_claim", EVALUATION, "/claims/{claim_id}/withdraw")
SETTLE_CLAIM = Call("settle_claim", EVALUATION, "/claims/{claim_id}/settle")
SUSPEND = Call("suspend", EVALUATION, "/certificates/{certificate_id}/suspend")
REINSTATE = Call("reinstate", EVALUATION, "/certificates/{certificate_id}/reinstate")
REISSUE = Call("reissue", EVALUATION, "/certificates/{certificate_id}/reissue")
RENEW = Call("renew", EVALUATION, "/certificates/{certificate_id}/renew")
ENTER_RANGE = Call("enter_range", EVALUATION, "/number-ranges")
PUT_NUMBERS_ASIDE = Call("put_numbers_aside", EVALUATION, "/number-ranges/{range_id}/void")
CLOSE_RANGE = Call("close_range", EVALUATION, "/number-ranges/{range_id}/close")
PRINT_ALL = Call("print_all", EVALUATION, "/orders/{order_id}/printing")
VOID = Call("void", EVALUATION, "/evaluations/{evaluation_id}/void")
FINDINGS = Call("findings", EVALUATION, "/findings", "GET")
ANSWER_FINDING = Call("answer_finding", EVALUATION, "/findings/{finding_id}/answer")
CLOSE_FINDING = Call("close_finding", EVALUATION, "/findings/{finding_id}/close")
FOLLOWUPS = Call("followups", EVALUATION, "/followups", "GET")
ANSWER_FOLLOWUPS = Call("answer_followups", EVALUATION, "/orders/{order_id}/followups/{months}")
REMIND_FOLLOWUPS = Call("remind_followups", EVALUATION, "/orders/{order_id}/followups/{months}/remind")
EXPORT_WORKER = Call("export_worker", INTAKE, "/workers/{worker_id}/export")
ERASE_WORKER = Call("erase_worker", INTAKE, "/workers/{worker_id}/erase")
ACCOUNT = Call("account", PORTAL, "/accounts")

ON: Mapping[str, tuple[Call, ...]] = {
    "accept": (ACCEPT, RETURN), "consent": (CONSENT, LEAVE_POOL), "mend": (MEND, SUBMIT),
    "approve": (LOOK, ALTERNATIVES, TAKE_ALTERNATIVE, LOOK_AT_CHANGES, CHANGE, UNDO, DIFFERENCES, APPROVE, DECLINE),
    "redraft": (CHANGE, REDRAFT), "confirm": (LOOK, DIFFERENCES, CONFIRM, DECLINE), "place": (MOVE, CHANGE, CALL, DROP),
    "batch_unstaffable": (CALL_FOR, MOVE_BATCH, CANCEL_BATCH), "missed": (MOVE, DROP), "left_open": (CLOSE,),
    "close_lines": (CLOSE_LINE,), "disputed": (CORRECT, CONFIRM_CORRECTION, REFUSE_CORRECTION), "objection": (SETTLE,),
    "answer": (OFFERS, TAKE, TAKE_PLACE, SUBSTITUTE, REFUSE), "name": (OFFERS, CONFIRM_PERSON, NAME, REFUSE),
    "confirm_sessions": (HELD, DISPUTE), "plan_batch": (PLAN,),
    "post": (POST,), "issue": (ISSUE,),
}  # fmt: skip
"""By what a card waits for."""
ON_PAGE: Mapping[str, str] = {
    "approve": "/orders/{order_id}/scheme", "redraft": "/orders/{order_id}/scheme",
    "mend": "/orders/{order_id}/edit", "confirm": "/orders/{order_id}/confirm", "confirm_sessions": "/sessions",
    "accept": "/orders/{order_id}/intake",
    "answer": "/offers", "name": "/offers",
    "place": "/orders/{order_id}/scheme/by-hand", "consent": "/orders/{order_id}/pool",
    "left_open": "/today", "missed": "/orders/{order_id}/scheme/by-hand",
    "plan_batch": "/evaluation/orders/{order_id}",
    **dict.fromkeys(("post", "issue", "objection", "batch_unstaffable"), "/evaluation"),
}  # fmt: skip
"""By what a card waits for: the page on which it is done."""
SHEET = (PRINT_SHEET, LOOK_AT_SHEET, SHEET_FILE, ENTER_SHEET)
OF_A_ROLE: Mapping[str, tuple[Call, ...]] = {
    "union": (
        ENTERPRISE, ENTERPRISE_CHANGES, COLLEGE, AGREE, END_AGREEMENT, SEND, SENT_CHANGES, AWAY_SEEN, AWAY, BACK,
        RETIRE, SENT, LOAD, QUOTA, REFUSALS,
        WISHES, CALENDAR_SEEN, CALENDAR, FAIRNESS, EXPIRING, OVERRIDE, OVERRIDE_ENDS, OVERRIDES,
        SURVEY, SURVEYS, ONE_SURVEY, ANSWER, CORRECT_ANSWER, ANSWER_TO_ORDER, REMIND_SURVEY, LOOK_AT_PAPER,
        TAKE_PAPER, CLOSE_SURVEY, CHECK_CATALOGUE, ORDERS, ACCEPT, RETURN, REJECT,
        PROPOSALS, POOL, WITHDRAW_POOL, LEAVE_POOL, LOOK, ALTERNATIVES,
        TAKE_ALTERNATIVE, MOVE, LOOK_AT_CHANGES, CHANGE, UNDO, DIFFERENCES,
        REDRAFT, APPROVE, DECLINE, RETURNS,
        SIGNERS, NAME_SIGNER, DROP_SIGNER, DEPUTY, DROP_DEPUTY, DROP, CALL, LESSONS, *SHEET, CLOSE, CORRECT,
        CORRECTIONS, CONFIRM_CORRECTION, REFUSE_CORRECTION, PLAN,
        BATCHES, CANDIDATES, CALL_FOR, MOVE_BATCH, CANCEL_BATCH, SECOND, POST, OBJECT, SETTLE, ISSUE, REVOKE,
        VOID, SUSPEND, REINSTATE, REISSUE, RENEW, PRINT_ALL, ENTER_RANGE,
        PUT_NUMBERS_ASIDE, CLOSE_RANGE, SETTLE_CLAIM, WHAT_IF_SUBSIDY, FINDINGS, ANSWER_FINDING, CLOSE_FINDING,
        ARRANGE, EXCUSE_ABSENCE, NOTE_EVIDENCE, FOLLOWUPS, REMIND_FOLLOWUPS, REVEAL, EXPORT_WORKER, ERASE_WORKER,
        CLOSE_LINE, CANCEL, IMPROVE, WHAT_IF, RUNS, RUN, STOP_RUN, ADOPT_RUN, DROP_RUN,
    ),
    "enterprise": (
        OWN_SURVEYS, ANSWER, CORRECT_ANSWER, WITHDRAW_ANSWER, ANSWER_TO_ORDER,
        CATALOGUE, ORDER, ORDERS, MEND, ROSTER, LOOK_AT_ROSTER, LOOK_AT_ROWS, TAKE_ROWS,
        UNDO_ROSTER, SAME_ROSTER, SUBMIT, DISCARD, WITHDRAW, FILE_CLAIM, WITHDRAW_CLAIM, FULL_ROSTER, ANSWER_FOLLOWUPS,
        REVEAL, EXPORT_WORKER,
        CONSENT, LEAVE_POOL, LOOK, DIFFERENCES, CONFIRM, DECLINE,
        SIGNERS, NAME_SIGNER, DROP_SIGNER, DEPUTY, DROP_DEPUTY, AMEND,
        CANCEL, LESSONS, EXCUSE, HELD, DISPUTE, CERTIFICATES, PRINT_ALL, OBJECT,
    ),
    "college": (
        SENT, SEND, SENT_CHANGES, RETIRE, OFFERS, BURDENS, COULD_COME,
        TAKE, TAKE_SEVERAL, TAKE_PLACE, CONFIRM_PERSON, NAME,
        SUBSTITUTE, REFUSE, REASONS, GIVE_BACK, AWAY_SEEN, AWAY, BACK, LOAD, QUOTA,
        REFUSALS,
        WISHES, CALENDAR_SEEN, CALENDAR, FAIRNESS, EXPIRING, OVERRIDES,
    ),
    "instructor": (
        DUTIES, OWN_LESSONS, PRESENT, OPEN, ARRIVE, SIGN_IN, SIGN_OUT, *SHEET, ADD_PHOTO, CLOSE, CORRECT,
        AWAY_SEEN, AWAY, WISHES, CALENDAR_SEEN, CALENDAR,
    ),
    "assessor": (DUTIES, OWN_BATCHES, CANDIDATES, MARKS, SECOND, AWAY_SEEN, AWAY, WISHES, CALENDAR_SEEN, CALENDAR),
    "administrator": (ACCOUNT, WHAT_IF_SUBSIDY, SIGNERS, DROP_SIGNER),
}  # fmt: skip


def due_on(card: OrderCard, home: str, text: Text) -> list[StepView]:
    """What the viewer's desk is waited for with, nothing when it is somebody else's turn."""
    calls = ON.get(card.wait, ()) if card.waits_for == home else ()
    return [_view(call, text, order_id=str(card.order_id)) for call in calls]


def page_of(card: OrderCard, home: str) -> str:
    """Where the viewer does what the card waits for; empty when it is not their turn or there is no such page."""
    place = ON_PAGE.get(card.wait, "") if card.waits_for == home else ""
    return place.replace("{order_id}", str(card.order_id))


def steps_of(roles: Iterable[str], text: Text) -> list[StepView]:
    """Everything that these roles do, in the order of an order's life."""
    calls = dict.fromkeys(call for role in OF_A_ROLE if role in set(roles) for call in OF_A_ROLE[role])
    return [_view(call, text) for call in calls]


def _view(call: Call, text: Text, **ids: str) -> StepView:
    path = call.path
    for name, value in ids.items():
        path = path.replace("{" + name + "}", value)
    return StepView(text(f"step.{call.step}"), call.service, f"{call.method} {path}")
