"""What the portal can be told from outside, beside what every service has."""

from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from portal.accounts.passwords import LEAST_MEMORY, LEAST_PASSES
from portal.mailing import Mailing, check_server
from servicekit.settings import Settings as KitSettings


class Settings(KitSettings):
    """The settings of the portal."""

    admin_password: SecretStr = Field(
        SecretStr(""),
        description="Password of the first account, `admin`, made when there is none; needed once.",
    )
    public_url: str = Field(
        "http://127.0.0.1:8100",
        description="Address under which browsers reach the portal; https makes its cookies secure ones.",
    )
    assets: Path | None = Field(
        None,
        description="Folder with the built static files and manifest.json; none = services/portal/build.",
    )
    login_hours: float = Field(
        12, gt=0, le=24 * 30, description="How long a browser login lasts without being used (h)."
    )
    oidc_issuer: str = Field(
        "",
        description="OpenID provider at which people may sign in, too (its issuer URL); empty = passwords only. "
        "It sends people back to <public URL>/login/elsewhere/back.",
    )
    oidc_client: str = Field("songjiao", description="Name by which the provider knows this portal.")
    oidc_secret: SecretStr = Field(SecretStr(""), description="Secret of that name at the provider.")
    oidc_claim: str = Field(
        "preferred_username",
        description="Claim of the ID token that is the user name of an account here; accounts are found by it, never "
        "made. It must be one that people cannot choose themselves at the provider; an email counts if verified.",
    )
    login_failures: int = Field(
        60, ge=1, description="Wrong passwords that one address may send in a minute (count)."
    )
    password_memory: int = Field(
        LEAST_MEMORY,
        ge=LEAST_MEMORY,
        le=1024,
        description="Memory of one password's argon2id hash (MiB); weaker hashes are renewed as people log in.",
    )
    password_passes: int = Field(
        LEAST_PASSES, ge=LEAST_PASSES, le=20, description="Passes of argon2id over that memory (count)."
    )
    own_act_seconds: float = Field(
        1.0,
        ge=0,
        le=10,
        description="How long a form waits at most until its own effect can be seen here (s).",
    )
    calendar_limit: int = Field(
        60, ge=1, description="Calendars that one address may fetch by their links in a minute (count)."
    )

    smtp: SecretStr = Field(
        SecretStr(""),
        description="Mail server by which notices leave (smtp://user:password@host:587, TLS where it is offered; "
        "smtps://host for TLS from the start); empty = mails are listed, none leaves.",
    )
    mail_from: str = Field(
        "songjiao@localhost", min_length=3, description="Address that notices by mail come from."
    )

    @field_validator("smtp")
    @classmethod
    def _is_a_mail_server(cls, told: SecretStr) -> SecretStr:
        check_server(told.get_secret_value())
        return told

    @property
    def mailing(self) -> Mailing | None:
        """How mails leave; nothing where no server is set."""
        server = self.smtp.get_secret_value()
        return Mailing(server, self.mail_from, self.public_url.rstrip("/")) if server else None

    @property
    def secure(self) -> bool:
        """Whether browsers come by https."""
        return self.public_url.startswith("https://")

    def assets_folder(self) -> Path:
        """Where the built static files are."""
        if self.assets is not None:
            return self.assets
        checkout = Path(__file__).parents[2] / "build"
        return checkout if checkout.exists() else Path("services/portal/build")
