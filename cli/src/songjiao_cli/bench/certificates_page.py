"""The page of certificates in bulk, and the numbers behind it."""

import json
from collections.abc import Iterator
from pathlib import Path

from songjiao_cli.bench.certificates import Found, rows, told
from songjiao_cli.bench.needs import number, prose
from songjiao_cli.bench.proof import machine

PACKAGES = ("typst", "segno", "pyjwt", "asyncpg", "cryptography", "fastapi")


def before() -> dict[str, str]:
    """Where it is measured, and what else the machine has to do before it begins."""
    return machine(PACKAGES)


def write(folder: Path, found: Found, where: dict[str, str]) -> None:
    """`certificates.md` and `certificates.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = {"machine": where, "rows": [row.told() for row in rows(found)], **told(found)}
    (folder / "certificates.json").write_text(json.dumps(numbers, indent=1) + "\n", encoding="utf-8")
    (folder / "certificates.md").write_text("\n".join(page(found, where)) + "\n", encoding="utf-8")


def page(found: Found, where: dict[str, str]) -> Iterator[str]:
    """The page's lines."""
    kill = " --kill" if found.kills else ""
    yield from ("# Certificates in bulk", "")
    yield from prose(
        f"Written by `songjiao bench certificates{kill} --proof docs/proof`: {found.certificates:,} certificates of "
        "invented people, order by order, printed by the running service (`python -m evaluation`) because the union "
        "asked for them over HTTP: each a PDF/A-2u with a QR code and a signed badge, kept encrypted in PostgreSQL, "
        "then fetched as one ZIP. Beside it typst alone compiles the same documents, QR codes drawn before, in the "
        "same run, in turns; both on all cores. Numbers: `certificates.json`."
    )
    yield from (f"- {name}: {value}" for name, value in where.items())
    yield from (
        "",
        "| figure | ours | beside | ratio | asked | holds |",
        "| --- | --- | --- | --- | --- | --- |",
    )
    for row in rows(found):
        ratio, beside = (number(each) if each is not None else "" for each in (row.ratio, row.baseline))
        ours = f"{number(row.value)} {row.unit}" if row.value is not None else row.why
        asked = f"at most {row.at_most:g}" if row.at_most is not None else f"at least {row.at_least:g}"
        yield f"| {row.figure} | {ours} | {beside} | {ratio} | {asked} | {'yes' if row.ok else '**no**'} |"
    yield ""
    yield from prose(
        f"The files have {found.megabytes:,.0f} MB together. After a kill the process is started again; the page of "
        "certificates that it had in hand is printed again once the dead one's lease is over (30 s), which is not "
        "counted as work."
    )
