"""What a certificate says as an Open Badge 3.0, and where its status is told. Pure: claims in, claims out.

The credential is a W3C Verifiable Credential 2.0 in a JWT. It names nobody: the holder is a number that only this
installation can make, and whoever wants to know whose it is opens the public page that it points to.
"""

import base64
import gzip
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from evaluation.certificates.rules import DIGITS, Certificate

Purpose = Literal["revocation", "suspension"]
Claims = dict[str, Any]
PURPOSES: tuple[Purpose, ...] = ("revocation", "suspension")
VC = "https://www.w3.org/ns/credentials/v2"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
STANDARDS = "http://www.osta.org.cn/skillStandard"
"""Where the national skill standards are told by occupation and level."""
BITS = 2**20
"""Of a status list: room for every serial of a series."""
LIST_HOLDS = timedelta(days=7)
"""So long an auditor may go by a list that was fetched."""
LIST_AGES = timedelta(hours=1)
"""After that a list that was fetched is better fetched again."""


@dataclass(frozen=True)
class Attended:
    """What the holder attended of what the order gave."""

    sessions: int
    class_hours: int
    first: date
    last: date


@dataclass(frozen=True)
class Named:
    """What codes of the certificate are called, Chinese and English."""

    occupation: tuple[str, str]
    level: tuple[str, str]


@dataclass(frozen=True)
class Places:
    """Public addresses of everything that a credential points to, and the place whose days are meant."""

    public_url: str
    zone: ZoneInfo

    def begins(self, day: date) -> datetime:
        """The first moment of a day."""
        return datetime.combine(day, time(), self.zone)

    def page(self, certificate: Certificate) -> str:
        """The public check, as the QR code has it."""
        return f"{self.public_url}/c/{certificate.number}?k={certificate.proof}"

    def issuer(self, issuer: str) -> str:
        """The issuer's profile; `did.json` below it holds its keys."""
        return f"{self.public_url}/c/issuers/{issuer}"

    def did(self, issuer: str) -> str:
        """The issuer as a decentralised identifier (did:web): the same address, written otherwise."""
        at = urlsplit(self.issuer(issuer))
        return ":".join(("did:web", quote(at.netloc, safe=""), *at.path.strip("/").split("/")))

    def status(self, issuer: str, series: str, purpose: Purpose) -> str:
        """A list of one issuer's certificates of one series of numbers."""
        return f"{self.public_url}/c/status/{issuer}/{series}/{purpose}"


def series_of(number: str) -> tuple[str, int]:
    """Organisation, year and level; and the serial, which is the place in the status list."""
    return number[:-DIGITS], int(number[-DIGITS:])


def profile(name: str, key: str, places: Places) -> Claims:
    """The issuer, as credentials carry it."""
    return {"id": places.did(key), "type": ["Profile"], "name": name, "url": places.issuer(key)}


def credential(
    certificate: Certificate, *, subject: str, named: Named, attended: Attended | None, places: Places
) -> Claims:
    """The claims of the JWT: the credential itself, and beside it `iss`, `jti`, `sub`, `nbf` as VC-JWT asks."""
    issuer, at = (
        profile(certificate.issuer, certificate.issuer_key, places),
        places.begins(certificate.issued_on),
    )
    achievement = _achievement(certificate, named, places, issuer)
    held: Claims = {
        "id": subject,
        "type": ["AchievementSubject"],
        "licenseNumber": certificate.number,
        "achievement": achievement,
        "result": _results(certificate, achievement["id"], attended),
    }
    if attended:
        held["activityStartDate"] = _iso(places.begins(attended.first))
        held["activityEndDate"] = _iso(places.begins(attended.last))
    name = f"urn:uuid:{certificate.certificate_id}"
    until = certificate.valid_until
    ends = places.begins(until + timedelta(days=1)) - timedelta(seconds=1) if until else None
    return {
        "@context": [VC, OB],
        "id": name,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achievement["name"],
        "issuer": issuer,
        "validFrom": _iso(at),
        **({"validUntil": _iso(ends)} if ends else {}),
        "credentialSubject": held,
        "evidence": [
            {
                "id": places.page(certificate),
                "type": ["Evidence"],
                "name": "证书查验 Certificate check",
                "narrative": "状态、成绩与培训经过；姓名部分显示。Status, marks, training; the name in part.",
            }
        ],
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
        "credentialStatus": _status(certificate, places),
        "iss": issuer["id"],
        "jti": name,
        "sub": subject,
        "nbf": int(at.timestamp()),
        **({"exp": int(ends.timestamp())} if ends else {}),
    }


def _achievement(certificate: Certificate, named: Named, places: Places, issuer: Claims) -> Claims:
    of = f"{places.public_url}/{certificate.issuer}/{certificate.kind}/{certificate.occupation}/{certificate.level}"
    demo = certificate.demo
    zh = f"{named.occupation[0]} {named.level[0]}"
    en = f"{named.occupation[1]}, {named.level[1]}"
    told = [
        f"经理论与操作考核合格：{zh}。Passed in theory and practice: {en}.",
        "演示编号，未经人社部门备案，不具证书效力。Demo number: not filed with any authority, no official certificate.",
    ]
    whole = f"urn:uuid:{uuid5(NAMESPACE_URL, of)}"
    return {
        "id": whole,
        "type": ["Achievement"],
        "achievementType": "Certificate",
        "name": f"{'[演示 DEMO] ' if demo else ''}{zh} · {en}",
        "description": " ".join(told if demo else told[:1]),
        "criteria": {"narrative": "各科成绩均达合格线。Every part at or above its pass mark."},
        "creator": issuer,
        "tag": [certificate.kind, *(["demo"] if demo else [])],
        "alignment": [
            _aligned("ext:Occupation", certificate.occupation, named.occupation, "职业分类大典 occupations"),
            _aligned("ext:SkillLevel", certificate.level, named.level, "职业技能等级 skill levels"),
        ],
        "resultDescription": [
            *(
                {
                    "id": _result_id(whole, part.part),
                    "type": ["ResultDescription"],
                    "name": part.part,
                    "resultType": "RawScore",
                    "valueMin": "0",
                    "valueMax": "100",
                    "requiredValue": str(part.pass_mark),
                }
                for part in certificate.parts
            ),
            {
                "id": _result_id(whole, HOURS),
                "type": ["ResultDescription"],
                "name": "实到学时 Class-hours attended",
                "resultType": "ext:ClassHours",
            },
        ],
    }


HOURS = "class_hours"


def _results(certificate: Certificate, achievement: str, attended: Attended | None) -> list[Claims]:
    marks = {str(part.part): part.mark for part in certificate.parts if part.mark is not None}
    told: list[tuple[str, object]] = [*marks.items(), (HOURS, attended.class_hours if attended else 0)]
    return [
        {"type": ["Result"], "resultDescription": _result_id(achievement, part), "value": str(value)}
        for part, value in told
    ]


def _result_id(achievement: str, part: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{achievement}/{part}')}"


def _aligned(what: str, code: str, name: tuple[str, str], framework: str) -> Claims:
    return {
        "type": ["Alignment"],
        "targetType": what,
        "targetCode": code,
        "targetName": " ".join(name),
        "targetFramework": framework,
        "targetUrl": STANDARDS,
    }


def _status(certificate: Certificate, places: Places) -> list[Claims]:
    series, serial = series_of(certificate.number)
    lists = {each: places.status(certificate.issuer_key, series, each) for each in PURPOSES}
    return [
        {
            "id": f"{url}#{serial}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": str(serial),
            "statusListCredential": url,
        }
        for purpose, url in lists.items()
    ]


def status_list(
    issuer: str, series: str, purpose: Purpose, serials: Iterable[int], *, places: Places, at: datetime
) -> Claims:
    """A Bitstring Status List credential: the serials whose certificate is revoked, or suspended."""
    url, did, until = places.status(issuer, series, purpose), places.did(issuer), at + LIST_HOLDS
    return {
        "@context": [VC],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": _iso(at),
        "validUntil": _iso(until),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encoded(serials),
            "ttl": int(LIST_AGES.total_seconds() * 1000),
        },
        "iss": did,
        "jti": url,
        "sub": f"{url}#list",
        "nbf": int(at.timestamp()),
        "exp": int(until.timestamp()),
    }


def encoded(places: Iterable[int]) -> str:
    """Bits from the left, zipped, base64url behind `u` (multibase)."""
    bits = bytearray(BITS // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    zipped = base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode()
    return f"u{zipped.rstrip('=')}"


def did_document(did: str, keys: Mapping[str, Claims]) -> Claims:
    """Every key that credentials of this issuer were signed with, by its name."""
    methods: Sequence[Claims] = [
        {"id": f"{did}#{name}", "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk}
        for name, jwk in keys.items()
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [each["id"] for each in methods],
    }


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
