"""What is asked of the board, and the address that asks it again. Pure."""

from dataclasses import dataclass
from urllib.parse import urlencode

MOST_ROWS = 100
"""Rows of the table that are shown at first, and that are added by asking for more."""


@dataclass(frozen=True)
class Asked:
    """Which view, what is searched, how the table is sorted; `town`: the county whose orders under way are shown."""

    view: str = "cards"
    query: str = ""
    sort: str = ""
    town: str = ""
    rows: int = MOST_ROWS

    def url(self, path: str = "/board", **changed: str) -> str:
        """The same with something different; what is empty, and the usual number of rows, is left out."""
        rows = str(self.rows) if self.rows != MOST_ROWS else ""
        told = {"view": self.view, "sort": self.sort, "q": self.query, "town": self.town, "rows": rows}
        return f"{path}?{urlencode({name: value for name, value in (told | changed).items() if value})}"

    @property
    def more(self) -> str:
        """The same with more rows."""
        return self.url(rows=str(self.rows + MOST_ROWS))
