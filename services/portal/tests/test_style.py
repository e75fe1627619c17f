"""The style sheet: every pair of text and ground that occurs can be read (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.rules
CSS = (Path(__file__).parents[1] / "web" / "own" / "app.css").read_text(encoding="utf-8")
TOKENS = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", CSS))
GROUNDS = ("paper", "card", "sunk")
TEXTS = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3", "pine") for ground in GROUNDS),
    *((colour, "card") for colour in ("amber", "red", "violet", "green", "blue")),
    *((colour, f"{colour}-soft") for colour in ("amber", "red", "violet", "green", "blue")),
    *((ink, "teal-soft") for ink in ("ink", "ink-2", "teal")), ("card", "pine"), ("card", "pine-hover"),
    ("ink-2", "green-soft"), ("ink-2", "amber-soft"), ("ink-2", "red-soft"), ("rail-text", "rail"),
    ("rail-text", "rail-sunk"), ("rail-on", "rail-sunk"), ("ink", "pine-soft"), ("ink-2", "pine-soft"),
    *((f"c{n}", f"c{n}-soft") for n in (2, 3, 4)), ("violet", "card"),
]  # fmt: skip
EDGES = [("edge", "card"), ("edge", "paper"), ("pine", "card"), ("pine", "paper"), ("red", "card")]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(TOKENS[one]), luminance(TOKENS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read_on_its_ground(text, ground):
    assert contrast(text, ground) >= 4.5


@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_and_the_focus_ring_can_be_seen(edge, ground):
    assert contrast(edge, ground) >= 3


def test_colours_are_tokens():
    rules = CSS[CSS.index("@layer base") :]
    allowed = {"#fff", "#241a05", "#b5dcbb", "#eab6b1", "#15512a"}
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", rules)) <= allowed
