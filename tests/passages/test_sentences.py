"""Sentences: measured on the gold file, the hard cases by name, and what holds for any text at all."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qabot.articles.article import canonical
from qabot.passages.paragraphs import paragraphs
from qabot.passages.sentences import MAX_SENTENCE_CHARS, sentences, split_sentences

GOLD = Path(__file__).with_name("gold_sentences.txt")
LANGUAGES = ("en", "ru", "kk")
LOWEST_F1 = 0.97
HOSTILE_LENGTH = 200_000

Paragraph = list[str]


def gold_paragraphs(language: str) -> list[Paragraph]:
    """The gold file's paragraphs in one language, each a list of sentences."""
    found: list[Paragraph] = [[]]
    reading = False
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            reading = line == f"# {language}" if line.removeprefix("# ") in LANGUAGES else reading
        elif reading and line:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [paragraph for paragraph in found if paragraph]


def f1_of_ends(language: str, told: str) -> float:
    """F1 over the ends of sentences: 2 true / (gold + found)."""
    gold_count = found_count = true_count = 0
    for paragraph in gold_paragraphs(language):
        text = " ".join(paragraph)
        gold = {len(" ".join(paragraph[: n + 1])) for n in range(len(paragraph))}
        found = {span.end for spans in split_sentences(text, told) for span in spans}
        gold_count += len(gold)
        found_count += len(found)
        true_count += len(gold & found)
    return 2 * true_count / (gold_count + found_count)


def cut(text: str, language: str = "und") -> list[str]:
    return [text[start:end] for spans in split_sentences(text, language) for start, end in spans]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_gold_file_has_enough_sentences(language: str) -> None:
    assert sum(map(len, gold_paragraphs(language))) >= 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_f1_on_the_gold_sentences(language: str) -> None:
    assert f1_of_ends(language, told=language) >= LOWEST_F1


@pytest.mark.parametrize("language", LANGUAGES)
def test_f1_on_the_gold_sentences_with_the_language_unknown(language: str) -> None:
    assert f1_of_ends(language, told="und") >= LOWEST_F1


@pytest.mark.parametrize(
    "whole",
    [
        "The U.S. Senate met at 9 a.m. EST on Jan. 5 in St. Louis, Mo., with Gen. K.-J. Smith.",
        "«We agreed.» he said.",
        '"Did we agree?" Mr. Smith asked.',
        "Yahoo! Finance gave 3.11.2 as the version, e.g. on example.com and at $5.5bn.",
        "The firm (Est. 1990. It sells tea.) has moved.",
        "Then-Gov. Brown met k.d. Lang, et al., at No. 5.",
        "He said ... nothing.",
        "В 2023 г. Токаев посетил г. Алматы, ул. Абая, и встретил А. С. Пушкова, т. е. Министра.",
        "«Когда?» — Токаев промолчал.",
        "— Когда? — спросил он.",
        "«Что? Где? Когда?» — телеигра.",
        "Роман «Что делать?» Чернышевского запретили.",
        "Указ от 3 февр. 2021 г. № 5 вступил в силу.",
        "2023 ж. Тоқаев Алматы қ. болды, т.б. жерлерге барды.",
        "«Қайда?» деп сұрады Қ.-Ж. Тоқаев.",
    ],
)
def test_one_sentence_is_not_cut(whole: str) -> None:
    assert cut(whole) == [whole]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("He lives in the U.S.", "It is large."),
        ("«We agreed.»", "Then they left."),
        ('She asked: "Why?!"', "Nobody knew."),
        ("Doors open at 7 p.m.", "Tickets cost $12."),
        ("(He won.)", "She lost."),
        ("It fell to 5.", "10 people saw it."),
        ("It is 9.30 now.", "iPhone sales rose."),
        ("Wait…", "What?"),
        ("Завод основан в Караганде в 1954 г.", "Рабочих нашли быстро."),
        ("Куплены столы, стулья и т. д.", "Склад полон."),
        ("Высота 13 м.", "Ширина больше."),
        ("— Завтра, — сказал он.", "— Деньги есть."),
        ("Терек, қайың, т.б.", "Көлде балық көп."),
        ("Бұл 1845 ж.", "Ол Семейде туған."),
    ],
)
def test_two_sentences_are_cut(first: str, second: str) -> None:
    assert cut(f"{first} {second}") == [first, second]


def test_a_forgotten_space_still_ends_a_sentence() -> None:
    assert cut("Ол ауылға келді.Сосын кетті.") == ["Ол ауылға келді.", "Сосын кетті."]
    assert len(cut("Write to news@klaava.Helsinki or see VisitMusic.Com now.")) == 1


def test_no_sentence_crosses_a_paragraph_end() -> None:
    text = "A headline without a stop\nThe story begins. It goes on"
    assert split_sentences(text, "en") == [[(0, 25)], [(26, 43), (44, 54)]]


def test_a_hard_wrapped_line_end_is_a_space() -> None:
    lines = [
        "The council voted on Tuesday to close the bridge over the",
        "river for two years. The mayor had been against it, and",
        "left.",
    ]
    text = "\n".join(lines)
    assert [len(spans) for spans in split_sentences(text, "en")] == [2]


def test_offsets_of_a_part_count_from_the_text_s_start() -> None:
    text = "Left out. Mr. A came. He left.  "
    assert sentences(text, 10, len(text), "en") == [(10, 21), (22, 30)]
    assert sentences(text, 9, 9, "en") == []


def test_other_languages_are_cut_by_the_library() -> None:
    assert cut("他说了。然后走了！", "zh") == cut("他说了。然后走了！") == ["他说了。", "然后走了！"]
    assert cut("Am 3. Oktober kam Dr. Müller z. B. nach Berlin. Er blieb.", "de")[1:] == ["Er blieb."]
    assert cut("ეს არის. ის იყო.", "ka") == ["ეს არის.", "ის იყო."]
    assert cut("Hello there. Mr. Smith came.", "xx") == ["Hello there.", "Mr. Smith came."]


def test_an_over_long_sentence_is_cut_at_a_clause_mark() -> None:
    text = "word " * 150 + "end; " + "more " * 150
    first, second = cut(text, "en")
    assert first == "word " * 150 + "end;"
    assert second == ("more " * 150).strip()


def test_an_over_long_sentence_without_clauses_is_cut_at_a_space() -> None:
    pieces = cut("word " * 450, "en")
    assert [len(piece) for piece in pieces] == [999, 999, 249]
    assert set(" ".join(pieces).split()) == {"word"}


def test_text_without_a_space_is_cut_at_the_limit_but_not_before_a_combining_mark() -> None:
    assert [len(piece) for piece in cut("x" * 2500, "en")] == [1000, 1000, 500]
    pieces = cut("x" + "y\u0301" * 1200, "en")  # no precomposed letter: y and the accent stay two code points
    assert [len(piece) for piece in pieces] == [999, 1000, 402]
    assert all(piece[0] in "xy" for piece in pieces)


@pytest.mark.parametrize(
    "unit",
    [
        *(".", "a.", "«", '"', "x", "(", ")", "a. ", "A. ", "U.S. ", "“a. ", "(a. ", "«a.» ", "1. ", ". ", "5 г. А "),
        *("\u0301", "a\u0301", "\u200d", "😀. ", "שלום. ", "\u202e. ", "\x01. ", "abc.Ab", "a.)", " — A. "),
    ],
)
@pytest.mark.parametrize("language", ["ru", "zh"])
def test_200_kb_of_one_thing_end_in_short_sentences(unit: str, language: str) -> None:
    text = (unit * HOSTILE_LENGTH)[:HOSTILE_LENGTH]
    spans = [span for paragraph in split_sentences(text, language) for span in paragraph]
    assert max(end - start for start, end in spans) <= MAX_SENTENCE_CHARS
    assert len("".join(text.split())) <= sum(end - start for start, end in spans) <= len(text)


pieces = st.sampled_from(
    [
        *(
            "U.S.",
            " ",
            " ",
            " ",
            "\n",
            "\n\n",
            ". ",
            "? ",
            "… ",
            "«",
            "»",
            '"',
            "(",
            ")",
            " — ",
            "г. ",
            "т. д. ",
            "Mr. ",
        ),
        *(
            "5",
            "1. ",
            "Токаев",
            "said",
            "The",
            "\u0301",
            "\u0308",
            "a\u0301",
            "😀",
            "\u200d",
            "ש",
            "\u202e",
            "。",
            "\x1c",
        ),
        *("word " * 60, "y" * 700, "y\u0301" * 600, "no space; " * 60),
    ]
)
texts = st.one_of(
    st.lists(pieces, max_size=40).map("".join),
    st.text(st.characters(codec="utf-8"), max_size=200),
).map(canonical)


@given(texts, st.sampled_from(["en", "ru", "kk", "und", "de", "zh"]))
@example("y" + "\u0301" * 25 + "y\u0301" * 1200, "en")
def test_sentences_of_any_text(text: str, language: str) -> None:
    by_paragraph = split_sentences(text, language)
    assert [(spans[0].start, spans[-1].end) for spans in by_paragraph] == paragraphs(text)
    reached = 0
    for spans in by_paragraph:
        for number, (start, end) in enumerate(spans):
            assert reached <= start < end <= len(text)
            assert end - start <= MAX_SENTENCE_CHARS
            assert not text[reached:start].strip()
            assert text[start:end] == text[start:end].strip()
            if number:
                assert unicodedata.category(text[start])[0] != "M"
            reached = end
    assert not text[reached:].strip()
