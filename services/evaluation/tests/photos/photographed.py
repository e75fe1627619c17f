"""Photos as phones make them; what is on them is generated."""

import io

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base


def a_photo(
    width: int = 640,
    height: int = 480,
    *,
    kind: str = "JPEG",
    place: bool = False,
    turned: bool = False,
    owner: str = "",
    shade: int = 90,
) -> bytes:
    """A picture with what the phone writes beside it."""
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    picture.paste((shade, 40, 40), (0, 0, width // 2, height // 2))
    exif = Image.Exif()
    if turned:
        exif[Base.Orientation] = 6
    if owner:
        exif[Base.Artist] = owner
    if place:
        gps = exif.get_ifd(IFD.GPSInfo)
        gps[GPS.GPSLatitudeRef], gps[GPS.GPSLatitude] = "N", (26.0, 15.0, 50.0)
        gps[GPS.GPSLongitudeRef], gps[GPS.GPSLongitude] = "E", (117.0, 38.0, 20.0)
    out = io.BytesIO()
    picture.save(out, kind, exif=exif)
    return out.getvalue()
