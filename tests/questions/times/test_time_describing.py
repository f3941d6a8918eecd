"""A reading of time in words for people."""

from __future__ import annotations

from datetime import date

import pytest

from qabot.questions.times.describing import describe
from qabot.questions.times.reading import read_time

NOW = date(2023, 7, 12)
"""A Wednesday."""


@pytest.mark.parametrize(
    ("question", "language", "shown"),
    [
        ("What happened last week?", "en", "published 3-9 July 2023"),
        ("What has happened since March?", "en", "published since 1 March 2023"),
        ("What was said before 5 May 2023?", "en", "published until 4 May 2023"),
        ("What happened yesterday?", "en", "published 11 July 2023"),
        ("What happened in 2022?", "en", "published in 2022"),
        ("What happened from 28 June to 4 July 2023?", "en", "published 28 June - 4 July 2023"),
        ("What happened between November and February?", "en", "published 1 November 2022 - 28 February 2023"),
        ("latest news", "en", "the newest first"),
        ("latest news since March", "en", "published since 1 March 2023, the newest first"),
        ("Что случилось на прошлой неделе?", "ru", "опубликовано 3-9 июля 2023"),
        ("последние новости с марта", "ru", "опубликовано с 1 марта 2023, сначала новые"),
        ("Что произошло в 2022 году?", "ru", "опубликовано в 2022 году"),
        ("Өткен аптада не болды?", "kk", "жарияланған күні: 2023 жылғы 3-9 шілде"),
        ("Наурыздан бері не өзгерді?", "kk", "жарияланған күні: 2023 жылғы 1 наурыз немесе одан кейін"),
        ("соңғы жаңалықтар", "kk", "алдымен жаңалары"),
    ],
)
def test_a_reading_is_shown_in_words(question: str, language: str, shown: str) -> None:
    reading = read_time(question, NOW, language)
    assert reading
    assert describe(reading, language) == shown
