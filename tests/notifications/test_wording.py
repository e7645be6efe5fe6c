"""What patients read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.wording import LANGUAGES, render, wordings
from notifications.wording.gsm7 import is_gsm7, segments, to_gsm7

LONGEST = {"first_name": "Maximiliano Al", "clinic": "Bay Foot and Ankle C", "names": "Ana / Ben"}
# Promise 16: no diagnosis, exercise or score stands in a text.
FORBIDDEN = ("fasci", "heel", "foot pain", "talón", "stretch", "splint", "férula", "roll", "band")


def test_both_languages_have_the_same_texts() -> None:
    assert set(wordings("en")) == set(wordings("es"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_fits_one_segment_with_the_longest_names(language: str) -> None:
    for key in wordings(language):
        text = render(key, language=language, **LONGEST)
        assert is_gsm7(text), key
        assert segments(text) == 1, (key, len(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_tells_what_the_program_is_for(language: str) -> None:
    for key, wording in wordings(language).items():
        assert not [word for word in FORBIDDEN if word in wording.lower()], key


def test_names_outside_the_alphabet_do_not_cost_a_second_segment() -> None:
    text = render("check_in", language="es", first_name="María", clinic="Pie “Sano”")
    assert "Maria" in text
    assert 'Pie "Sano"' in text
    assert segments(text) == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
        ("’" + "a" * 69, 1), ("’" + "a" * 70, 2), ("👣" * 35, 1), ("👣" * 36, 2),
    ],
)  # fmt: skip  # a table
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count


@given(text=st.text(max_size=300))
def test_any_text_has_a_spelling_in_the_alphabet(text: str) -> None:
    assert is_gsm7(to_gsm7(text))
