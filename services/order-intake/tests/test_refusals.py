"""Every code the service can say has its sentence in both languages, and no sentence is left over."""

import re
from pathlib import Path

import yaml

import order_intake
from contracts.sentences import FOLDER, all_sentences

CODE = re.compile(r'"((?:order|roster|survey|enterprise|credit_code|intake|pool|worker)\.[a-z_]+)"')


def test_codes_and_sentences_are_the_same_set():
    files = Path(order_intake.__file__).parent.rglob("*.py")
    sources = [
        re.sub(r"ForeignKey\(.*?\)", "", file.read_text()) for file in files if "migrations" not in file.parts
    ]
    said = {code for text in sources for code in CODE.findall(text)}
    own = set(yaml.safe_load((FOLDER / "order-intake.yaml").read_text()))
    assert own - said == set()
    assert said - set(all_sentences()) == set()
