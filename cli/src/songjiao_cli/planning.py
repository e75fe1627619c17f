"""What `songjiao plan` does: read, plan with progress, write, show, explain."""

import json
import signal
from collections import Counter
from pathlib import Path

from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from scheduling.planner.engine.arrays import able_of
from scheduling.planner.engine.explain import Why, explain, rivals
from scheduling.planner.engine.instance import WrongInstance, read
from scheduling.planner.engine.lines import Planned, planned
from scheduling.planner.engine.plan import Tiers
from scheduling.planner.engine.progress import Progress as Told
from scheduling.planner.engine.solve import Solved, solve, warm
from scheduling.planner.engine.state import window
from scheduling.planner.engine.times import time_barred
from scheduling.planner.engine.unlock import unlocks
from songjiao_cli import screens
from songjiao_cli.installation import write_whole

screen = screens.screen(stderr=True, markup=False, highlight=False)
MOST_OTHERS = 8


def plan_file(
    file: Path, *, seconds: float, iterations: int | None, seed: int, out: Path | None, why: str
) -> None:
    """Ctrl-C ends the search, and the best plan so far is what it gives."""
    instance = read(file)
    if out is not None and not out.absolute().parent.is_dir():
        raise WrongInstance(f"{out.absolute().parent} is no folder: the plan could not be written there")
    if why and all(why != session.id for session in instance.sessions):
        raise WrongInstance(f"{file}: session {why} is not in the file")
    with screen.status("准备引擎 making the engine ready (two minutes the first time) …"):
        warm()
    with Progress(
        TextColumn("排课 planning"), BarColumn(), TextColumn("{task.fields[told]}"), console=screen
    ) as bars:
        bar, ended = bars.add_task("", total=1.0, told=""), False

        def end(*_: object) -> None:
            nonlocal ended
            ended = True

        def told(now: Told) -> None:
            bars.update(bar, completed=now.share, told=_words(now.tiers))

        before = signal.signal(signal.SIGINT, end)
        try:
            solved = solve(
                instance, seed=seed, seconds=seconds, rounds=iterations, told=told, stopped=lambda: ended
            )
        except WrongInstance as wrong:
            raise WrongInstance(f"{file}: {wrong}") from None
        finally:
            signal.signal(signal.SIGINT, before)
        bars.update(bar, completed=1.0)
    if out is not None:
        write_whole(out, json.dumps(solved.told(instance), ensure_ascii=False) + "\n")
    _show(solved, len(instance.sessions))
    asked = planned(instance, solved.lines)
    _show_unstaffed(asked)
    if why:
        _show_why(asked, explain(asked, why))


def _words(tiers: Tiers) -> str:
    return (
        f"未排 unstaffed {tiers.unstaffed}, 变动 changes {tiers.changes}, 意愿 preferences {tiers.preferences}, "
        f"cost {tiers.cost}"
    )


def _show(solved: Solved, sessions: int) -> None:
    table = Table("", "unstaffed", "changes", "preferences", "cost", "score")
    for name, tiers in (("初稿 first draft", solved.first), ("方案 plan", solved.tiers)):
        table.add_row(name, *map(str, tiers), str(tiers.score))
    screen.print(table)
    screen.print(
        f"{sessions} sessions: first draft after {solved.first_seconds:.2f} s, {solved.rounds} rounds in "
        f"{solved.seconds:.1f} s; every rule holds"
    )


def _show_unstaffed(asked: Planned) -> None:
    """Never a silent gap: which sessions nobody holds, and whether anybody could."""
    by_id = {each.id: each for each in asked.instance.sessions}
    missing = [s for s in range(len(asked.names.sessions)) if asked.plan.slot[s] < 0]
    for s in missing[:MOST_OTHERS]:
        session = by_id[asked.names.sessions[s]]
        needs = f"{session.qualification}, level {session.min_level}"
        why = (
            f"--explain {session.id} says what would help" if able_of(asked.given, s) else
            f"nobody in the file holds {needs}"
        )  # fmt: skip
        screen.print(f"  未排 unstaffed: {session.id} of {session.cohort} ({needs}): {why}", soft_wrap=True)
    if len(missing) > MOST_OTHERS:
        screen.print(f"  … and {len(missing) - MOST_OTHERS} more")


def _show_why(asked: Planned, why: Why) -> None:
    if why.line is None:
        screen.print(f"{why.session}: 未排 unstaffed; {why.other_times} times in its window would still do")
        _show_times(asked, why.session)
        found = unlocks(asked, why.session)
        for unlock in found[:MOST_OTHERS]:
            line = unlock.line
            screen.print(
                f"  with {' and '.join(unlock.what)}: day {line.day}, {line.band}, {line.instructor}",
                soft_wrap=True,
            )
        if not found and not why.other_times:
            screen.print("  nothing that could be granted alone helps, nor two together, of what was tried")
        _show_rivals(asked, why.session, _weeks(asked, why.session))
        return
    line = why.line
    screen.print(
        f"{why.session}: day {line.day}, {line.band}, {line.instructor}; {why.other_times} other times would do"
    )
    for one in why.others[:MOST_OTHERS]:
        screen.print(
            f"  {one.instructor} could come too: {one.minutes:+d} min driving, {one.preferences:+d} preferences, "
            f"{one.fairness:+d} fairness, {one.changes:+d} changes"
        )
    reasons: dict[str, list[str]] = {}
    for person, rules in why.barred.items():
        reasons.setdefault(rules[0], []).append(person)
    for rule, people in reasons.items():
        screen.print(
            f"  {len(people)} not, for each {rule}: {', '.join(people[:MOST_OTHERS])}", soft_wrap=True
        )
    _show_rivals(asked, why.session, [line.day // 7])


def _weeks(asked: Planned, session: str) -> list[int]:
    """In which the order of its cohort leaves days."""
    lo, hi = window(asked.given, asked.plan, asked.number(session), 0)
    return list(range(lo // 7, hi // 7 + 1))


def _show_rivals(asked: Planned, session: str, weeks: list[int]) -> None:
    """Who competes for the people it needs, first those who could be replaced most easily."""
    found = [rival for week in weeks for rival in rivals(asked, session, week)]
    for rival in sorted(found, key=lambda rival: -rival.could_do_without)[:MOST_OTHERS]:
        other = rival.line
        screen.print(
            f"  {other.instructor} holds {other.session} on day {other.day}, {other.band}; "
            f"{rival.could_do_without} others could"
        )


def _show_times(asked: Planned, session: str) -> None:
    """By rule, how many slots of the horizon it bars."""
    s, given = asked.number(session), asked.given
    counts = Counter(
        rule for slot in range(given.days * given.bands) for rule in time_barred(given, asked.plan, s, slot)
    )
    for rule, count in counts.most_common():
        screen.print(f"  {count} of {given.days * given.bands} times not: {rule}")
