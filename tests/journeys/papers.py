"""What a PDF tells of itself beside its pages, and a pack beside its files' contents."""

import io
import zipfile
from collections.abc import Iterator

from pypdf import PdfReader


def metadata_of(pdf: bytes) -> str:
    """The document's information and its XMP."""
    read = PdfReader(io.BytesIO(pdf))
    told = [str(value) for value in (read.metadata or {}).values()]
    xmp = read.xmp_metadata
    return "\n".join([*told, xmp.stream.get_data().decode() if xmp else ""])


def metadata_within(pack: bytes) -> Iterator[tuple[str, str]]:
    """The names of its files, and the metadata of every PDF of it."""
    with zipfile.ZipFile(io.BytesIO(pack)) as files:
        yield "names of files", "\n".join(files.namelist())
        for name in files.namelist():
            if name.endswith(".pdf"):
                yield f"metadata of {name}", metadata_of(files.read(name))
