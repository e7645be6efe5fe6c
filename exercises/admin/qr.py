"""QR codes for a phone's camera."""

from __future__ import annotations

import qrcode
from django.utils.safestring import SafeString, mark_safe
from qrcode.image.svg import SvgPathImage


def qr_picture(address: str) -> SafeString:
    """A QR code as SVG; its words are our own."""
    image = qrcode.make(address, image_factory=SvgPathImage, box_size=8, border=2)
    drawing: str = image.to_string(encoding="unicode")
    return mark_safe(drawing)  # noqa: S308  # drawn by us
