"""What an archive says of eligibility papers, rooms and invigilators, and safety items. Pure."""

from collections.abc import Mapping, Sequence

from contracts.programme import Programmes
from contracts.sentences import all_words
from contracts.values import Code, WorkerId
from evaluation.archive.said import person
from evaluation.archive.tables import Cell, table
from evaluation.examinations.batch import Batch
from evaluation.examinations.evidence import Evidence, Kind, Paper, Told
from evaluation.neighbours import Worker
from servicekit.packs import File

KINDS = {
    Kind.YEARS: "从业年限",
    Kind.CERTIFICATE: "技能等级证书",
    Kind.TITLE: "职称",
    Kind.DIPLOMA: "毕业证书",
    Kind.APPRENTICESHIP: "学徒期满",
}
PAPERS = {
    Paper.ORIGINAL: "原件",
    Paper.COPY: "加盖公章的复印件",
    Paper.ONLINE: "官方网站查询",
    Paper.STATEMENT: "企业证明",
}


def evidence(
    path: str,
    papers: Mapping[WorkerId, Sequence[Evidence]],
    people: Mapping[WorkerId, Worker],
    programmes: Programmes,
) -> File:
    """Every paper that was seen of a candidate."""
    rows: list[tuple[Cell, ...]] = [
        (
            *person(people, worker), KINDS[one.told.kind], _says(one.told, programmes), PAPERS[one.paper],
            str(one.seen_on), one.noted_by, str(one.evidence_id),
        )
        for worker, seen in papers.items()
        for one in seen
    ]  # fmt: skip
    head = ("姓名", "证件号码", "材料", "内容", "形式", "查验日期", "经办账号", "材料编号")
    return table(path, head, rows)


def _says(told: Told, programmes: Programmes) -> str:
    level = programmes.levels.get(told.level) if told.level else None
    said = [
        f"{told.years} 年" if told.years is not None else "",
        level.name_zh if level else "",
        all_words()["title"][told.title]["zh"] if told.title else "",
        all_words()["diploma"][told.diploma]["zh"] if told.diploma else "",
        "非本专业或相关专业" if told.diploma and not told.related else "",
        f"{told.since} 取得" if told.since else "",
    ]
    return "，".join(each for each in said if each)


def rooms(path: str, batch: Batch, names: Mapping[str, str]) -> File:
    """Each room with its seats and whoever watches over it."""
    rows: list[tuple[Cell, ...]] = [
        (
            room.room, names.get(str(room.room), ""), room.seats,
            "、".join(
                f"派出人员 {each.invigilator_id}"
                if each.sent
                else f"企业人员 {names.get(str(each.invigilator_id), '')}"
                for each in batch.invigilators
                if each.room == room.room
            ),
        )
        for room in batch.rooms
    ]  # fmt: skip
    return table(path, ("考场序号", "考场", "座位数", "监考员"), rows)


def items(codes: Sequence[Code], programmes: Programmes) -> str:
    """Safety items by their words."""
    return "；".join(programmes.starred[each].zh if each in programmes.starred else each for each in codes)
