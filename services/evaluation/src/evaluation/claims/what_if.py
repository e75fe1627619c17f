"""What all certificates bring by today's rules, and what they would by others. Pure; nothing is changed by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from contracts.programme import Programmes
from contracts.values import CertificateId, EnterpriseId, LevelCode, OrderId, OrderNumber, WorkerId
from evaluation.certificates.rules import OF_ENTERPRISE, Certificate
from evaluation.claims.rules import once
from evaluation.orders.commands import Order
from staffing.subsidies import FEN, certificate_allowance, in_a_year


@dataclass(frozen=True)
class Line:
    """An order's certificates of one level."""

    order_id: OrderId
    number: OrderNumber
    enterprise_id: EnterpriseId
    level: LevelCode
    certificates: int
    claimed_fen: int
    """What standing claims have for them."""
    fen: int
    other_fen: int

    @property
    def difference(self) -> int:
        """In fen, of the other rules against today's."""
        return self.other_fen - self.fen


def worth(certificates: Sequence[Certificate], programmes: Programmes) -> dict[CertificateId, int]:
    """What each certificate that holds brings: once for each person, occupation and level, the first of them.

    One in the place of another counts for it. A limit of the year counts by the year in which the first was issued, as
    if each were claimed then.
    """
    by_id = {each.certificate_id: each for each in certificates}
    first: dict[object, Certificate] = {}
    for each in sorted(certificates, key=lambda one: (one.first_issued(by_id), one.number)):
        if each.valid and each.kind != OF_ENTERPRISE:
            first.setdefault(once(each), each)
    amounts = {
        each.certificate_id: int(allowance.yuan * FEN) if allowance else 0
        for each in first.values()
        for allowance in [certificate_allowance(each.level, programmes)]
    }
    years: dict[tuple[WorkerId, int], list[Certificate]] = {}
    for each in first.values():
        years.setdefault((each.worker_id, each.first_issued(by_id).year), []).append(each)
    for some in years.values():
        rule = programmes.rules.subsidy.a_year(max(each.first_issued(by_id) for each in some))
        paid = in_a_year([amounts[each.certificate_id] for each in some], rule)
        amounts.update(zip((each.certificate_id for each in some), paid, strict=True))
    return amounts


def compare(
    certificates: Sequence[Certificate],
    orders: Mapping[OrderId, Order],
    claimed: Mapping[CertificateId, int],
    programmes: Programmes,
    other: Programmes,
) -> list[Line]:
    """By order and level; the lines add up to the whole."""
    today, then = worth(certificates, programmes), worth(certificates, other)
    groups: dict[tuple[str, OrderId, LevelCode], list[CertificateId]] = {}
    for each in certificates:
        if each.certificate_id in today:
            key = (orders[each.order_id].number, each.order_id, each.level)
            groups.setdefault(key, []).append(each.certificate_id)
    return [
        Line(
            order_id=order_id,
            number=number,
            enterprise_id=orders[order_id].enterprise_id,
            level=level,
            certificates=len(ids),
            claimed_fen=sum(claimed.get(one, 0) for one in ids),
            fen=sum(today[one] for one in ids),
            other_fen=sum(then[one] for one in ids),
        )
        for (number, order_id, level), ids in sorted(groups.items())
    ]
