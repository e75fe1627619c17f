"""What instructor-dispatch can be told from outside: the settings that every service has."""

from servicekit.settings import Settings as KitSettings


class Settings(KitSettings):
    """Its rules are programme data (`SONGJIAO_PROGRAMMES`); names are encrypted under `SONGJIAO_DATA_KEY`."""
