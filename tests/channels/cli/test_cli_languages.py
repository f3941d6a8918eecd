"""The terminal speaks the language of the question, and says which language a quote is in; quotes stay as they are."""

from __future__ import annotations

import re

import pytest
from cli_house import DAM_QUESTION, DAM_SENTENCE, Run

from qabot.channels.cli.wording import lines_for
from qabot.channels.wording import LANGUAGES

RUSSIAN = "Сколько стоила плотина рядом с Алматы?"
KAZAKH = "Алматы маңындағы бөгет қанша тұрды?"
GERMAN = "Wie viel hat der Staudamm bei Almaty gekostet?"


@pytest.mark.parametrize(
    ("question", "source", "possibly"),
    [
        (
            DAM_QUESTION,
            "[1] Kazinform, 4 July 2023, paragraph 2 · “Almaty opens a dam”",
            r"Possibly \(confidence 0\.\d\d\):",
        ),
        (
            RUSSIAN,
            "[1] Kazinform, 4 июля 2023, на английском, абзац 2 · “Almaty opens a dam”",
            r"Возможно \(уверенность 0,\d\d\):",
        ),
        (
            KAZAKH,
            "[1] Kazinform, 2023 жылғы 4 шілде, ағылшынша, 2-абзац · “Almaty opens a dam”",
            r"Бәлкім \(сенімділік 0,\d\d\):",
        ),
    ],
    ids=["en", "ru", "kk"],
)
def test_an_answer_is_framed_in_the_language_of_the_question(
    run: Run, question: str, source: str, possibly: str
) -> None:
    ran = run("ask", "--threshold", "0", "--top", "1", question)
    assert (ran.code, ran.err) == (0, "")
    *above, quote, blank, shown, _, _ = ran.out.splitlines()
    assert (quote, blank, shown) == (f"«{DAM_SENTENCE}» [1]", "", source)
    assert all(re.fullmatch(possibly, line) for line in above)


def test_a_language_that_qabot_does_not_speak_is_answered_in_english(run: Run) -> None:
    ran = run("ask", "--threshold", "0", "--source", "Kazinform", GERMAN)
    assert "[1] Kazinform, 4 July 2023, in English, paragraph" in ran.out


@pytest.mark.parametrize(
    ("question", "no", "nearest"),
    [
        (RUSSIAN, "В моих 4 статьях этого нет (самая новая: 4 июля 2023).", "Самое близкое:"),
        (KAZAKH, "Менің 4 мақаламда бұл жоқ (ең жаңасы: 2023 жылғы 4 шілде).", "Ең жақындары:"),
    ],
    ids=["ru", "kk"],
)
def test_so_is_the_honest_no(run: Run, question: str, no: str, nearest: str) -> None:
    ran = run("ask", "--threshold", "1", question)
    assert ran.code == 1
    first, blank, title, source, *_ = ran.out.splitlines()
    assert (first, blank, title) == (no, "", nearest)
    assert source.startswith("[1] ")


def test_a_refusal_says_which_flags_narrowed_it(run: Run) -> None:
    flags = ("--threshold", "1", "--source", "herald", "--until", "2023")
    assert ", насколько позволяют искать --source и --until." in run("ask", *flags, RUSSIAN).out
    assert " (--source және --until шегінде іздегенде)." in run("ask", *flags, KAZAKH).out


def test_json_has_the_language_of_the_question_and_of_each_quote(run: Run) -> None:
    answer = run("ask", "--json", "--threshold", "0", RUSSIAN).json
    assert answer["question"]["language"] == "ru"
    assert {quote["language"] for quote in answer["quotes"]} == {"en"}
    assert answer["quotes"][0]["text"] == DAM_SENTENCE


def test_a_chat_changes_its_language_with_the_questions(run: Run) -> None:
    ran = run("chat", stdin=f"{RUSSIAN}\n/sources\n{DAM_QUESTION}\n/sources\n")
    assert "Источники:" in ran.out or "Самое близкое:" in ran.out
    assert "Sources:" in ran.out


@pytest.mark.parametrize("code", LANGUAGES)
def test_numbers_are_listed_as_in_the_language(code: str) -> None:
    lines = lines_for(code)
    said = {
        "en": ["", "page 2", "paragraphs 2, 5 and 7"],
        "ru": ["", "страница 2", "абзацы 2, 5 и 7"],
        "kk": ["", "2-бет", "2, 5 және 7-абзац"],
    }
    numbers = [lines.numbered(lines.page, set()), lines.numbered(lines.page, {2})]
    assert [*numbers, lines.numbered(lines.paragraph, {7, 2, 5})] == said[code]


def test_a_quote_in_the_language_of_the_question_or_in_an_unknown_one_needs_no_word() -> None:
    words = LANGUAGES["ru"]
    assert words.foreign("ru", "ru") == words.foreign("und", "ru") == words.foreign("ru", "und") == ""
    assert [words.foreign("kk", "ru"), words.foreign("de", "ru")] == ["на казахском", "на языке de"]
    assert [LANGUAGES["en"].foreign("ru", "en"), LANGUAGES["kk"].foreign("ru", "en")] == ["in Russian", "орысша"]
