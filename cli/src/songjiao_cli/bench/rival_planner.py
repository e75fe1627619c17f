"""The planner's rival: Timefold Solver in its default configuration, with the same rules and objectives."""

import shutil
import subprocess
from pathlib import Path

SOURCES = Path(__file__).with_name("timefold")
JAR = Path("target", "timefold-rival.jar")
"""In the build folder; what it needs lies beside it."""
BUILD_SECONDS = 900.0
SPARE_SECONDS = 120.0
"""Besides the time for solving: the start of Java, reading, writing."""
LAST_LINES = 12


class RivalFailed(AssertionError):  # noqa: N818  said to a person
    """The rival could not be built or did not plan; the message has the last lines of what it said."""


def ready() -> str:
    """Empty where Java and Maven are installed, else why nothing was run."""
    missing = [
        name for name, command in (("Java", "java"), ("Maven", "mvn")) if shutil.which(command) is None
    ]
    if not missing:
        return ""
    return f"not run: {' and '.join(missing)} {'are' if len(missing) > 1 else 'is'} not installed"


def built(folder: Path) -> Path:
    """The rival's jar, packaged in this folder."""
    shutil.copytree(SOURCES, folder, dirs_exist_ok=True)
    _said(
        ["mvn", "--quiet", "--batch-mode", "package"],
        folder,
        BUILD_SECONDS,
        "Maven could not build the rival",
    )
    return folder.absolute() / JAR


def plan(jar: Path, instance_file: Path, seconds: float, out: Path) -> list[tuple[float, float]]:
    """Plan an instance for so many seconds; the plan goes to `out`, in the benchmark's format.

    The curve: (seconds since solving began, score) of every best plan on the way; the last is that of `out`.
    """
    command = ["java", "-jar", jar, instance_file.absolute(), seconds, out.absolute()]
    words = [str(word) for word in command]
    said = _said(words, jar.parent, seconds + SPARE_SECONDS, f"the rival did not plan {instance_file.name}")
    return curve(said)


def curve(said: str) -> list[tuple[float, float]]:
    """(Seconds, score) of each line."""
    pairs = [line.split() for line in said.splitlines()]
    return [(float(seconds), float(score)) for seconds, score in pairs]


def _said(command: list[str], folder: Path, seconds: float, failed: str) -> str:
    """What the command writes, run in this folder."""
    try:
        done = subprocess.run(  # noqa: S603  our own
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=seconds
        )
    except subprocess.TimeoutExpired as late:
        raise RivalFailed(f"{failed}: it had not ended after {seconds:.0f} s") from late
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()[-LAST_LINES:]
        raise RivalFailed(f"{failed} (status {done.returncode}). Its last lines:\n" + "\n".join(lines))
    return done.stdout
