"""The seed's header and agencies' datelines: taken off where they are sure, left alone where they are text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.articles.article import canonical
from qabot.articles.dateline import Head, shown_name, split_head


@pytest.mark.parametrize(
    ("written", "head"),
    [
        (
            " date 2023-07-04 ASTANA. KAZINFORM Head of State",
            Head("Head of State", "2023-07-04", "Astana", "Kazinform"),
        ),
        ("\n\ndate 2023-07-04\n\nASTANA. KAZINFORM - Head", Head("Head", "2023-07-04", "Astana", "Kazinform")),
        ("date 2023-07-04 Head of State", Head("Head of State", "2023-07-04")),
        ("Date: 2023-07-04\nText", Head("Text", "2023-07-04")),
        ("date 2023-07-04", Head("", "2023-07-04")),
        ("date 2023-07-04 MOSCOW. TASS President", Head("President", "2023-07-04", "Moscow", "TASS")),
        ("date 2023-07-04 ALMATY. VLAST - President", Head("President", "2023-07-04", "Almaty", "Vlast")),
        ("date 2023-07-04 LONDON — Talks", Head("Talks", "2023-07-04", "London")),
        ("ASTANA. KAZINFORM Head of State", Head("Head of State", None, "Astana", "Kazinform")),
        ("ASTANA. KAZINFORM. The Head", Head("The Head", None, "Astana", "Kazinform")),
        ("ASTANA, July 4. KAZINFORM – The", Head("The", None, "Astana", "Kazinform")),
        ("NUR-SULTAN. KAZINFORM The", Head("The", None, "Nur-Sultan", "Kazinform")),
        ("NEW YORK (AP) — The", Head("The", None, "New York", "AP")),
        ("LONDON, July 4 (Reuters) - The", Head("The", None, "London", "Reuters")),
        ("BEIJING, July 4, 2023 (Xinhua) -- The", Head("The", "July 4, 2023", "Beijing", "Xinhua")),
        ("WASHINGTON, D.C. (AP) — The", Head("The", None, "Washington, D.C.", "AP")),
        ("KYIV, Ukraine (AP) — The", Head("The", None, "Kyiv, Ukraine", "AP")),
        ("ST. PETERSBURG, Fla. (AP) — The", Head("The", None, "St. Petersburg, Fla.", "AP")),
        ("MOSCOW, July 4. /TASS/. The", Head("The", None, "Moscow", "TASS")),
        ("(Reuters) - The", Head("The", None, None, "Reuters")),
        ("CNN —\n\nThe", Head("The", None, None, "CNN")),
        ("АСТАНА. КАЗИНФОРМ – Глава", Head("Глава", None, "Астана", "Казинформ")),
        ("АСТАНА. ҚазАқпарат – Мемлекет", Head("Мемлекет", None, "Астана", "ҚазАқпарат")),
        ("МОСКВА, 4 июля — ТАСС/РИА Новости. Власти", Head("Власти", None, "Москва", "ТАСС/РИА Новости")),
        ("НЬЮ-ЙОРК, 12 сентября. /ТАСС/. Власти", Head("Власти", None, "Нью-Йорк", "ТАСС")),
        ("РОСТОВ-НА-ДОНУ, 4 июл — РИА Новости. Власти", Head("Власти", None, "Ростов-на-Дону", "РИА Новости")),
    ],
)
def test_a_header_becomes_date_place_and_source(written: str, head: Head) -> None:
    assert split_head(written) == head


@pytest.mark.parametrize(
    "text",
    [
        "date 2023-07-04 was set for the trial.",
        "dates 2023-07-04 Astana",
        "The date 2023-07-04 ASTANA. KAZINFORM Head",
        "BREAKING NEWS. The market fell.",
        "WARSAW. NATO Secretary General arrived.",
        "LONDON. BBC Director General resigned.",
        "MOSCOW. Sputnik V vaccine was approved.",
        "PARIS, 4 July — The fire is out. Nobody was hurt.",
        "NATO (North Atlantic Treaty Organization) — The alliance met.",
        "HE SAID (AND MEANT) — IT IS OVER.",
        "WASHINGTON — The Senate voted.",
        "STOP. HAMMER time.",
        "I. INTRODUCTION Here we begin.",
        "COVID-19 VACCINES. WHO SAYS more are needed.",
        "НАТО (Организация Североатлантического договора) — Альянс.",
        "ASTANA. KAZINFORM",
        "Astana. The head of state arrived.",
    ],
)
def test_text_in_capitals_is_not_eaten(text: str) -> None:
    assert split_head(text) == Head(text)


def test_text_behind_the_header_is_not_eaten() -> None:
    assert split_head("date 2023-07-04 PARIS. UNESCO Director") == Head("PARIS. UNESCO Director", "2023-07-04")
    assert split_head("date 2023-07-04 I. INTRODUCTION Here") == Head("I. INTRODUCTION Here", "2023-07-04")


@pytest.mark.parametrize(
    ("name", "shown"),
    [("KAZINFORM", "Kazinform"), ("NEW YORK", "New York"), ("TASS", "TASS"), ("AP", "AP"), ("Reuters", "Reuters")],
)
def test_long_names_in_capitals_are_written_as_in_a_text(name: str, shown: str) -> None:
    assert shown_name(name) == shown


PIECES = st.sampled_from(
    "date 2023-07-04|ASTANA|KAZINFORM|NEW YORK|(AP)|—| - |. |, |July 4|/TASS/|\n| |МОСКВА|4 июля|ТАСС|Head of State"
    "|D.C.|(|)|the|«|CNN|İSTANBUL|ǅ|ß".split("|")
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join))
def test_what_is_left_is_the_end_of_what_was_given(written: str) -> None:
    text = canonical(written)
    head = split_head(text)
    assert text.strip().endswith(head.text.strip())
    assert (head.place, head.source) == (None, None) or head.text.strip()
