"""How the command shows things in the terminal: progress, the city's report, a story, what is parked."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from contracts.programme import Programmes
from songjiao_cli.accounts import Desk

STAGES = {
    "house": "企业 enterprises", "people": "教师 instructors", "surveys": "调研 survey rounds",
    "orders": "订单 orders", "joint": "拼班 joint orders", "schemes": "方案 schemes",
    "declined": "婉拒 declined offers",
    "offers": "派师 offers", "sessions": "场次 sessions", "certificates": "证书 certificates",
}  # fmt: skip
_HEADS = ("sessions", "person_times", "heads", "class_hours")


class SeasonProgress:
    """One bar per stage, each as far as it got; where nobody sees bars (a file), a line at each quarter."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._quarters: dict[str, int] = {}
        self._latest: dict[str, tuple[int, int]] = {}
        """Of stages that have gone on since their last line."""
        self._bars = Progress(
            TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console,
        )  # fmt: skip
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Callable[[str, int, int], None]:
        if self._console.is_terminal:
            self._bars.start()
        return self.show

    def __exit__(self, *_: object) -> None:
        if self._console.is_terminal:
            self._bars.stop()
        for stage, (done, total) in self._latest.items():
            self._line(stage, done, total)

    def show(self, stage: str, done: int, total: int) -> None:
        """So many of so many are done."""
        if not total:
            return  # nothing of it is there yet
        if not self._console.is_terminal:
            self._say(stage, done, total)
            return
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(STAGES.get(stage, stage), total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total)

    def _say(self, stage: str, done: int, total: int) -> None:
        quarter = 4 * done // total
        self._latest[stage] = (done, total)
        if quarter > self._quarters.get(stage, -1):
            self._quarters[stage] = quarter
            self._line(stage, *self._latest.pop(stage))

    def _line(self, stage: str, done: int, total: int) -> None:
        self._console.print(f"{STAGES.get(stage, stage):<24} {done}/{total}", markup=False, highlight=False)


def named(dimension: str, code: str, programmes: Programmes) -> str:
    """What a county, trade, level, college or enterprise is called, in both languages; the code where nobody knows."""
    rows: dict[str, Mapping[str, Any]] = {
        "county": programmes.divisions, "trade": programmes.occupations, "level": programmes.levels,
        "college": programmes.demo.colleges, "enterprise": programmes.demo.enterprises,
    }  # fmt: skip
    row = rows[dimension].get(code)
    return code if row is None else f"{row.name_zh} {row.name_en.partition(' (')[0]}"


def report(console: Console, result: dict[str, Any], programmes: Programmes) -> None:
    """The city's report, and whether everything holds; the checks alone where nothing could be counted."""
    if "surveys" not in result:
        checks(console, result["checks"])
        return
    total = Table(title="送教季报 The city's season", show_header=False)
    survey, sessions, offers = result["surveys"], result["sessions"], result["offers"]
    for name, value in (
        ("走访企业 enterprises visited", survey["enterprises"]),
        ("调研 survey rounds", survey["rounds"]),
        ("调研人次 person-times of contact", survey["person_times"]),
        ("订单 orders", ", ".join(f"{state} {n}" for state, n in result["orders"].items())),
        ("专场 special sessions", sessions["special"]),
        ("场次 sessions held", sessions["held"]),
        ("改期 / 取消 moved / cancelled", f"{sessions['moved']} / {sessions['cancelled']}"),
        ("人数 heads", result["heads"]),
        ("人次 person-times", f"{result['person_times']:,}"),
        ("学时 class-hours", result["class_hours"]),
        ("邀约 offers", ", ".join(f"{kind} {n}" for kind, n in offers.items())),
        ("评价 evaluations", ", ".join(f"{kind} {n}" for kind, n in result["evaluations"].items())),
        ("证书 certificates", ", ".join(f"{kind} {n}" for kind, n in result["certificates"].items())),
    ):
        total.add_row(name, str(value))
    console.print(total)
    titles = {
        "county": "县区 county",
        "trade": "工种 trade",
        "level": "等级 level",
        "college": "院校 college",
        "enterprise": "企业 enterprise",
    }
    for by, places in result["by"].items():
        table = Table(titles[by], "场次 sessions", "人次 person-times", "人数 heads", "学时 class-hours")
        for place, counts in places.items():
            table.add_row(named(by, place, programmes), *(str(counts.get(head, 0)) for head in _HEADS))
        console.print(table)
    checks(console, result["checks"])


def checks(console: Console, found: Mapping[str, Any]) -> None:
    """Each check with a tick, or with what it found, or why it was not made."""
    for name, lines in found.items():
        if lines == "holds":
            console.print(f"[green]✓[/] {name}")
        else:
            console.print(f"[red]✗ {name}[/]")
            for line in lines[:20]:
                console.print(f"    {line}", markup=False)


def story(console: Console, told: dict[str, Any]) -> None:
    """The facts of one order, a few lines each: what; who, and because of what."""
    console.print(f"[bold]{told['title']}[/]")
    if told["then"]:
        _then(console, told["then"])
    for number, fact in enumerate(told["facts"], start=1):
        when = fact["time"][:16].replace("T", " ")
        console.print(f"{number:>4}  [dim]{when}[/]  {fact['text']}", highlight=False, soft_wrap=True)
        why = f"因为 because: {fact['because']}" if fact["because"] else ""
        line = " · ".join(part for part in (fact["who"], why) if part)
        if line:
            console.print(f"{'':24}[dim]{line}[/]", highlight=False, soft_wrap=True)


def _then(console: Console, then: dict[str, Any]) -> None:
    """Where the order stood at the moment that was asked for: the past, and said to be it."""
    console.print(f"[yellow]当时的情形 as it was at {then['time']}[/]", highlight=False)
    rows = [*then["lines"], f"{then['state']} · {then['stage_text']} · {then['waits_for']} · {then['wait']}"]
    for one in then["schemes"]:
        rows += [
            f"{one['version']} · {one['state']} · {one['figures']}",
            f"    {one['hash']} {one['approved']}",
        ]
        rows += [f"    {one['told']}"]
        rows += [
            f"    {planned['when']} · {planned['cohort']} · {planned['unit']} · {planned['person']}"
            for planned in one["content"] or ()
        ]
    rows += [
        f"{row['when']} · {row['unit']} · {row['person'] or '—'} · {row['state']}" for row in then["sessions"]
    ]
    rows += [
        f"{row['what']} · {row['college']} · {row['state']} {row['answer_by']}" for row in then["offers"]
    ]
    for row in [*rows, *then["outcomes"]]:
        console.print(f"      {row}", highlight=False, markup=False, soft_wrap=True)


def accounts(screen: Console, portal: str, rows: Sequence[Desk]) -> None:
    """Where the portal is, whom one can log in as, and what waits for them."""
    screen.print(f"\n门户 portal: [bold]{portal}[/]   （演示账户 demo accounts）")
    for one in rows:
        line = f"  {one.who:<28} {one.username:<10} {one.password}  {one.waits}"
        screen.print(line.rstrip(), markup=False, highlight=False)


def ways_on(screen: Console, where: str) -> None:
    """What one can do while the demonstration stays up."""
    screen.print(
        f'演习时钟 the practice clock: songjiao clock "2026-06-29 08:30"{where} lets it be later',
        markup=False, highlight=False,
    )  # fmt: skip
    screen.print("Ctrl-C 停止 stops everything")
