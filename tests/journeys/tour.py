"""The pictures of docs/tour.md, taken while a story is told: `make tour`."""

import io
from pathlib import Path

from PIL import Image

from songjiao_cli.bench.desks_hand import Hand

COLOURS = 128
WIDEST = {True: 390, False: 1389}
"""Of a phone's picture and of a desk's, in pixels."""


class Tour:
    """An album that keeps the first picture of each name, small enough for a page."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.taken: set[str] = set()

    async def __call__(self, name: str, hand: Hand) -> None:
        if name in self.taken:
            return
        self.taken.add(name)
        await hand.page.wait_for_load_state("load")
        with Image.open(io.BytesIO(await hand.page.screenshot())) as shot:
            size = hand.page.viewport_size
            assert size is not None
            width = WIDEST[size["width"] < 600]
            small = shot.convert("RGB").resize(
                (width, shot.height * width // shot.width), Image.Resampling.LANCZOS
            )
            self._folder.mkdir(parents=True, exist_ok=True)
            small.quantize(COLOURS).save(self._folder / f"{name}.png", optimize=True)
