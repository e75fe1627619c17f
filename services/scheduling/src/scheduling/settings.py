"""What scheduling can be told from outside: nothing beside what every service has."""

from pydantic import Field

from servicekit.settings import Settings as KitSettings


class Settings(KitSettings):
    """The settings of scheduling."""

    port: int = Field(8102, ge=0, le=65535, description="TCP port of the HTTP server; 0 = any free one.")
