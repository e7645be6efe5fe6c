"""What patients read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.wording import LANGUAGES, Values, render, wordings
from notifications.wording.gsm7 import is_gsm7, segments, to_gsm7
from notifications.wording.lint import LONGEST, problems

LONGEST_VALUES: dict[str, Any] = {**LONGEST, "count": 12, "minutes": 120, "limit": 6}


def test_both_languages_have_the_same_texts() -> None:
    assert set(wordings("en")) == set(wordings("es"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_ours_passes_the_lint(language: str) -> None:
    found = {key: problems(key, words) for key, words in wordings(language).items()}
    assert not {key: sentences for key, sentences in found.items() if sentences}


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("Hi {first_name} 👣", "makes the text cost twice as much"),
        ("{clinic}: time for your heel program", "“heel” tells too much"),
        ("{clinic}: do your calf stretches", "tells too much"),
        ("{clinic}: es hora de su fascitis", "“fascitis” tells too much"),
        ("Your pain was 7 yesterday", "“Your pain was” tells too much"),
        ("a" * 161, "161 characters with the longest names"),
        ("{first_name} {clinic} " + "a" * 119, "161 characters with the longest names"),
        ("Hi {nickname}", "{nickname} is no placeholder"),
        ("Hi {first_name", "A { or } stands alone"),
        ("Reply YES if you did it", "YES has a meaning of its own"),
        ("Responda END al terminar", "END has a meaning of its own"),
        ("  ", "Write something"),
    ],
)
def test_the_lint_names_what_is_wrong(words: str, problem: str) -> None:
    assert any(problem in sentence for sentence in problems("exercise", words))


@pytest.mark.parametrize(
    "words",
    [
        "a" * 160,
        "Hola {first_name}, su sesión de mañana es más corta. ¿Listo? Responda HECHO.",
        "Reply STOP to end, HELP for help.",
        "Did you do it? Reply DONE or SKIP.",
        # As phones and word processors type it; it leaves in the plain form.
        "It’s time – “now”… Reply DONE or SKIP.",
    ],
)
def test_the_lint_passes_what_may_go_out(words: str) -> None:
    assert problems("exercise", words) == []


@given(words=st.text(max_size=200))
def test_what_the_lint_passes_costs_one_segment(words: str) -> None:
    if not problems("exercise", words):
        text = render("exercise", language="en", values=Values(**LONGEST_VALUES), own=words)
        assert segments(text) == 1


def test_names_outside_the_alphabet_do_not_cost_a_second_segment() -> None:
    text = render("check_in", language="es", values=Values(first_name="María", clinic="Pie “Sano”"))
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


@pytest.mark.parametrize(
    ("name", "texted"),
    [
        ("Łukasz", "Lukasz"), ("Đặng", "Dang"), ("Işıl", "Isil"), ("Þóra", "Thora"), ("Œuvre", "Oeuvre"), ("Ольга", "Olga"),
        ("李", "Li"), ("Zoë", "Zoe"), ("Nuño", "Nuño"), ("Şükrü", "Sükrü"), ("Bjørn", "Bjørn"), ("Ħelena", "Helena"), ("Ψ", "Ψ"),
    ],
)  # fmt: skip  # a table
def test_a_name_of_any_alphabet_is_written_in_ours(name: str, texted: str) -> None:
    assert to_gsm7(name) == texted


@pytest.mark.parametrize("name", ["😀", "*", "", "???", "👩‍⚕️", "。"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_without_letters_is_left_out_rather_than_asked(name: str, language: str) -> None:
    values = Values(name, "Bay Foot", "Ana / Tom", "9:31 a.m.", "+14155550199")
    for key, words in wordings(language).items():
        text = render(key, language=language, values=values)
        assert "?," not in text
        assert " ," not in text
        assert " ." not in text
        assert text[0].isupper() or not words[0].isupper()
    greeting = {"en": "Hi, Bay Foot here.", "es": "Hola, le escribe Bay Foot."}[language]
    assert render("check_in", language=language, values=values).startswith(greeting)


@pytest.mark.parametrize(
    "placeholder",
    [
        "{count:d}", "{minutes:s}", "{count:%Y}", "{{first_name}}", "{count:999999999}", "{first_name:>100000000}", "{first_name:{nope}}",
        "{detail:{detail}}", "{first_name!r}", "{first_name.__class__}", "{first_name[0]}", "{0}", "{}", "{ first_name }", "{First_name}", "}{",
    ],
)  # fmt: skip  # a table
def test_a_placeholder_is_its_name_and_nothing_else(placeholder: str) -> None:
    assert problems("exercise", f"{placeholder} today. Reply DONE or SKIP.") != []


def test_two_full_stops_are_one() -> None:
    values = Values(first_name="Ana", clinic="Bay Foot", detail="9:31 a.m.")
    assert render("later", language="en", values=values).endswith("at 9:31 a.m.")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 152 + "[" + "a" * 152, 3), ("]" * 229, 4), ("]" * 80, 1), ("]" * 81, 2), ("]" * 228, 3),
        ("€" * 76 + "a", 1), ("a" * 66 + "😀" + "a" * 66 + "я", 3), ("😀" * 35, 1), ("😀" * 66, 2), ("😀" * 67, 3),
    ],
)  # fmt: skip  # a table; counted as docs/messaging-rules.md has it
def test_a_part_tears_nothing_apart(text: str, count: int) -> None:
    assert segments(text) == count
