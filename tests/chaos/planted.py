"""Seven bugs, each planted in a copy of the sources, that the chaos rounds must find."""

import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
KIT = "libs/servicekit/src"
DISPATCH = "services/instructor-dispatch/src"


@dataclass(frozen=True)
class Bug:
    """Texts to exchange in files below a source folder, the faults that give it a chance to show, and by which
    ledgers or invariants it must show: a crash or a system that never gets quiet proves nothing about the oracle.
    """

    folder: str
    changes: tuple[tuple[str, str, str], ...]
    faults: tuple[str, ...]
    ledgers: tuple[str, ...]

    def shows_in(self, line: str) -> bool:
        """Whether what was found is the difference that this bug makes."""
        return line.startswith(tuple(f"{each}:" for each in self.ledgers))

    def plant(self, into: Path) -> Path:
        """A copy of the source folder with the bug; what it exchanges must be there."""
        copy = into / "src"
        shutil.copytree(ROOT / self.folder, copy, ignore=shutil.ignore_patterns("__pycache__"))
        for name, right, wrong in self.changes:
            file = copy / name
            text = file.read_text(encoding="utf-8")
            assert right in text, f"{name} does not have what the bug exchanges: {right}"
            file.write_text(text.replace(right, wrong), encoding="utf-8")
        return copy


KILLS = ("killed in the consumer", "killed in the relay", "service killed", "database killed")
BUGS = {
    "acknowledged before the commit": Bug(
        KIT,
        (
            (
                "servicekit/consumer.py",
                '        passed("consumer.after_poll")\n',
                '        await message.ack()\n        passed("consumer.after_poll")\n',
            ),
        ),
        ("killed in a reaction",),
        ("E", "follows"),
    ),
    "no subject lock while the decision is taken": Bug(
        KIT,
        (
            (
                "servicekit/facts.py",
                "    for row in await tx.driver.fetch(DRAW, wanted):\n",
                "    tx.held.update(dict.fromkeys(wanted, -1))\n    for row in ():\n",
            ),
            (
                "servicekit/facts.py",
                "        sequence = tx.held[subject]\n",
                ("        for row in await tx.driver.fetch(DRAW, [subject]) if tx.held[subject] == -1 else ():\n"
                '            tx.held[row["subject"]] = row["sequence"]\n'
                "        sequence = tx.held[subject]\n"),
            ),
        ),
        ("service killed", "serialisation failures and deadlocks injected"),
        ("states", "once"),
    ),
    "relay strikes off before the acknowledgement": Bug(
        KIT,
        (
            (
                "servicekit/relay.py",
                '        passed("relay.before_send")\n',
                ('        before = window_after(self._sealed, rows)\n'
                '        self._sealed = await close_window(connection, self._sealed, before, rows)\n'
                '        passed("relay.before_send")\n'),
            ),
            ("servicekit/relay.py", "        window = window_after(self._sealed, rows)\n", ""),
            (
                "servicekit/relay.py",
                "        self._sealed = await close_window(connection, self._sealed, window, rows)\n",
                "",
            ),
        ),
        ("killed in the relay",),
        ("S",),
    ),
    "parking lets later facts pass": Bug(
        KIT,
        (
            (
                "servicekit/taking.py",
                "        if not waits:\n            return list(chunk)\n",
                "        return list(chunk)\n",
            ),
            (
                "servicekit/taking.py",
                "        if first is not None and not fills:\n",
                "        if False and not fills:\n",
            ),
        ),
        ("poison of five kinds, and an unknown type",),
        ("E", "O"),
    ),
    "replay applies twice": Bug(
        KIT,
        (
            (
                "servicekit/taking.py",
                "                    await self._apply(tx, [fact], Outcome())\n",
                "                    await self._apply(tx, [fact], Outcome())\n" * 2,
            ),
        ),
        ("a handler's bug, killed while it is replayed, replayed twice at once",),
        ("E",),
    ),
    "idempotency key ignored": Bug(
        KIT,
        (
            ("servicekit/http.py",
                "    if row is None:\n        return\n",
                "    if row is None or row:\n        return\n",
            ),
            (
                "servicekit/said.py",
                'values ($1, $2, $3, $4, $5::jsonb, $6)"',
                'values ($1, $2, $3, $4, $5::jsonb, $6) on conflict do nothing"',
            ),
            (
                "servicekit/said.py",
                "values ($7, $8, $9, $10, $11::jsonb, $12)\n",
                "values ($7, $8, $9, $10, $11::jsonb, $12) on conflict do nothing\n",
            ),
        ),
        KILLS,
        ("L",),
    ),
    "exclusion constraint dropped": Bug(
        DISPATCH,
        (
            (
                "instructor_dispatch/migrations/v0001_first.py",
                '    op.create_index(\n        "offer_person_ix",',
                ('    op.execute("alter table reservation drop constraint reservation_one_place_at_a_time")\n'
                '    op.create_index(\n        "offer_person_ix",'),
            ),
            (  # both checks before the table: without them it is the only guard, and they would hide its loss
                "instructor_dispatch/reservations/commands.py",
                "    if book.travel.clash(rules.fixed(row, book), rules.diary(around, book)) is not None:\n",
                "    if False:\n",
            ),
            ("instructor_dispatch/offers/commands/taking.py", "    if against:\n", "    if False:\n"),
        ),
        ("service killed", "records delivered one to five times"),
        ("places",),
    ),
}  # fmt: skip
