"""Pictures of a screen beside each other: the desk in both languages, the phone in both."""

from pathlib import Path

from PIL import Image

WIDE, NARROW, GAP, TALLEST = 900, 330, 10, 1126


def sheet_of(name: str, shots: Path) -> Image.Image:
    """Both desks under each other at the left, both phones (their beginning, if they are long) at the right."""
    sheet = Image.new("RGB", (WIDE + 2 * (NARROW + GAP), TALLEST), "#8a8f8c")
    for at, language in enumerate(("zh", "en")):
        with Image.open(shots / f"{name}-desk-{language}.png") as shot:
            sheet.paste(
                _wide(shot, WIDE).crop((0, 0, WIDE, TALLEST // 2 - GAP // 2)), (0, at * (TALLEST // 2))
            )
        with Image.open(shots / f"{name}-phone-{language}.png") as shot:
            phone = _wide(shot, NARROW)
            sheet.paste(
                phone.crop((0, 0, NARROW, min(phone.height, TALLEST))), (WIDE + GAP + at * (NARROW + GAP), 0)
            )
    return sheet


def overview(sheets: list[Path], *, across: int = 4, width: int = 390) -> Image.Image:
    """All of them small, to find one."""
    small = []
    for file in sheets:
        with Image.open(file) as sheet:
            small.append(_wide(sheet, width - GAP))
    height = max((one.height for one in small), default=1) + GAP
    whole = Image.new("RGB", (width * across, height * -(-len(small) // across)), "white")
    for at, one in enumerate(small):
        whole.paste(one, (at % across * width, at // across * height))
    return whole


def _wide(shot: Image.Image, width: int) -> Image.Image:
    return shot.convert("RGB").resize(
        (width, round(shot.height * width / shot.width)), Image.Resampling.LANCZOS
    )
