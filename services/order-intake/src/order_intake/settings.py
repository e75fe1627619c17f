"""What order-intake can be told from outside, beside what every service has."""

import base64
import binascii

from pydantic import Field, SecretStr

from servicekit.settings import Settings as KitSettings

KEY_BYTES = 32


class Settings(KitSettings):
    """The settings of order-intake."""

    index_key: SecretStr = Field(
        SecretStr(""),
        description="Key of the blind index that makes a worker's id of the ID number: 32 bytes, base64. "
        "It must never change: with another key the same worker gets another id.",
    )

    def index_key_bytes(self) -> bytes:
        """The key itself; `ValueError` when it is missing or no key."""
        try:
            key = base64.b64decode(self.index_key.get_secret_value(), validate=True)
        except binascii.Error:
            key = b""
        if len(key) != KEY_BYTES:
            raise ValueError("SONGJIAO_INDEX_KEY must be 32 bytes in base64")
        return key
