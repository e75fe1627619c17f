"""What is asked of the board, and the address that asks it again. Pure."""

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Asked:
    """Which view, what is searched, how the table is sorted; `town`: the county whose orders under way are shown."""

    view: str = "cards"
    query: str = ""
    sort: str = ""
    town: str = ""

    def url(self, path: str = "/board", **changed: str) -> str:
        """The same with something different; what is empty is left out."""
        told = {"view": self.view, "sort": self.sort, "q": self.query, "town": self.town} | changed
        return f"{path}?{urlencode({name: value for name, value in told.items() if value})}"
