"""The parts page shows every part that templates share."""

import re
from pathlib import Path

import pytest

import portal
from portal.web.pages import capital

TEMPLATES = Path(portal.__file__).parent / "web" / "templates"
SHARED = ("macros.html", "places.html")


def macros(name: str) -> dict[str, str]:
    """The body of each macro of a template."""
    source = (TEMPLATES / name).read_text(encoding="utf-8")
    return dict(re.findall(r"{% macro (\w+)\(.*?%}(.*?){% endmacro %}", source, re.DOTALL))


def test_every_shared_part_stands_on_the_page():
    bodies = {macro: body for name in SHARED for macro, body in macros(name).items()}
    page = (TEMPLATES / "parts.html").read_text(encoding="utf-8")
    page = page.replace("lessons_table(", "lessons(").replace("planned_table(", "planned(")
    shown, reached = set(), [macro for macro in bodies if re.search(rf"\b{macro}\(", page)]
    while reached:
        shown.add(macro := reached.pop())
        reached += [
            other for other in bodies if other not in shown and re.search(rf"\b{other}\(", bodies[macro])
        ]
    assert set(bodies) - shown == set()


def test_words_among_which_somebody_chooses_begin_with_a_capital():
    assert [capital(words) for words in ("morning", "Level 5", "上午", "")] == [
        "Morning",
        "Level 5",
        "上午",
        "",
    ]
    listed = re.compile(r"{% for \w+, words in [^%]*%}<option[^>]*>{{ ([^}]*) }}")
    sources = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.html")}
    found = {name: said for name, source in sources.items() for said in listed.findall(source)}
    assert len(found) > 5
    assert [name for name, said in found.items() if said != "words | capital"] == []


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_it_is_shown_in_both_languages(portal, language):
    answer = await portal.client().get("/parts", params={"lang": language})
    assert answer.status_code == 200
    for kind in ("red", "amber", "violet", "green", "blue", "teal"):
        assert f'class="tg {kind}"' in answer.text
