"""Pictures that clinics upload: checked, made small, stripped of where and when they were taken."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from hep.errors import InvalidInputError

# A request holds no more than this anyway; a phone's photo is scaled down by its owner or app.
MOST_BYTES = 1_000_000
# Enough for a phone and for a printed handout.
LONGEST_SIDE = 1200
# A small file may unpack to a huge picture.
MOST_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
# What Pillow raises for files that are damaged or no pictures; SyntaxError is a broken PNG's.
BROKEN = (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError)
CONTENT_TYPE = "image/webp"


def read_picture(data: bytes, *, field: str = "picture") -> bytes:
    """`data` as WebP of at most 1200 pixels a side. Raises InvalidInputError naming `field`.

    Encoding anew drops what is hidden in a file: places, names, scripts.
    """
    if len(data) > MOST_BYTES:
        raise InvalidInputError(field, "At most 1 MB. Make the picture smaller.", code="too_large")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise InvalidInputError(field, "Too many pixels.", code="too_large")
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except BROKEN as error:
        message = "This is no JPEG, PNG or WebP picture."
        raise InvalidInputError(field, message, code="no_picture") from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=82)
    return out.getvalue()
