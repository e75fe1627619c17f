"""What the parts page shows: made-up cards, one per state."""

from typing import Any

from portal.desks.union.shown import CardView, Clock, Tag
from portal.web.text import Text


def parts(text: Text) -> dict[str, Any]:
    """A card in every state, the tags and the clocks."""
    left, over = text("time.hours", n=20), text("time.hours", n=2)
    tags = {
        "violet": text("tag.changes", count=2), "amber": text("tag.returned"), "red": text("tag.unstaffable"),
        "teal": text("tag.held", held=11, sessions=16), "green": text("tag.certificates", count=49),
        "blue": text("tag.special"),
    }  # fmt: skip
    clocks = [
        Clock("left", text("clock.left", time=left), "clock"),
        Clock("soon", text("clock.left", time=over), "clock"),
        Clock("over", text("clock.over", time=over), "alarm"),
        Clock("waits", text("clock.waits", time=left), "clock"),
    ]

    def card(
        number: int,
        stage: int,
        wait: str,
        *,
        tag: str = "",
        clock: int = 0,
        edge: str = "",
        mine: bool = False,
        ended: bool = False,
    ) -> CardView:
        steps = tuple("done" if n < stage or ended else "now" if n == stage else "open" for n in range(1, 8))
        stage_text = text("card.stage", stage=text(f"stage.{stage}"), n=stage)
        if ended:
            steps, stage_text = (*steps[:5], "none", "none"), text("card.finished")
        return CardView(
            id=f"part-{number}", url="#", number=f"2026-{number:04d}", enterprise=text("parts.enterprise"),
            what=text("card.what", occupation=text("parts.occupation"), level=text("parts.level"), count=48),
            more="", steps=steps, stage_text=stage_text, lane="union", wait=wait,
            clock=clocks[clock], tags=(Tag(tag, tags[tag]),) if tag else (), edge=edge, mine=mine,
            do="#" if edge and mine else "",
        )  # fmt: skip

    return {
        "tags": [Tag(kind, word) for kind, word in tags.items()],
        "clocks": clocks,
        "cards": [
            card(1, 2, text("mine.accept"), mine=True, clock=3),
            card(
                2,
                3,
                text("mine.approve", version=3, sessions=44),
                tag="violet",
                clock=2,
                edge="red",
                mine=True,
            ),
            card(3, 4, text("wait.offer", count=3), tag="red", clock=1, edge="amber"),
            card(4, 5, text("wait.teaching", held=11, sessions=16), tag="teal"),
            card(5, 7, text("wait.fulfilled", held=16, count=16), tag="green", clock=3, ended=True),
        ],
    }
