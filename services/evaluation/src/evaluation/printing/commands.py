"""What is done about printing all of an order: asked for, done page by page by a job, handed out, forgotten."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from contracts.refusals import Refused
from contracts.values import BatchId, CertificateId, OrderId
from evaluation.certificates import badges
from evaluation.certificates import commands as certificates
from evaluation.certificates.rules import Certificate
from evaluation.examinations.commands import reads
from evaluation.known import known
from evaluation.printing import store
from evaluation.printing.press import Press, Printed, Wanted
from evaluation.printing.store import Run
from servicekit.clock import now
from servicekit.db import Tx
from servicekit.facts import hold_subject
from servicekit.identity import Actor
from servicekit.ids import new_id
from servicekit.timers import Due, Job, ask_for, set_deadline

PRINT, FORGET = "certificates.print", "prints.end"
KEPT = timedelta(days=7)
"""So long papers wait to be fetched. They can be printed again, the same bytes, and hold people's names."""
PAGE = 500
"""Certificates looked at between two questions to the database."""


@dataclass(frozen=True)
class Paper:
    """A certificate that is handed out: its row, its name on paper, and the bytes of its files."""

    certificate: Certificate
    holder: str
    id_masked: str
    pdf_bytes: int
    badge_bytes: int


@dataclass(frozen=True)
class Page:
    """The next certificates of a run; `last` = there are none behind them."""

    run: Run
    wanted: Sequence[Wanted]
    known_already: int
    """Of these certificates, those that were printed before and say the same."""
    behind: str
    last: bool
    press: Press


@dataclass(frozen=True)
class Done:
    """What became of a page."""

    page: Page
    printed: Sequence[Printed]
    unprintable: Sequence[tuple[str, str]]


async def ask(tx: Tx, order_id: OrderId, *, by: Actor) -> Run:
    """All certificates of the order that hold are printed; what was printed and says the same stays.

    Asked again while it goes on, it goes on.
    """
    await hold_subject(tx, order_id)
    seen = await certificates.certificates_of(tx, order_id, seen_by=by)
    if not any(each.valid for each in seen):
        raise Refused("printing.nothing")
    going = await store.lock(tx, order_id)
    if going is not None and going.ended_at is None:
        return going
    moment = await now(tx)
    total = sum(each.valid for each in await certificates.all_of(tx, order_id))
    run = Run(order_id, new_id(), moment, total, 0, "", (), None)
    await store.begin(tx, run)
    await _go_on(tx, run)
    await set_deadline(tx, FORGET, key=order_id, subject=order_id, due=moment + KEPT)
    return run


async def progress_of(tx: Tx, order_id: OrderId, *, seen_by: Actor) -> Run | None:
    """How far it is; nothing when it was never asked for, or long ago."""
    seen = {each.number for each in await certificates.certificates_of(tx, order_id, seen_by=seen_by)}
    run = await store.find(tx, order_id)
    return run and replace(run, unprintable=tuple(one for one in run.unprintable if one[0] in seen))


async def papers_of(
    tx: Tx, order_id: OrderId, batch_id: BatchId | None, *, seen_by: Actor
) -> tuple[list[Paper], list[tuple[Paper, str]]]:
    """Everything that is handed out, and what cannot be printed with its characters; `printing.not_done`."""
    seen = await certificates.certificates_of(tx, order_id, seen_by=seen_by)
    if batch_id is not None:
        of_batch = {
            each.evaluation_id for each in (await reads.batch_for(tx, batch_id, seen_by=seen_by)).candidates
        }
        seen = [each for each in seen if each.evaluation_id in of_batch]
    holding = [each for each in seen if each.valid]
    if not holding:
        raise Refused("printing.nothing")
    run = await store.find(tx, order_id)
    lacking = {one[0]: one[1] for one in (run.unprintable if run else ())}
    found, left, without = list[Paper](), 0, list[tuple[Paper, str]]()
    for at in range(0, len(holding), PAGE):
        page = holding[at : at + PAGE]
        kept = await store.kept(tx, [each.certificate_id for each in page])
        for each, wanted in zip(page, await _wanted(tx, order_id, page), strict=True):
            one, sheet = kept.get(each.certificate_id), wanted.sheet
            if one is not None and one.digest == wanted.digest:
                found.append(Paper(each, sheet.holder, sheet.id_masked, one.pdf_bytes, one.badge_bytes))
            elif each.number in lacking:
                without.append((Paper(each, sheet.holder, sheet.id_masked, 0, 0), lacking[each.number]))
            else:
                left += 1
    if left:
        raise Refused("printing.not_done", left=left)
    return found, without


async def contents_of(tx: Tx, papers: Sequence[Paper]) -> Mapping[CertificateId, tuple[bytes, str]]:
    """PDF and badge of each."""
    return await store.papers(tx, [each.certificate.certificate_id for each in papers])


async def forget(tx: Tx, order_id: OrderId) -> None:
    """They waited long enough."""
    await store.forget(tx, order_id)


class PrintCertificates(Job[Page | None, Done | None]):
    """One page of a run: what it has printed is kept, and the next page asked for, in one transaction.

    A process that dies in it loses this page and no other; printed again it has the same numbers and bytes.
    """

    async def read(self, tx: Tx, due: Due) -> Page | None:
        """The certificates behind those that are done; nothing of a run that another has taken the place of."""
        order_id = OrderId(due.subject)
        run = await store.find(tx, order_id)
        if run is None or str(run.run_id) != due.data["run"] or run.after != due.data["after"]:
            return None
        most = known(tx).printed_at_once
        page = await certificates.page_of(tx, order_id, after=run.after, most=most)
        holding = [each for each in page if each.valid]
        wanted = await _wanted(tx, order_id, holding)
        kept = await store.kept(tx, [each.certificate_id for each in holding])
        new = [
            each
            for each in wanted
            if (one := kept.get(each.certificate_id)) is None or one.digest != each.digest
        ]
        return Page(
            run=run,
            wanted=new,
            known_already=len(wanted) - len(new),
            behind=page[-1].number if page else run.after,
            last=len(page) < most,
            press=Press(known(tx).paper, known(tx).signer.sign),
        )

    def compute(self, given: Page | None) -> Done | None:
        """Printed, but for those with a character that no font has."""
        if given is None:
            return None
        lacking = [(each, given.press.paper.lacks(each.sheet.words)) for each in given.wanted]
        printed = given.press.all([each for each, lacks in lacking if not lacks])
        return Done(given, printed, [(each.sheet.number, lacks) for each, lacks in lacking if lacks])

    async def save(self, tx: Tx, due: Due, output: Done | None) -> None:  # noqa: ARG002  the base's form
        """Keep them and how far it is, unless the run was begun anew or forgotten meanwhile."""
        if output is None:
            return
        page, moment = output.page, await now(tx)
        run = await store.lock(tx, page.run.order_id)
        if run is None or (run.run_id, run.after) != (page.run.run_id, page.run.after):
            return
        await badges.keep_key(tx)
        await store.keep(tx, run.order_id, output.printed, moment)
        so_far = replace(
            run,
            done=run.done + page.known_already + len(page.wanted),
            after=page.behind,
            unprintable=(*run.unprintable, *output.unprintable),
            ended_at=moment if page.last else None,
        )
        await store.advance(tx, so_far)
        if not page.last:
            await _go_on(tx, so_far)


async def _go_on(tx: Tx, run: Run) -> None:
    data = {"run": str(run.run_id), "after": run.after}
    key = f"{run.order_id}:{run.after or 'first'}:{run.run_id}"
    await ask_for(tx, PRINT, key=key, subject=run.order_id, data=data)


async def _wanted(tx: Tx, order_id: OrderId, page: Sequence[Certificate]) -> list[Wanted]:
    sheets = await certificates.sheets_of(tx, page)
    claims = await badges.claims_of(tx, order_id, page)
    wanted = [
        Wanted(each.certificate_id, sheet, says)
        for each, sheet, says in zip(page, sheets, claims, strict=True)
    ]
    return await asyncio.to_thread(lambda: [each for each in wanted if each.digest])  # summed beside the loop
