"""What lies in which folder of a batch's archive. Pure: from the batch, its facts, lessons and certificates to files.

The folders are those of the filing rules: registration and eligibility, filing, process, papers and results,
certificates. What is kept on paper only (question papers, scored sheets, photos of work-pieces) is named as missing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from contracts.base import Fact
from contracts.evaluation import (
    CandidateAdmitted,
    CandidateAssessed,
    CandidateRefused,
    ObjectionRaised,
    ObjectionSettled,
    ResultsPosted,
)
from contracts.examined import AbsenceExcused, BatchDue
from contracts.programme import Programmes
from contracts.sentences import sentences_of
from contracts.values import Reason, WorkerId
from evaluation.archive import examined
from evaluation.archive.pictured import lacking_photos, photos_table
from evaluation.archive.said import CONFIRMED, PARTS, person, standing, way_of
from evaluation.archive.tables import Cell, table
from evaluation.certificates.rules import Certificate
from evaluation.delivery.present import Standing, standing_of_record
from evaluation.delivery.session import HELD, Session, SignIn
from evaluation.examinations.batch import Batch, BatchState, CandidateState
from evaluation.examinations.evidence import Evidence
from evaluation.neighbours import Worker
from evaluation.photos.rules import Photo
from servicekit.packs import File
from staffing.counting import person_times

ELIGIBILITY, FILING, PROCESS, RESULTS, CERTIFICATES = (
    "1-报名与资格", "2-备案", "3-过程", "4-试卷与成绩", "5-证书",
)  # fmt: skip
ON_PAPER = ("理论试卷与答卷", "技能评分表原件", "工件照片或录像", "考场记录与监考签到")
"""Kept by the exam office on paper; this system has none of it, and the manifest says so."""
STATES = {
    CandidateState.ADMITTED: "准予评价",
    CandidateState.REFUSED: "不符合条件",
    CandidateState.ASSESSED: "已评定",
}
ELIGIBLE = (
    "评价编号", "姓名", "证件号码", "结论", "应出勤分钟", "实出勤分钟", "不予原因", "第几次", "审查时间", "事实编号",
)  # fmt: skip
DUE = {
    "posting_over": "公示结束",
    "answer_late": "异议未按时答复",
    "retake_over": "此前合格的科目不再有效",
}
REGISTER = (
    "证书编号", "评价编号", "姓名", "证件号码", "证书类别", "发证机构", "发证日期", "状态", "原因",
    "补换自", "换为", "备注",
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """A fact of the order's story: its id, when it was said and by whom, and the bytes in which it was sent."""

    id: str
    at: datetime
    actor: str
    fact: Fact
    sent: bytes


@dataclass(frozen=True)
class Kept:
    """All that the archive of a batch is made of. `lessons` are those that the candidates were to attend."""

    batch: Batch
    number: str
    """Of the order."""
    enterprise: str
    rule_set: str
    story: Sequence[Said]
    people: Mapping[WorkerId, Worker]
    lessons: Sequence[tuple[Session, Mapping[WorkerId, SignIn]]]
    certificates: Sequence[Certificate]
    printed: Mapping[str, bytes]
    """By number: the PDF of each certificate that holds."""
    programmes: Programmes
    photos: Sequence[Photo] = ()
    """Of the lessons."""
    papers: Mapping[WorkerId, Sequence[Evidence]] = field(default_factory=dict)
    """What was seen of candidates for the routes of their standard."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What rooms, and invigilators of the enterprise, are called."""

    @property
    def zone(self) -> ZoneInfo:
        """In which the batch's times are read."""
        return ZoneInfo(self.batch.slot.zone)


def files_of(kept: Kept) -> list[File]:
    """The files, in the order of the folders."""
    return [
        _eligibility(kept), _rule(kept),
        examined.evidence(f"{ELIGIBILITY}/资格材料.csv", kept.papers, kept.people, kept.programmes),
        _plan(kept), examined.rooms(f"{FILING}/考场与监考.csv", kept.batch, kept.names),
        _lessons(kept), _signed(kept), photos_table(PROCESS, kept.photos, kept.zone), _entries(kept), _facts(kept),
        _results(kept), _posting(kept), _register(kept),
        *(File(f"{CERTIFICATES}/{number}.pdf", content) for number, content in sorted(kept.printed.items())),
    ]  # fmt: skip


def missing_from(kept: Kept) -> list[str]:
    """What an archive should hold and this one does not, in words."""
    said = {type(each.fact) for each in kept.story}
    open_ = [
        name
        for name, there in (
            ("成绩评定", any(each.state is CandidateState.ASSESSED for each in kept.batch.candidates)),
            ("成绩公示", ResultsPosted in said),
            ("证书登记", kept.batch.state is BatchState.COMPLETED),
        )
        if not there
    ]
    unnamed = sum(each.worker_id not in kept.people for each in kept.batch.candidates)
    return [
        *(f"{name}：尚未进行" for name in open_),
        *([f"{unnamed} 名考生的姓名：名册暂无"] if unnamed else []),
        *lacking_photos([session for session, _ in kept.lessons], kept.photos),
        *(f"{name}：由考务办公室以纸质保存" for name in ON_PAPER),
    ]


def _local(kept: Kept, at: datetime | None) -> str:
    return at.astimezone(kept.zone).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _why(reasons: Iterable[Reason]) -> str:
    return "；".join(sentences_of(each.code, dict(each.figures))["zh"] for each in reasons)


def _eligibility(kept: Kept) -> File:
    rows: list[tuple[Cell, ...]] = []
    for said in kept.story:
        when = (_local(kept, said.at), said.id)
        match said.fact:
            case CandidateAdmitted() as one:
                minutes = (one.required_minutes, one.attendance_minutes)
                who = (str(one.evaluation_id), *person(kept.people, one.worker_id))
                rows.append((*who, "准予", *minutes, "", one.attempt, *when))
            case CandidateRefused() as one:
                who = (str(one.evaluation_id), *person(kept.people, one.worker_id))
                rows.append((*who, "不予", None, None, _why(one.reasons), None, *when))
    return table(f"{ELIGIBILITY}/资格审查.csv", ELIGIBLE, rows)


def _rule(kept: Kept) -> File:
    """The routes to this level, as the occupation's standard has them, each with where it comes from."""
    rows = [
        (rule.code, rule.rule_set, rule.level, rule.zh, rule.source, rule.confidence)
        for rule in kept.programmes.admission
        if (rule.rule_set, rule.level) == (kept.rule_set, kept.batch.level)
    ]
    head = ("途径", "规则年份", "申报等级", "条文", "来源", "可信度")
    return table(f"{ELIGIBILITY}/申报条件.csv", head, rows)


def _plan(kept: Kept) -> File:
    batch, level = kept.batch, kept.programmes.levels[kept.batch.level]
    occupation = kept.programmes.occupations.get(batch.occupation)
    slot = batch.slot
    rows: list[tuple[str, str | int]] = [
        ("批次编号", str(batch.batch_id)),
        ("订单号", kept.number),
        ("企业", kept.enterprise),
        ("职业", f"{occupation.name_zh if occupation else ''} {batch.occupation}".strip()),
        ("等级", level.name_zh),
        ("时间", f"{_local(kept, slot.starts_at)} 至 {_local(kept, slot.ends_at)}"),
        ("科目", "、".join(PARTS[part] for part in batch.parts)),
        ("每科合格分", str(level.pass_mark)),
        ("准予人数", len(batch.admitted)),
        ("不予人数", len(batch.candidates) - len(batch.admitted)),
        ("应派考评员", batch.assessors),
        ("须回避的教师", "、".join(map(str, batch.barred)) or "无"),
        ("申报条件依据", f"国家职业标准编制技术规程（{kept.rule_set}）"),
    ]
    return table(f"{FILING}/评价方案.csv", ("事项", "内容"), rows)


def _lessons(kept: Kept) -> File:
    rows = [
        (
            str(session.session_id), _local(kept, session.slot.starts_at), _local(kept, session.slot.ends_at),
            session.class_hours, str(session.opened_by or session.lead or ""), session.state,
            person_times(session), session.absent, CONFIRMED[session.confirmed],
        )
        for session, _ in kept.lessons
    ]  # fmt: skip
    head = ("课次编号", "开始", "结束", "学时", "任课教师编号", "状态", "实到", "缺席", "确认")
    return table(f"{PROCESS}/培训课次.csv", head, rows)


def _signed(kept: Kept) -> File:
    """Who of the candidates was there, and who was excused; whoever is in neither of a session was absent."""
    wanted = {each.worker_id for each in kept.batch.candidates}
    rows: list[tuple[Cell, ...]] = []
    for session, acts in kept.lessons:
        number, rule = str(session.session_id), kept.programmes.rules.delivery.crediting(session.slot.day)
        there = {entry.worker_id for entry in session.attended}
        for entry in session.attended:
            if entry.worker_id in wanted:
                came = acts[entry.worker_id].at if entry.worker_id in acts else None
                rows.append((
                    number, *person(kept.people, entry.worker_id), entry.minutes, entry.class_hours,
                    way_of(entry), _local(kept, came), _local(kept, entry.left_at),
                    standing(standing_of_record(session, entry, rule), entry), str(entry.act_id),
                ))  # fmt: skip
        if session.state in HELD:
            rows.extend(
                (number, *person(kept.people, each.worker_id), 0, 0, "", "", "",
                 f"{standing([Standing.EXCUSED])}：{_excuse(kept, each.reason)}", "")
                for each in session.excused
                if each.worker_id in wanted - there
            )  # fmt: skip
    head = (
        "课次编号", "姓名", "证件号码", "出勤分钟", "计入学时", "签到方式", "签到时间", "签退时间", "出勤状态",
        "签到编号",
    )  # fmt: skip
    return table(f"{PROCESS}/签到明细.csv", head, rows)


def _excuse(kept: Kept, reason: Reason) -> str:
    words = {each.code: each.zh for each in kept.programmes.rules.delivery.excuses.value}
    return words.get(reason.code, reason.code)


def _entries(kept: Kept) -> File:
    rows = [
        (
            str(fact.evaluation_id), PARTS[one.part], one.entered_by, str(one.entered_person or ""), one.confirmed_by,
            _local(kept, said.at), said.id,
        )
        for said in kept.story
        if isinstance(fact := said.fact, CandidateAssessed)
        for one in fact.markers
    ]  # fmt: skip
    head = ("评价编号", "科目", "评分人账号", "评分人编号", "复核人账号", "评定时间", "事实编号")
    return table(f"{PROCESS}/评分与复核.csv", head, rows)


def _facts(kept: Kept) -> File:
    """Word for word as they were sent, one in a line: the order's seal proves them against a published root."""
    return File(f"{PROCESS}/事实.jsonl", b"".join(said.sent + b"\n" for said in kept.story))


def _results(kept: Kept) -> File:
    parts = kept.batch.parts
    rows: list[tuple[Cell, ...]] = []
    for each in kept.batch.candidates:
        marks = {one.part: one for one in each.parts}
        told = [
            ("缺考" if marks[part].mark is None else str(marks[part].mark)) if part in marks else ""
            for part in parts
        ]
        result = (
            ("合格" if each.passed else "不合格")
            if each.state is CandidateState.ASSESSED
            else STATES[each.state]
        )
        rows.append(
            (
                str(each.evaluation_id),
                *person(kept.people, each.worker_id),
                *told,
                result,
                each.attempt,
                examined.items(each.failed, kept.programmes),
                "准予缓考" if each.excused else "",
            )
        )
    head = (
        "评价编号",
        "姓名",
        "证件号码",
        *(PARTS[part] for part in parts),
        "结果",
        "第几次",
        "未通过的安全否决项",
        "缺考",
    )
    return table(f"{RESULTS}/成绩汇总.csv", head, rows)


def _posting(kept: Kept) -> File:
    rows: list[tuple[Cell, ...]] = []
    for said in kept.story:
        match said.fact:
            case ResultsPosted() as posted:
                told = f"公示至 {posted.objections_until}，{posted.candidates} 人，合格 {posted.passed} 人"
                row = ("成绩公示", "", told)
            case ObjectionRaised() as raised:
                row = ("提出异议", str(raised.evaluation_id), _why([raised.reason]))
            case ObjectionSettled() as settled:
                told = f"{'成立，重新评分' if settled.upheld else '不成立'}：{_why([settled.reason])}"
                row = ("答复异议", str(settled.evaluation_id), told)
            case AbsenceExcused() as excused:
                row = ("准予缓考", str(excused.evaluation_id), _why([excused.reason]))
            case BatchDue() as due:
                row = ("到期", str(due.evaluation_id or ""), f"{due.last_day} {DUE.get(due.what, due.what)}")
            case _:
                continue
        rows.append((*row, _local(kept, said.at), said.actor, said.id))
    head = ("事项", "评价编号", "内容", "时间", "经办账号", "事实编号")
    return table(f"{RESULTS}/公示与异议.csv", head, rows)


def _register(kept: Kept) -> File:
    numbers = {each.certificate_id: each.number for each in kept.certificates}
    rows = [
        (
            each.number, str(each.evaluation_id), *person(kept.people, each.worker_id), each.kind, each.issuer,
            str(each.issued_on), _standing(each), _why([each.reason]) if each.reason else "",
            numbers.get(each.replaces, "") if each.replaces else "",
            numbers.get(each.replaced_by, "") if each.replaced_by else "", "演示编号" if each.demo else "",
        )
        for each in kept.certificates
    ]  # fmt: skip
    return table(f"{CERTIFICATES}/证书登记.csv", REGISTER, rows)


def _standing(each: Certificate) -> str:
    if each.revoked_on is not None:
        return f"已撤销 {each.revoked_on}"
    return "有效" if each.suspended_on is None else f"已暂停 {each.suspended_on}"
