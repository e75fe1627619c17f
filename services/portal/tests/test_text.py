"""The catalogue: both languages, no key missing or unused, no text in a template that is not in it."""

import ast
import re
import string
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
import yaml

import portal
from contracts import programme
from contracts.base import all_facts
from contracts.programme_notices import Kind
from contracts.sentences import all_sentences
from contracts.values import Clause, Signer
from portal.boards.cards import Desk
from portal.desks.coverage.clauses import Status
from portal.desks.union.due import OF_A_ROLE, ON
from portal.notices.post import STATES
from portal.web.text import FOLDER, Text, catalogue, language_wanted
from servicekit import tokens
from staffing import can

pytestmark = pytest.mark.rules
PACKAGE = Path(portal.__file__).parent
TEMPLATES = sorted((PACKAGE / "web" / "templates").glob("*.html"))
FROM_DATA = ("fact.", "reason.", "service.", "purpose.", "role.", "service_line.", "month.", "weekday.", "wait.",
             "of.done.", "rs.field.", "rs.sample.", "rs.state.",
             "stage.", "lane.", "tag.", "part.", "clock.", "check.", "login.", "report.", "error.", "mine.",
             "time.", "step.", "session_state.", "board.part.", "board.empty_",
             "offer_state.", "batch_state.", "scheme_state.", "order_state.", "then.content_", "plan.way.",
             "plan.missing_", "hand.effect.", "hand.clause.", "hand.way.", "hand.swap_", "hand.done.",
             "coverage.status.", "coverage.unit.", "pool.answer.", "run_state.", "runs.act.", "runs.act_on.",
             "runs.change.", "runs.how.", "runs.kind.", "runs.none.", "story.from_run.", "story.evaluation_only.",
             "clause.", "cut.way.",
             "shift.", "week.change.", "evaluation.is.", "evaluation.group.", "batch_is.",
             "eligible.", "rooms.need.", "due.said.",
             "certificates.act.", "certificates.do.", "certificates.goes.", "certificates.is.", "certificates.then.",
             "catalogue.mode.", "catalogue.source.", "catalogue.figure.", "catalogue.unit.", "catalogue.place.",
             "schedule.kind.", "status.is.", "status.why.", "status.done.",
             "survey.is.", "survey.own.", "survey.act.", "survey.done.", "survey.row.", "survey.column.",
             "finding.kind.", "finding.is.", "finding.asked.", "finding.none_", "finding.column.",
             "attendance.is.", "attendance.correction.", "attendance.guest.", "confirmed_by.",
             "today.is.", "issue.is.", "issue.what.", "issue.of.",
             "offers.done.", "offers.view_", "offers.column.", "instructors.done.", "instructors.head.",
             "instructors.field.", "instructors.column.", "rota.why.", "rota.done.", "watch.column.",
             "my.report.", "my.way.", "my.marks.", "notice.kind.", "notice.choice.", "leaving.state.", "mail.link.",
             "signed.is.", "signed.column.",
             "rota.sheet.", "subsidy.done.", "subsidy.is.", "subsidy.who.", "subsidy.missing.",
             "kind_of.",
             "aftercare.is.", "aftercare.by.", "aftercare.column.", "aftercare.done.", "answer.score.",
             "personal.owner.", "personal.part.", "personal.said.", "personal.field.", "personal.class.",
             "personal.told.", "personal.file.", "personal.none.", "personal.data.", "personal.since.",
             "personal.next.")  # fmt: skip
"""Families whose last word comes from data; the tests below look at each."""
ZONE = ZoneInfo("Asia/Shanghai")


def entries(language: str) -> dict[str, list[str]]:
    return {
        key: list(entry.values()) if isinstance(entry, dict) else [entry]
        for key, entry in catalogue(language).items()
    }


def fields_of(texts: list[str]) -> set[str]:
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def named_in_source() -> set[str]:
    """Every key written out in code and templates."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    for path in TEMPLATES:
        found |= set(re.findall(r'"([a-z_.0-9]+)"', path.read_text(encoding="utf-8")))
    return found


class TestCatalogue:
    def test_both_languages_have_the_same_keys_and_figures(self):
        zh, en = entries("zh"), entries("en")
        assert zh.keys() == en.keys()
        assert {key for key in zh if fields_of(zh[key]) != fields_of(en[key])} == set()

    def test_no_key_stands_twice(self):
        for language in ("zh", "en"):
            files = sorted((FOLDER / language).glob("*.yaml"))
            lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
            keys = [line.split(":")[0] for line in lines if line and not line.startswith("#")]
            assert len(keys) == len(set(keys))
            assert len(catalogue(language)) == len(yaml.safe_load("\n".join(lines))) == len(keys)

    def test_every_key_that_code_names_is_there(self):
        used = set()
        for path in TEMPLATES:
            used |= set(re.findall(r'\bt\("([a-z_.0-9]+)"', path.read_text(encoding="utf-8")))
        for path in PACKAGE.rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            used |= set(re.findall(r'\btext\(\s*"([a-z_.0-9]+)"', source))
        used = {key for key in used if not key.endswith(".")}
        assert used - catalogue("zh").keys() == set()

    def test_every_key_is_used(self):
        named = named_in_source()
        unused = {key for key in catalogue("zh") if key not in named and not key.startswith(FROM_DATA)}
        assert unused == set()

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_every_role_that_an_account_can_hold_has_a_word(self, language):
        """An account made from the command line may hold any of them, and stands on the page of its people."""
        assert {role for role in tokens.ROLES if f"role.{role}" not in catalogue(language)} == set()

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_every_rule_about_who_can_come_has_a_word_without_figures(self, language):
        """Where several people are barred by one rule, each has figures of their own and the rule none."""
        codes = re.findall(r'"([a-z_]+\.[a-z_]+)"', Path(can.__file__).read_text(encoding="utf-8"))
        texts = entries(language)
        assert len(codes) > 10
        assert {code for code in codes if f"reason.{code}" not in texts} == set()
        assert {code for code in codes if fields_of(texts[f"reason.{code}"])} == set()

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_every_reason_about_a_session_that_was_held_has_words(self, language):
        rules = programme.load(Path(__file__).parents[3] / "programmes").rules.delivery
        codes = {*rules.disputes.value, *rules.corrections.value, *rules.corrections_refused.value}
        assert {code for code in codes if f"reason.{code}" not in entries(language)} == set()

    def test_no_template_holds_text_of_its_own(self):
        for path in TEMPLATES:
            source = path.read_text(encoding="utf-8")
            source = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.DOTALL)
            shown = re.sub(r"<[^>]*>", " ", source)
            assert re.findall(r"[^\W\d_]{2,}", shown) == [], path.name
            told = re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', source)
            assert [word for word in told if word.strip()] == [], path.name

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_one_thing_is_called_by_one_word(self, language):
        """Money by yuan and 元, a band by its name; a key stands on its button only, and not on phones."""
        others = re.compile(r"¥|\btimes? of day\b|\b[A-Z] key\b|[A-Z] 键", re.IGNORECASE)
        said = entries(language) | {code: (told[language],) for code, told in all_sentences().items()}
        assert [key for key, texts in said.items() if others.search("".join(texts))] == []

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_what_the_union_entered_is_not_said_to_be_of_a_visit(self, language):
        """It may be from a seminar or a form on paper."""
        told = catalogue(language)["survey.noted"], all_sentences()["survey.noted_by_union"][language]
        assert [said for said in told if re.search("走访|visit", said)] == []
        assert [said for said in told if re.search("由工会录入|The union entered", said)] == list(told)

    def test_chinese_has_its_own_punctuation_between_its_words(self):
        han = "\u4e00-\u9fff"
        wrong = re.compile(rf"[{han}”）}}]\s?[,;:!?]|[,;:!?(]\s?[{han}]|[{han}]\s?\(|[{han}]\)|}}\s?\(")
        assert [key for key, texts in entries("zh").items() if wrong.search("".join(texts))] == []
        assert [code for code, said in all_sentences().items() if wrong.search(said["zh"])] == []
        for path in TEMPLATES:
            between = re.findall(r"\}\}\s?[,;:(][^{}<>]*\{\{", path.read_text(encoding="utf-8"))
            assert between == [], f"{path.name}: t.listed, t.about and t.aside put things beside each other"

    def test_what_pages_put_together_has_the_punctuation_of_its_language(self):
        """In code only `Text` puts words beside each other: it knows how each language does."""
        found = []
        for path in (PACKAGE / "desks").rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                parts: list[str] = []
                if isinstance(node, ast.JoinedStr):
                    parts = [str(part.value) for part in node.values if isinstance(part, ast.Constant)]
                elif (
                    isinstance(node, ast.Attribute)
                    and node.attr == "join"
                    and isinstance(node.value, ast.Constant)
                ):
                    parts = [str(node.value.value)]
                if any(re.search(r"[,;:] | \(", part) for part in parts) and "filename" not in parts[0]:
                    found.append(f"{path.name}:{node.lineno}")
        assert found == []
        assert [
            (text.listed("ab"), text.about("a", "b"), text.aside("a", "b"))
            for text in (Text("zh", ZONE), Text("en", ZONE))
        ] == [("a、b", "a：b", "a（b）"), ("a, b", "a: b", "a (b)")]

    def test_english_has_the_straight_apostrophe_only(self):
        assert [key for key, texts in entries("en").items() if re.search("[‘’“”]", "".join(texts))] == []

    def test_every_fact_has_its_sentence_with_figures_that_it_has(self):
        derived = {"session", "slot", "was", "because", "reasons", "tried", "lines", "college", "enterprise",
                   "person", "instead_of", "proposed", "worker", "result", "result_passed", "until",
                   "confirmed_by", "signed", "confirms", "signer", "to", "why",
                   "sign_by", "from_run", "certificates_claimed", "yuan", "paid", "asked",
                   "evidence_kind", "exam_rooms", "exam_seats", "invigilated", "due_what"}  # fmt: skip
        for fact in all_facts():
            key = f"fact.{fact.type.rpartition('.v')[0]}"
            assert key in catalogue("zh"), key
            known = set(fact.model_fields) | derived
            assert fields_of(entries("zh")[key]) <= known, key
        sentences = {key for key in catalogue("zh") if key.startswith("fact.")} - {"fact.unknown"}
        assert sentences == {f"fact.{fact.type.rpartition('.v')[0]}" for fact in all_facts()}

    def test_every_status_of_a_clause_has_its_word(self):
        told = {key for key in catalogue("zh") if key.startswith("coverage.status.")}
        assert told == {f"coverage.status.{status}" for status in Status}

    def test_every_kind_of_notice_has_its_words(self):
        told = {key for key in catalogue("zh") if key.startswith("notice.kind.")}
        assert told == {f"notice.kind.{kind}" for kind in get_args(Kind)}
        assert {f"notice.choice.{kind}" for kind in get_args(Kind)} <= catalogue("zh").keys()
        assert {f"leaving.state.{state}" for state in STATES} <= catalogue("zh").keys()
        links = {
            f"mail.link.{state}" for state in STATES if state != "too_old"
        }  # a link has an end of its own
        assert links == {key for key in catalogue("zh") if key.startswith("mail.link.")}

    def test_every_step_has_its_words(self):
        calls = {call.step for group in (*ON.values(), *OF_A_ROLE.values()) for call in group}
        assert {f"step.{step}" for step in calls} == {
            key for key in catalogue("zh") if key.startswith("step.")
        }

    def test_every_clause_and_side_of_a_scheme_has_its_words(self):
        assert {f"clause.{each}" for each in (*Clause, *Signer)} <= catalogue("zh").keys()

    def test_every_state_of_a_session_has_its_words(self):
        source = (PACKAGE / "boards" / "sessions.py").read_text(encoding="utf-8")
        states = set(re.findall(r'(?:state=|: )"([a-z]+)"', source)) - {"am"}
        assert {state for state in states if f"session_state.{state}" not in catalogue("zh")} == set()

    def test_every_desk_says_what_it_shows_and_what_it_lacks(self):
        for home in ("enterprise", "college", "person"):
            assert {f"board.part.{home}", f"board.empty_{home}", f"board.empty_{home}_how"} <= catalogue(
                "zh"
            ).keys()

    def test_every_wait_stage_and_lane_has_its_words(self):
        source = "".join(
            (PACKAGE / "boards" / name).read_text(encoding="utf-8")
            for name in ("cards.py", "as_time_passes.py", "own.py")
        )
        turns = set(re.findall(r'Desk\.([A-Z]+), (?:wait=)?"([a-z_]+)"', source)) | {
            ("UNION", "post"),
            ("UNION", "issue"),
            ("COLLEGE", "name"),
        }
        waits = {wait for _, wait in turns} | {"assess", "posted"}
        assert {wait for wait in waits if f"wait.{wait}" not in catalogue("zh")} == set()
        somebody = {wait for desk, wait in turns if desk in {"UNION", "ENTERPRISE", "COLLEGE"}}
        assert {wait for wait in somebody if f"mine.{wait}" not in catalogue("zh")} == set()
        assert somebody == set(ON), "what a desk is waited for with has its step"
        assert {desk for desk in Desk if f"lane.{desk}" not in catalogue("zh")} == set()


class TestText:
    zh, en = Text("zh", ZONE), Text("en", ZONE)

    def test_days_and_clocks_are_local(self):
        at = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)
        assert self.zh.span(at, at + timedelta(minutes=195)) == "11月26日 周四 08:30–11:45"
        assert self.en.moment(at) == "Thu 26 Nov 08:30"

    def test_how_long_has_two_units_at_most(self):
        assert self.zh.lasts(timedelta(days=1, hours=1, minutes=5)) == "1天 1小时"
        assert self.en.lasts(timedelta(hours=2, minutes=10)) == "2 h 10 m"
        assert self.zh.lasts(timedelta(seconds=5)) == "1分"
        assert self.zh.lasts(-timedelta(hours=2)) == "2小时"

    def test_one_is_not_many(self):
        assert self.en("tag.changes", count=1) == "1 change"
        assert self.en("tag.changes", count=2) == "2 changes"

    def test_a_reason_is_a_sentence_or_at_least_its_code(self):
        assert self.zh.reason("load.day", {}) == "当天已满"
        assert self.en.reason("strange.rule", {"n": 3}) == "strange.rule n=3"

    @pytest.mark.parametrize(
        ("asked", "language"),
        [((None, None, "en-GB,en;q=0.9"), "en"), (("en", "zh", None), "en"), (("fr", None, "de"), "zh")],
    )
    def test_the_first_language_of_ours_that_is_asked_for(self, asked, language):
        assert language_wanted(*asked) == language
