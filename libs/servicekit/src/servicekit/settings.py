"""What a service can be told from outside: environment variables `SONGJIAO_…`, with unit, default, meaning.

A service adds its own by inheriting from `Settings`; the same names hold in every service.
"""

import os
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "SONGJIAO_"
Doing = Literal["http", "consumers", "relay", "timers"]


class Settings(BaseSettings):
    """The settings every service has."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", description="Address the HTTP server listens on.")
    port: int = Field(8000, ge=0, le=65535, description="TCP port of the HTTP server; 0 = any free one.")
    listener: int | None = Field(
        None,
        ge=3,
        description="Number of an open socket that listens already, from whoever starts the service; "
        "host and port are not used then.",
    )
    url: dict[str, str] = Field(
        default={},
        description="Base URLs of the neighbours, one variable each: SONGJIAO_URL_<SERVICE>, "
        "for example SONGJIAO_URL_ORDER_INTAKE.",
    )

    kafka: str = Field("127.0.0.1:9092", description="Kafka bootstrap servers, separated by commas.")
    topic_prefix: str = Field(
        "", description="Put before every topic and consumer group: several systems on one Kafka."
    )
    replica: str = Field(
        "", description="Stable name of this replica among its like; comes back to work in 1 s after a crash."
    )

    database: str = Field(
        "postgresql://postgres@127.0.0.1:5432",
        repr=False,
        description="PostgreSQL server. The database's name is the service's, with underscores; "
        "SONGJIAO_DATABASE_<SERVICE> (a whole URL) moves one.",
    )
    database_connections: int = Field(
        16, ge=4, le=200, description="Most connections of one process to its database (count)."
    )
    data_key: SecretStr = Field(
        SecretStr(""),
        description="Key of the encrypted columns: 32 bytes, base64. Needed where personal data is kept.",
    )
    further_data_keys: SecretStr = Field(
        SecretStr(""),
        description="While that key is changed: further keys, separated by commas. Columns are read by them, never "
        "written (`python -m <service> rekey`).",
    )
    migrate_on_start: bool = Field(
        default=True, description="Bring the tables to the newest version before serving."
    )

    keys: Path | None = Field(None, description="File with the public keys of all services (JWKS).")
    private_key: Path | None = Field(None, description="This service's own Ed25519 key (PEM).")

    zone: str = Field("Asia/Shanghai", description="Zone of the local calendar: what `today` means.")
    programmes: Path = Field(Path("programmes"), description="Folder of programmes, rules and calendars.")
    practice: bool = Field(
        default=False,
        description="Practice mode: the season's conductor may move the clock. Never in production.",
    )

    does: tuple[Doing, ...] = Field(
        ("http", "consumers", "relay", "timers"),
        description="Parts this process runs (JSON list); health and metrics are always there.",
    )
    batch: int = Field(
        0, ge=0, le=5000, description="Most facts in one batch (count); 0 = what the consumer declares."
    )
    job_workers: int = Field(2, ge=1, le=32, description="Jobs computed at the same time (count).")
    poll_milliseconds: int = Field(
        250, ge=5, le=5000, description="Pause between two looks at unsent facts and due work (ms)."
    )
    graceful_seconds: float = Field(
        20, gt=0, description="Longest wait for work in hand when the process is told to stop (s)."
    )
    watchdog_seconds: float = Field(
        60, gt=0, description="A consumer with lag and no attempt for so long ends the process (s)."
    )

    log_level: str = Field("INFO", description="Least level that is logged: DEBUG, INFO, WARNING, ERROR.")
    log_format: Literal["json", "console"] = Field("json", description="One JSON object a line, or for eyes.")
    otlp: str = Field(
        "", description="OpenTelemetry collector (OTLP over HTTP, base URL); empty = no traces leave."
    )
    fault: str = Field(
        "",
        description="Chaos tests only: the process kills itself at this point, `name` or `name:n-th time`; "
        "`@folder`: it does at each point what a file of that name in the folder says.",
    )

    def database_of(self, service: str) -> str:
        """The URL of a service's database."""
        name = service.replace("-", "_")
        own = os.environ.get(f"{PREFIX}DATABASE_{name.upper()}")
        if own:
            return own
        return urlunsplit(urlsplit(self.database)._replace(path=f"/{name}"))

    def url_of(self, service: str) -> str:
        """The base URL of a neighbour; `LookupError` when nobody has told it."""
        name = service.replace("-", "_")
        found = self.url.get(service) or os.environ.get(f"{PREFIX}URL_{name.upper()}")
        if not found:
            raise LookupError(f"{PREFIX}URL_{name.upper()} is not set")
        return found.rstrip("/")

    def topic(self, name: str) -> str:
        """The topic's name on this Kafka."""
        return f"{self.topic_prefix}{name}"

    @property
    def local(self) -> ZoneInfo:
        """The zone of the local calendar."""
        return ZoneInfo(self.zone)
