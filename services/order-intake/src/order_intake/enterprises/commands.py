"""What is done with enterprises."""

from contracts.order_intake import EnterpriseChanged, EnterpriseFact, EnterpriseRegistered
from contracts.refusals import Conflict
from contracts.values import EnterpriseId
from order_intake.enterprises import rules, store
from order_intake.known import known
from servicekit.db import Tx
from servicekit.facts import record
from servicekit.http import check_version
from servicekit.identity import Actor

Enterprise = store.Enterprise


def scope_of(by: Actor | None) -> str | None:
    """Whose rows somebody may see: their own organisation's, all (`None`) for union, services and reactions."""
    if by is None or by.may("union", "service"):
        return None
    return by.organisation or ""


async def register_enterprise(tx: Tx, wanted: EnterpriseRegistered, *, by: Actor) -> int:
    """The federation gets to know an enterprise; its version."""
    await store.hold(tx, wanted.enterprise_id, wanted.credit_code)
    found = await store.find(tx, wanted.enterprise_id, of=None)
    fact = rules.register(wanted, known=found is not None, **_rule_data(tx))
    await _check_holder(tx, fact)
    await store.add(tx, fact)
    await record(tx, fact, by=by)
    return 1


async def change_enterprise(
    tx: Tx, wanted: EnterpriseChanged, *, by: Actor, if_match: str | None = None
) -> int:
    """Its whole new state; its version."""
    await store.hold(tx, wanted.enterprise_id, wanted.credit_code)
    before, version = await store.read(tx, wanted.enterprise_id, of=scope_of(by))
    check_version(if_match, version)
    fact = rules.change(before, wanted, **_rule_data(tx))
    if fact is None:
        return version
    await _check_holder(tx, fact)
    await store.save(tx, fact, version + 1)
    await record(tx, fact, by=by)
    return version + 1


async def read_enterprise(tx: Tx, enterprise_id: EnterpriseId, *, by: Actor | None) -> tuple[Enterprise, int]:
    """The enterprise and its version; `enterprise.unknown` too when it is not for this actor."""
    return await store.read(tx, enterprise_id, of=scope_of(by))


async def list_enterprises(tx: Tx, *, by: Actor) -> list[Enterprise]:
    """Every enterprise this actor may see."""
    return await store.all_of(tx, of=scope_of(by))


async def _check_holder(tx: Tx, fact: EnterpriseFact) -> None:
    if await store.holder(tx, fact.credit_code) not in {None, fact.enterprise_id}:
        raise Conflict("enterprise.credit_code_taken", field="credit_code")


def _rule_data(tx: Tx) -> dict[str, frozenset[str]]:
    programmes = known(tx).programmes
    counties = (d.code for d in programmes.divisions.values() if d.level == "county" and not d.valid_to)
    return {"divisions": frozenset(counties), "shift_patterns": frozenset(programmes.shifts)}
