"""`make screenshots`: the README's pictures, small, from what the browser tests have left."""

from __future__ import annotations

from PIL import Image

from hep.env import REPOSITORY

TAKEN = REPOSITORY / "build" / "screenshots"
PICTURES = REPOSITORY / "docs" / "screenshots"
# Of each: how wide it is kept, and how much of its height, in pixels of the browser.
KEPT = {
    "today": (900, 1000),
    "patient-answered": (900, 1200),
    "own-page": (390, 844),
    "player": (390, 844),
}
COLOURS = 64


def main() -> None:
    """Cut, shrink and count the colours of each; they are committed."""
    PICTURES.mkdir(exist_ok=True)
    for name, (width, height) in KEPT.items():
        with Image.open(TAKEN / f"{name}.png") as taken:
            cut = taken.convert("RGB").crop((0, 0, taken.width, min(height, taken.height)))
            small = cut.resize(
                (width, round(cut.height * width / cut.width)), Image.Resampling.LANCZOS
            )
            small.quantize(COLOURS).save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
