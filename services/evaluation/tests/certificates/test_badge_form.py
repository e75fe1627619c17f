"""The form of a badge: what the published schema of Open Badges 3.0 (AchievementCredential) asks, and the published
contexts define. The schema itself comes with no package: its required and allowed fields are written down here.
"""

import json
from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import openbadgeslib.ob3.contexts as published
import pytest
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from evaluation.certificates import badge
from evaluation.certificates.badge import Attended, Named, Places

from .test_rules import a_certificate

pytestmark = pytest.mark.rules
Uri = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9+.-]*:\S+$")]
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$")]
Extended = Annotated[str, StringConstraints(pattern=r"^(ext:[a-zA-Z0-9._-]+|[A-Za-z:]+)$")]
JWT = frozenset({"iss", "jti", "sub", "nbf", "exp"})
"""Claims of the token around the credential."""


class Strict(BaseModel):
    """Nothing that the schema does not name."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)


class Profile(Strict):
    id: Uri
    type: list[str] = Field(min_length=1)
    name: str | None = None
    url: Uri | None = None


class Alignment(Strict):
    type: list[Literal["Alignment"]] = Field(min_length=1)
    target_name: str
    target_url: Uri
    target_code: str | None = None
    target_description: str | None = None
    target_framework: str | None = None
    target_type: Extended | None = None


class ResultDescription(Strict):
    id: Uri
    type: list[Literal["ResultDescription"]] = Field(min_length=1)
    name: str
    result_type: Extended
    required_value: str | None = None
    value_max: str | None = None
    value_min: str | None = None


class Criteria(Strict):
    id: Uri | None = None
    narrative: str | None = None


class Achievement(Strict):
    id: Uri
    type: list[Literal["Achievement"]] = Field(min_length=1)
    criteria: Criteria
    description: str
    name: str
    achievement_type: Extended | None = None
    alignment: list[Alignment] = []
    creator: Profile | None = None
    result_description: list[ResultDescription] = []
    tag: list[str] = []


class Result(Strict):
    type: list[Literal["Result"]] = Field(min_length=1)
    result_description: Uri | None = None
    value: str | None = None


class AchievementSubject(Strict):
    """Of which the schema forbids whatever it does not name."""

    type: list[Literal["AchievementSubject"]] = Field(min_length=1)
    achievement: Achievement
    id: Uri
    activity_start_date: Moment | None = None
    activity_end_date: Moment | None = None
    license_number: str | None = None
    result: list[Result] = []


class Evidence(Strict):
    type: list[Literal["Evidence"]] = Field(min_length=1)
    id: Uri | None = None
    name: str | None = None
    narrative: str | None = None


class Schema(Strict):
    id: Uri
    type: Literal["1EdTechJsonSchemaValidator2019"]


class Status(Strict):
    id: Uri
    type: Literal["BitstringStatusListEntry"]
    status_purpose: Literal["revocation", "suspension"]
    status_list_index: Annotated[str, StringConstraints(pattern=r"^\d+$")]
    status_list_credential: Uri


class AchievementCredential(Strict):
    context: Annotated[list[Uri], Field(alias="@context", min_length=2)]
    id: Uri
    type: list[str] = Field(min_length=2)
    credential_subject: AchievementSubject
    issuer: Profile
    valid_from: Moment
    valid_until: Moment | None = None
    name: str | None = None
    evidence: list[Evidence] = []
    credential_schema: list[Schema] = []
    credential_status: list[Status] = []


def claims(**given):
    return badge.credential(
        replace(a_certificate(), **given),
        subject="urn:uuid:5f6a7b8c-0000-4000-8000-000000000000",
        named=Named(("电工", "Electrician"), ("四级/中级工", "Level 4")),
        attended=Attended(sessions=2, class_hours=8, first=date(2026, 4, 1), last=date(2026, 4, 2)),
        places=Places("https://songjiao.example", ZoneInfo("Asia/Shanghai")),
    )


def credential(**given):
    return {name: value for name, value in claims(**given).items() if name not in JWT}


@pytest.mark.parametrize("given", [{}, {"demo": False}, {"valid_until": date(2029, 5, 5)}])
def test_it_has_every_field_that_is_asked_and_none_that_is_unknown(given):
    read = AchievementCredential.model_validate(credential(**given))
    assert read.context[0] == "https://www.w3.org/ns/credentials/v2"
    assert read.context[1].startswith("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.")
    assert {"VerifiableCredential", "OpenBadgeCredential"} <= set(read.type)
    described = {each.id for each in read.credential_subject.achievement.result_description}
    assert {each.result_description for each in read.credential_subject.result} <= described


def test_its_end_is_the_last_second_of_its_last_day():
    told = claims(valid_until=date(2029, 5, 5))
    assert told["validUntil"] == "2029-05-05T15:59:59Z"
    assert told["exp"] > told["nbf"]
    assert "validUntil" not in claims()


@pytest.mark.parametrize("lacking", ["@context", "id", "type", "credentialSubject", "issuer", "validFrom"])
def test_the_form_refuses_one_without_a_field_that_is_asked(lacking):
    told = credential()
    del told[lacking]
    with pytest.raises(ValidationError):
        AchievementCredential.model_validate(told)


def test_every_term_is_defined_in_the_published_contexts():
    terms = set[str]()
    for name in ("credentials-v2.json", "ob-v3p0-context-3.0.3.json"):
        terms |= _keys(json.loads(files(published).joinpath(name).read_text(encoding="utf-8")))
    assert _keys(credential(valid_until=date(2029, 5, 5))) - {"@context"} <= terms


def _keys(of):
    if isinstance(of, dict):
        return set(of) | {key for each in of.values() for key in _keys(each)}
    return {key for each in of for key in _keys(each)} if isinstance(of, list) else set()
