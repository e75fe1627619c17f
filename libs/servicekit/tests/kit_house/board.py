"""A service that says nothing and only folds a board; stands for the portal."""

from kit_house.reader import Settings, boards, metadata
from servicekit.process import run
from servicekit.service import Service


def build(settings: Settings) -> Service:
    return Service(
        "portal",
        settings=settings,
        metadata=metadata,
        migrations="kit_house.reader_migrations",
        reactions=[boards],
    )


if __name__ == "__main__":
    run(build, Settings)
