"""What goes to the labour bureau with a claim: the form, the people, their sign-ins, marks and certificates. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from contracts.programme import Programmes
from contracts.values import CertificateId, WorkerId
from evaluation.archive.pictured import lacking_photos, photos_table
from evaluation.archive.said import CONFIRMED, PARTS, person, way_of
from evaluation.archive.tables import Cell, table
from evaluation.certificates.rules import Certificate
from evaluation.claims.rules import Claim, yuan
from evaluation.delivery.session import Session
from evaluation.neighbours import Worker
from evaluation.photos.rules import Photo
from servicekit.packs import File

FORM, PEOPLE, LESSONS, MARKS, CERTIFICATES = ("1-申领表", "2-名册", "3-培训签到", "4-成绩", "5-证书")


@dataclass(frozen=True)
class Kept:
    """All that the pack of a claim is made of."""

    claim: Claim
    number: str
    """Of the order."""
    enterprise: str
    people: Mapping[WorkerId, Worker]
    lessons: Sequence[Session]
    """That were held for the order."""
    certificates: Sequence[Certificate]
    """Those claimed for, by number."""
    until: Mapping[CertificateId, date | None]
    """Last day of each."""
    printed: Mapping[str, bytes]
    """By number: the PDF of each that holds."""
    programmes: Programmes
    zone: ZoneInfo
    photos: Sequence[Photo] = ()
    """Of the lessons that the people attended."""


def files_of(kept: Kept) -> list[File]:
    """The files, in the order of the folders."""
    return [
        _form(kept), _rows(kept), _people(kept), _lessons(kept),
        photos_table(LESSONS, kept.photos, kept.zone), _marks(kept),
        *(File(f"{CERTIFICATES}/{number}.pdf", content) for number, content in sorted(kept.printed.items())),
    ]  # fmt: skip


def missing_from(kept: Kept) -> list[str]:
    """What the bureau will ask for and is not in it, in words."""
    gone = [each.number for each in kept.certificates if each.number not in kept.printed]
    unnamed = sum(each.worker_id not in kept.people for each in kept.certificates)
    return [
        *(f"证书 {number}：申领后失效或暂停" for number in gone),
        *([f"{unnamed} 人的姓名：名册暂无"] if unnamed else []),
        *lacking_photos(attended(kept.lessons, kept.certificates), kept.photos),
        "完整证件号码：企业在申领页面另行下载名册，注明用途",
        "企业盖章的申领表：打印后盖章",
    ]


def _what(kept: Kept, one: Certificate) -> tuple[str, str]:
    occupation = kept.programmes.occupations.get(one.occupation)
    return (
        f"{occupation.name_zh if occupation else ''} {one.occupation}".strip(),
        kept.programmes.levels[one.level].name_zh,
    )


def _form(kept: Kept) -> File:
    claim = kept.claim
    rows: list[tuple[str, Cell]] = [
        ("申领单位", kept.enterprise),
        ("订单号", kept.number),
        ("申领编号", str(claim.claim_id)),
        ("申领日期", str(claim.filed_on)),
        ("证书张数", len(claim.certificates)),
        ("申领金额（元）", yuan(claim.fen)),
        ("补贴标准所属地", claim.place),
        ("状态", {"filed": "待到账", "settled": "已办结", "withdrawn": "已撤回"}[claim.state]),
    ]
    if claim.paid_fen is not None:
        rows.append(("到账金额（元）", yuan(claim.paid_fen)))
    return table(f"{FORM}/申领表.csv", ("事项", "内容"), rows)


def _rows(kept: Kept) -> File:
    amounts = {each.certificate_id: each.fen for each in kept.claim.certificates}
    rows = [
        (n, *person(kept.people, one.worker_id), *_what(kept, one), one.number, str(one.issued_on), one.issuer,
         yuan(amounts[one.certificate_id]), str(kept.until.get(one.certificate_id) or "规则未载明"))
        for n, one in enumerate(kept.certificates, start=1)
    ]  # fmt: skip
    head = (
        "序号",
        "姓名",
        "证件号码",
        "职业",
        "等级",
        "证书编号",
        "发证日期",
        "发证机构",
        "补贴（元）",
        "申领截止",
    )
    return table(f"{FORM}/申领明细.csv", head, rows)


def _people(kept: Kept) -> File:
    rows = [(*person(kept.people, worker), str(worker)) for worker in _workers(kept.certificates)]
    return table(f"{PEOPLE}/名册.csv", ("姓名", "证件号码", "人员编号"), rows)


def _workers(certificates: Iterable[Certificate]) -> list[WorkerId]:
    return list(dict.fromkeys(each.worker_id for each in certificates))


def _lessons(kept: Kept) -> File:
    wanted = set(_workers(kept.certificates))
    rows = [
        (*person(kept.people, entry.worker_id), str(session.session_id), session.slot.day.isoformat(),
         _local(kept, session.slot.starts_at), session.class_hours, entry.minutes, way_of(entry),
         str(entry.act_id), CONFIRMED[session.confirmed])
        for session in kept.lessons
        for entry in session.attended
        if entry.worker_id in wanted
    ]  # fmt: skip
    head = (
        "姓名",
        "证件号码",
        "课次编号",
        "日期",
        "开始",
        "学时",
        "出勤分钟",
        "签到方式",
        "签到编号",
        "课次确认",
    )
    return table(f"{LESSONS}/签到明细.csv", head, rows)


def attended(lessons: Iterable[Session], certificates: Iterable[Certificate]) -> list[Session]:
    """Those lessons at which one of the people was."""
    wanted = set(_workers(certificates))
    return [each for each in lessons if any(entry.worker_id in wanted for entry in each.attended)]


def _local(kept: Kept, at: datetime) -> str:
    return at.astimezone(kept.zone).strftime("%H:%M")


def _marks(kept: Kept) -> File:
    rows = [
        (
            *person(kept.people, one.worker_id),
            one.number,
            PARTS[part.part],
            str(part.mark),
            str(part.pass_mark),
        )
        for one in kept.certificates
        for part in one.parts
    ]
    return table(f"{MARKS}/成绩.csv", ("姓名", "证件号码", "证书编号", "科目", "成绩", "合格分"), rows)
