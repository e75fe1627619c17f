"""Things of the trade as tests speak of them. People are generated; every ID number is invented."""

import io
from datetime import date
from uuid import UUID

import xlsxwriter

from contracts.order_intake import OrderSubmitted
from contracts.values import OrderLine, ServiceLine, Trainee
from order_intake.orders.lines import DraftLine, Offered
from order_intake.orders.rules import Order, Site, State, begun, drafted, evolve
from order_intake.rosters.id_number import check_character

MAY_6 = date(2026, 5, 6)
KEY = b"a key for tests, 32 bytes long.."
ORDER = UUID("01900000-0000-7000-8000-000000000001")
HEAD = ("姓名", "身份证号", "班组", "从业年限", "现有等级")
SITE = Site("福建金牛水泥集团有限公司", "350428", "4x3", date(2026, 1, 1), 1)
OFFERED = Offered(
    services={"theory_training", "skill_evaluation"},
    levels_of={"6-31-01-03": {"L5", "L4"}},
    bands={"am", "pm", "eve"},
    units={"el5-safety"},
    crews=("A", "B", "C", "D"),
)
SURNAMES = "王李张刘陈杨黄林吴郑"


def an_id_number(serial: int = 1, *, born: str = "19900101", region: str = "350402") -> str:
    """A valid number that belongs to nobody in particular."""
    first = f"{region}{born}{serial % 1000:03d}"
    return first + check_character(first)


def some_people(heads: int, *, start: int = 0, crews: str = "ABCD") -> list[tuple[object, ...]]:
    """Rows of a roster."""
    return [
        (
            f"{SURNAMES[at % 10]}演示",
            an_id_number(at % 1000, born=f"19{70 + at // 1000 % 30}0{1 + at // 30000}15"),
            crews[at % len(crews)],
            at % 20,
            "",
        )
        for at in range(start, start + heads)
    ]


def an_excel(rows, *, head=HEAD, titles=()) -> bytes:
    """An .xlsx with a heading; `titles` are rows above it, each merged over all columns."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet("花名册")
    for at, title in enumerate(titles):
        sheet.merge_range(at, 0, at, len(head) - 1, title)
    for at, row in enumerate([head, *rows], start=len(titles)):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(at, column, cell)
            elif cell is not None:
                sheet.write(at, column, cell)
    book.close()
    return content.getvalue()


def a_csv(rows, *, head=HEAD, encoding="utf-8-sig") -> bytes:
    return "\r\n".join(",".join(map(str, row)) for row in [head, *rows]).encode(encoding)


def some_trainees(heads: int, crews: str = "ABCD") -> tuple[Trainee, ...]:
    return tuple(Trainee(worker_id=UUID(int=at + 1), crew=crews[at % len(crews)]) for at in range(heads))


def a_line(heads: int = 8, **changes) -> DraftLine:
    values = {
        "line": 1,
        "service": ServiceLine.THEORY_TRAINING,
        "occupation": "6-31-01-03",
        "level": "L5",
        "trainees": some_trainees(heads),
        "bands": ("pm",),
        "earliest": date(2026, 6, 1),
        "latest": date(2026, 8, 31),
    }
    return DraftLine.model_validate(values | changes)


def an_order(state: State = State.DRAFT, *lines: DraftLine, **changes) -> Order:
    """An order in a state, as facts would have made it; a draft has lines on the desk only."""
    draft = lines or (a_line(),)
    values = {
        "id": ORDER,
        "number": "2026-0137",
        "enterprise_id": "jinniu",
        "programme": "send-teachers-home",
    }
    if state is State.DRAFT:
        return Order(**values, draft=draft, **changes)
    agreed = tuple(OrderLine(**line.model_dump(exclude={"heads"})) for line in draft)
    values |= {"draft": tuple(map(drafted, agreed)), "lines": agreed, "site": SITE, "state": state}
    if state in {State.ACCEPTED, State.STARTED, State.FULFILLED, State.CANCELLED}:
        values["union_id"] = "smftu"
    return Order(**values | changes)


def known_by(facts) -> Order:
    """The order that these facts alone make known."""
    order = None
    for fact in facts:
        if order is None:
            assert isinstance(fact, OrderSubmitted)
            order = begun(fact)
        order = evolve(order, fact)
    assert order is not None
    return order


def a_roster_file(rows, *, name: str = "花名册.xlsx", head=HEAD) -> dict[str, tuple[str, bytes]]:
    """A multipart form with a roster."""
    return {"file": (name, an_excel(rows, head=head))}
