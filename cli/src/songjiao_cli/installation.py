"""What an installation on this machine keeps beside its data: keys, passwords and addresses, made once."""

import base64
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SERVICES = ("portal", "order-intake", "scheduling", "instructor-dispatch", "evaluation")
"""In the order of their ports: 8100, 8101, …"""
PACKAGES = {service: service.replace("-", "_") for service in SERVICES}


@dataclass(frozen=True)
class Installation:
    """The files of one installation, below its state directory."""

    folder: Path

    @property
    def keys(self) -> Path:
        """Public keys of all services (JWKS)."""
        return self.folder / "keys" / "public.json"

    def private_key(self, service: str) -> Path:
        """The service's own Ed25519 key (PEM)."""
        return self.folder / "keys" / f"{service}.pem"

    def log(self, service: str) -> Path:
        """Where the service's output goes."""
        return self.folder / "logs" / f"{service}.log"

    @property
    def secrets(self) -> dict[str, str]:
        """`data_key`, `index_key`, `check_key` (base64) and `admin_password`; made once."""
        path = self.folder / "keys" / "secrets.json"
        if not path.exists():
            made = {name: _random_key() for name in ("data_key", "index_key", "check_key")}
            made["admin_password"] = secrets.token_urlsafe(12)
            _write_private(path, json.dumps(made, indent=1))
        read: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return read

    def make_keys(self) -> None:
        """A signing key for each service, and the file with the public halves that all of them read."""
        if self.keys.exists():
            return
        public = []
        for service in SERVICES:
            key = Ed25519PrivateKey.generate()
            pem = key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            _write_private(self.private_key(service), pem.decode())
            raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            x = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
            public.append(
                {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": service, "x": x}
            )
        self.keys.write_text(json.dumps({"keys": public}, indent=1), encoding="utf-8")


def _random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
