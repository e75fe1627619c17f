"""Where a part's time goes: py-spy's samples, put together by what the frames belong to, and drawn as bars."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

KINDS = (
    ("asyncpg/", "asyncpg: the database's protocol"),
    ("aiokafka/", "aiokafka: Kafka's protocol"),
    ("sqlalchemy/", "SQLAlchemy"),
    ("pydantic/", "pydantic: models"),
    ("contracts/", "contracts: envelopes and facts"),
    ("portal/boards", "portal: folds of the boards"),
    ("servicekit/http", "servicekit: route, key, answer kept"),
    ("servicekit/facts", "servicekit: facts recorded"),
    ("servicekit/boards", "servicekit: rows of the boards"),
    ("servicekit/", "servicekit: the rest"),
    ("portal/", "portal: the rest"),
    ("fastapi/", "FastAPI"),
    ("starlette/", "Starlette"),
    ("uvicorn/", "uvicorn: HTTP"),
    ("h11/", "uvicorn: HTTP"),
    ("faststream/", "FastStream"),
    ("opentelemetry/", "OpenTelemetry"),
    ("prometheus_client/", "Prometheus"),
    ("structlog/", "logs"),
    ("asyncio/", "event loop"),
    ("uvloop/", "event loop"),
)
COLOURS = (
    "#1f6f8b",
    "#c8553d",
    "#588157",
    "#e0a458",
    "#7b5ea7",
    "#4a6fa5",
    "#b56576",
    "#6c757d",
    "#3d405b",
    "#99a98f",
)
MOST = 9
WIDTH, BAR, GAP, LEFT = 900, 24, 8, 330


@dataclass(frozen=True)
class Costs:
    """Of one part: share of each kind, the largest first."""

    part: str
    shares: tuple[tuple[str, float], ...]
    samples: int


def read(part: str, raw: Path) -> Costs:
    """From py-spy's collapsed stacks. A sample belongs to the innermost frame whose package we can name."""
    found: Counter[str] = Counter()
    for line in raw.read_text(encoding="utf-8", errors="replace").splitlines():
        stack, _, count = line.rpartition(" ")
        if stack.count("<module>") > 1 or "Opening.look (" in stack:
            continue  # still being loaded, or looks what it lacks
        found[_kind(stack.split(";"))] += int(count)
    total = sum(found.values()) or 1
    first = found.most_common(MOST)
    rest = total - sum(count for _, count in first)
    shares = [(kind, count / total) for kind, count in first] + ([("others", rest / total)] if rest else [])
    return Costs(part, tuple(shares), total)


def _kind(frames: Sequence[str]) -> str:
    for frame in reversed(frames):
        for mark, kind in KINDS:
            if mark in frame:
                return kind
    return "interpreter and others"


def picture(costs: Sequence[Costs]) -> str:
    """Bars, one group a part, as SVG."""
    lines: list[str] = []
    top = 10
    for each in costs:
        lines.append(f'<text x="10" y="{top + 16}" class="h">{escape(each.part)}</text>')
        top += BAR + GAP
        for n, (kind, share) in enumerate(each.shares):
            colour = COLOURS[n % len(COLOURS)]
            width = max(1.0, share * (WIDTH - LEFT - 80))
            lines.append(
                f'<text x="{LEFT - 10}" y="{top + 16}" class="k">{escape(kind)}</text>'
                f'<rect x="{LEFT}" y="{top}" width="{width:.1f}" height="{BAR - 6}" fill="{colour}"/>'
                f'<text x="{LEFT + width + 6:.1f}" y="{top + 15}">{share:.0%}</text>'
            )
            top += BAR
        top += GAP
    style = "text{font:13px sans-serif;fill:#222}.h{font-weight:bold;font-size:15px}.k{text-anchor:end}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" width="{WIDTH}" height="{top}">'
        f'<rect width="100%" height="100%" fill="#fff"/><style>{style}</style>{"".join(lines)}</svg>\n'
    )
