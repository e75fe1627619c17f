"""Prints many certificates, each with its QR code and its signed badge, on all cores of the machine.

typst works without Python's lock, so threads are enough. The same certificate gives the same digest, so that what was
printed before is known again.
"""

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from contracts.values import CertificateId
from evaluation.paper import Paper, Sheet

Claims = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """A certificate that is to be printed, and what its badge says."""

    certificate_id: CertificateId
    sheet: Sheet
    claims: Claims

    @property
    def digest(self) -> str:
        """Of all that paper and badge say."""
        told = json.dumps([vars(self.sheet), self.claims], default=str, ensure_ascii=False, sort_keys=True)
        return sha256(told.encode()).hexdigest()


@dataclass(frozen=True)
class Printed:
    """A certificate on paper, and its badge."""

    certificate_id: CertificateId
    digest: str
    pdf: bytes
    badge: str


@dataclass(frozen=True)
class Press:
    """Where it is printed, and by whom badges are signed: claims and the issuer's identifier in, a JWT out."""

    paper: Paper
    sign: Callable[[Claims, str], str]
    cores: int = os.cpu_count() or 1

    def all(self, wanted: Sequence[Wanted]) -> list[Printed]:
        """All of them, in their order."""
        with ThreadPoolExecutor(self.cores) as hands:
            return list(hands.map(self.one, wanted))

    def one(self, wanted: Wanted) -> Printed:
        """One of them."""
        pdf = self.paper.print(wanted.sheet)
        badge = self.sign(wanted.claims, wanted.claims["iss"])
        return Printed(wanted.certificate_id, wanted.digest, pdf, badge)
