"""What the portal can be told from outside, beside what every service has."""

from pathlib import Path

from pydantic import Field, SecretStr

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
    check_limit: int = Field(
        30, ge=1, description="Certificate checks that one address may ask for in a minute (count)."
    )

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
