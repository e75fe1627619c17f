"""What a fact is, how it travels (CloudEvents 1.0, structured JSON), and the register of all facts.

A fact is something that happened, in the past tense, said by exactly one service about exactly one subject.
The sender's module (`contracts.order_intake`, ...) says who it is; the class says topic, type and subject.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Self, get_args
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, GetCoreSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, core_schema

DEMAND = "songjiao.demand"
ORDERS = "songjiao.orders"
SUPPLY = "songjiao.supply"
TOPICS = (DEMAND, ORDERS, SUPPLY)

CODE = (
    r"^([A-Za-z][A-Za-z0-9_.:\-]{0,63}|[0-9][A-Za-z0-9_.:\-]{0,9}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$"
)
"""Form of a short code, a figure, a date or a UUID: never words, and too short for a phone or ID number."""
_SIGN = r"[A-Za-z_.:\-]"
_DRAWN = r"([0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{32})"
KEY = rf"^{_SIGN}*([0-9]{{1,10}}{_SIGN}+)*([0-9]{{0,10}}|{_DRAWN}({_SIGN}+[0-9]{{1,10}})*{_SIGN}*)$"
"""Form of a command's key: letters, digits and `_ . : -`; beside a drawn id (a UUID, or 32 hexadecimal digits)
never more than ten digits in a row, so that no phone or ID number can be a key."""
KEY_LENGTHS = range(8, 129)
TRACE = r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"
"""Form of a W3C `traceparent`."""
MOST = 999_999_999
"""No number in a fact is greater: enough for the trade, too short for a phone or ID number."""


class Value(BaseModel):
    """A part of facts without an identity of its own: frozen, equal by content, unknown fields ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Fact(BaseModel):
    """Something that happened. Old readers ignore fields they do not know; nobody changes a fact."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    type: ClassVar[str]
    """`<aggregate>.<what happened>.v<version>`; set by every concrete fact."""
    source: ClassVar[str]
    """The service that says it, by its folder's name."""
    topic: ClassVar[str]
    about: ClassVar[str]
    """Name of the field that holds the subject: the id that is also the key on the topic."""

    @property
    def subject(self) -> str:
        """The id this fact is about, as text: the key on the topic."""
        return str(getattr(self, self.about))

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        if "type" in cls.__dict__:
            if cls.type in _register and _register[cls.type].__qualname__ != cls.__qualname__:
                raise TypeError(f"two facts call themselves {cls.type}")
            _register[cls.type] = cls


_register: dict[str, type[Fact]] = {}


def all_facts() -> Iterator[type[Fact]]:
    """Every concrete fact of every sender, by type."""
    import contracts.aftercare  # noqa: PLC0415  the senders import this module
    import contracts.attendance  # noqa: PLC0415
    import contracts.claims  # noqa: PLC0415
    import contracts.evaluation  # noqa: PLC0415
    import contracts.examined  # noqa: PLC0415
    import contracts.findings  # noqa: PLC0415
    import contracts.instructor_dispatch  # noqa: PLC0415
    import contracts.order_intake  # noqa: PLC0415
    import contracts.overrides  # noqa: PLC0415
    import contracts.scheduling  # noqa: PLC0415
    import contracts.workers  # noqa: F401, PLC0415

    return iter(_register[key] for key in sorted(_register))


def fact_of(type_: str) -> type[Fact] | None:
    """The model of a type, or nothing when this code does not know it."""
    if not _register:
        list(all_facts())
    return _register.get(type_)


def _data(fact: Fact) -> dict[str, Any]:
    """The dump without nulls, but for those that a reader needs: nobody held, an absent candidate's mark."""
    if not _tells_null(type(fact)):
        return fact.model_dump(mode="json", exclude_none=True)
    told: dict[str, Any] = _told(fact, fact.model_dump(mode="json"))
    return told


@cache
def _tells_null(model: type[BaseModel]) -> bool:
    """Whether a field that must be told may be null, here or in a part."""
    return any(
        (field.is_required() and type(None) in _types(field.annotation))
        or any(_tells_null(each) for each in _types(field.annotation) if _is_model(each))
        for field in model.model_fields.values()
    )


def _is_model(type_: Any) -> bool:
    return isinstance(type_, type) and issubclass(type_, BaseModel)


def _types(annotation: Any) -> Iterator[Any]:
    """What an annotation is made of."""
    yield annotation
    for part in get_args(annotation):
        yield from _types(part)


def _told(value: object, dumped: Any) -> Any:
    if isinstance(value, BaseModel):
        return {
            name: _told(getattr(value, name), dumped[name])
            for name, field in type(value).model_fields.items()
            if dumped[name] is not None or field.is_required()
        }
    if isinstance(value, tuple):
        return [_told(one, plain) for one, plain in zip(value, dumped, strict=True)]
    return dumped


def is_key(text: str) -> bool:
    """Whether a command may have this key."""
    return len(text) in KEY_LENGTHS and re.fullmatch(KEY, text) is not None


class _OrNothing:
    """Whatever does not fit is left out. Said by the schema itself: a function of ours would be called per fact."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_default_schema(handler(source), default=None, on_error="default")


_Code = Annotated[str, StringConstraints(pattern=CODE)]
_Key = Annotated[str, StringConstraints(pattern=KEY, min_length=1, max_length=KEY_LENGTHS[-1])]
_Trace = Annotated[str, StringConstraints(pattern=TRACE)]


class Envelope(BaseModel):
    """A fact on its way: CloudEvents 1.0 attributes, our extensions, and the fact as `data`.

    `sequence` counts 1, 2, 3… per subject at its sender, without gaps. `causationid` is the fact that led to
    this one, absent for a person's act; `correlationid` the idempotency key of the command that began it all;
    `actor` the id of the user (or `service:<name>`), never a name. A key or trace that is none is left out,
    also of an old fact: both come from outside, and no fact stops for their sake.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: _Code
    type: _Code
    subject: _Code
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Annotated[
        str, StringConstraints(pattern=r"^urn:songjiao:schema:[a-z0-9_]{1,40}(\.[a-z0-9_]{1,40})*$")
    ]
    sequence: int = Field(ge=1, le=MOST)
    causationid: UUID | None = None
    correlationid: Annotated[_Key | None, _OrNothing] = None
    traceparent: Annotated[_Trace | None, _OrNothing] = None
    actor: _Code | None = None
    data: dict[str, Any]

    @classmethod
    def around(
        cls,
        fact: Fact,
        *,
        id: UUID,  # noqa: A002  CloudEvents' own word
        sequence: int,
        time: datetime,
        causationid: UUID | None = None,
        correlationid: str | None = None,
        traceparent: str | None = None,
        actor: str | None = None,
    ) -> Self:
        """The envelope that carries the fact."""
        return cls(
            id=id,
            source=fact.source,
            type=fact.type,
            subject=fact.subject,
            time=time,
            dataschema=f"urn:songjiao:schema:{fact.type}",
            sequence=sequence,
            causationid=causationid,
            correlationid=correlationid,
            traceparent=traceparent,
            actor=actor,
            data=_data(fact),
        )

    def to_bytes(self) -> bytes:
        """Exactly what lies in the event table and on the topic."""
        return self.model_dump_json(exclude_none=True).encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """The envelope in these bytes; a pydantic `ValidationError` when they hold none."""
        return cls.model_validate_json(raw)

    def fact(self) -> Fact:
        """The fact inside, brought to its newest version; `LookupError` for an unknown type."""
        from contracts.upcasts import to_newest  # noqa: PLC0415  upcasts import the facts

        type_, data = to_newest(self.type, self.data)
        model = fact_of(type_)
        if model is None:
            raise LookupError(f"unknown fact {self.type}")
        return model.model_validate(data)
