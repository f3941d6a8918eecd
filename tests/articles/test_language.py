"""The language of questions and articles."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.articles.language import detect, language_code


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What are the three evils?", "en"),
        ("Who won?", "en"),
        ("Tokayev Kazakhstan", "en"),
        ("SCO summit 2023 three evils", "en"),
        ("What does «Единая Россия» mean?", "en"),
        ("Что предложил Казахстан по Афганистану?", "ru"),
        ("Кто основал Microsoft Corporation?", "ru"),
        ("Кто разработчик League of Legends?", "ru"),
        ("Кто такой Әлихан Бөкейхан?", "ru"),
        ("Токаев", "ru"),
        ("Қазақстан Ауғанстан бойынша не ұсынды?", "kk"),
        ("Тоқаев кім?", "kk"),
        ("Ең үлкен арал", "kk"),
        ("Астана кандай кала?", "kk"),
        ("Хто є президентом України?", "uk"),
        ("Хто прэзідэнт Беларусі?", "be"),
        ("Кой е президентът на България?", "bg"),
        ("Wer ist der Präsident von Kasachstan?", "de"),
        ("Was ist das?", "de"),
        ("Où se trouve Almaty?", "fr"),
        ("¿Cuáles son los tres males?", "es"),
        ("哈萨克斯坦总统是谁？", "zh"),
        ("من هو رئيس كازاخستان؟", "ar"),
        ("", "und"),
        ("2023?", "und"),
        ("… — !", "und"),
    ],
)
def test_short_questions_are_told_apart(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    ("given_name", "code"),
    [("en", "en"), ("EN-us", "en"), ("Russian", "ru"), ("kaz", "kk"), ("", None), (None, None), ("Klingon", None)],
)
def test_a_given_language_becomes_its_code(given_name: str | None, code: str | None) -> None:
    assert language_code(given_name) == code


def test_common_questions_do_not_load_the_model() -> None:
    questions = [
        "What are the three evils?",
        "Что предложил Казахстан?",
        "Қазақстан не ұсынды?",
        "Tokayev",
        "SCO summit",
    ]
    code = (
        "import sys\nfrom qabot.articles.language import detect\n"
        f"for question in {questions!r}: detect(question)\n"
        "sys.exit('py3langid' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(st.text())
def test_any_text_has_a_language_or_none(text: str) -> None:
    language = detect(text)
    assert language == "und" or (len(language) == 2 and language.isalpha())
