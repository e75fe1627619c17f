"""What order-intake says of a person whose data it is the home of. Key on `songjiao.demand`: the worker.

Ids and codes only: who asked and why in which words stays with whoever was asked.
"""

from datetime import date

from contracts.base import DEMAND, Fact
from contracts.values import Reason, WorkerId


class WorkerFact(Fact):
    """Said about one person."""

    source = "order-intake"
    topic = DEMAND
    about = "worker_id"
    worker_id: WorkerId
    reason: Reason


class WorkerExported(WorkerFact):
    """Somebody was given everything that is held of the person, as one file."""

    type = "worker.exported.v1"
    exported_on: date


class WorkerErased(WorkerFact):
    """Name, ID number and birth date are destroyed here; whoever was told the name drops it too."""

    type = "worker.erased.v1"
    erased_on: date
