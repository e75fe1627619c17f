"""What the union has typed as second person, for one part: read whole before anything is sent. Pure."""

from collections.abc import Mapping
from decimal import Decimal

from portal.desks.assessor.typed import Fault, OneMark, is_mark
from portal.desks.evaluation.seen import BatchSeen

MARK, ABSENT, STAR = "mark-", "absent-", "star-"


def read(batch: BatchSeen, part: str, form: Mapping[str, str]) -> tuple[list[OneMark], list[Fault]]:
    """All marks, or every fault by whose it is; a field that stays empty is not entered."""
    people = {str(each.evaluation_id): each.name for each in batch.admitted}
    marks: list[OneMark] = []
    faults: list[Fault] = []
    for id_ in dict.fromkeys(_whose(name) for name, value in form.items() if value and _whose(name)):
        typed, gone = form.get(f"{MARK}{id_}", "").strip(), bool(form.get(f"{ABSENT}{id_}"))
        failed = [
            name.partition("_")[2]
            for name, value in form.items()
            if name.startswith(f"{STAR}{id_}_") and value
        ]
        name, field = people.get(id_), f"{MARK}{id_}"
        if name is None:
            faults.append(Fault("marks.stranger", value=typed))
        elif gone and typed:
            faults.append(Fault("marks.absent_with_mark", name, part, typed, field))
        elif typed and not is_mark(typed):
            faults.append(Fault("marks.no_mark", name, part, typed, field))
        elif failed and not typed:
            faults.append(Fault("marks.star_alone", name, part, failed[0], field))
        elif gone:
            marks.append({"evaluation_id": id_, "mark": None})
        elif typed:
            one: OneMark = {"evaluation_id": id_, "mark": str(Decimal(typed))}
            marks.append(one | ({"failed": failed} if failed else {}))
    return ([] if faults else marks), faults


def _whose(name: str) -> str:
    if name.startswith(STAR):
        return name.removeprefix(STAR).partition("_")[0]
    return next((name.removeprefix(each) for each in (MARK, ABSENT) if name.startswith(each)), "")
