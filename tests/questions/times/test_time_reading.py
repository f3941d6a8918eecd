"""Time in questions: what is read from three languages, and which dates are left to the matter."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.questions.times.describing import describe
from qabot.questions.times.periods import Period
from qabot.questions.times.reading import TimeReading, read_time

NOW = date(2023, 7, 12)
"""A Wednesday."""

ENGLISH = [
    ("What happened last week?", "2023-07-03 to 2023-07-09"),
    ("What happened this week in Almaty?", "2023-07-10 to 2023-07-12"),
    ("Who won yesterday?", "2023-07-11"),
    ("What did the president say today?", "2023-07-12"),
    ("What happened the day before yesterday?", "2023-07-10"),
    ("What happened two weeks ago?", "2023-06-26 to 2023-07-02"),
    ("What was announced 3 days ago?", "2023-07-09"),
    ("Who resigned in the last 3 days?", "2023-07-09 to 2023-07-12"),
    ("What has the bank done over the past two months?", "2023-05-12 to 2023-07-12"),
    ("What changed last month?", "2023-06-01 to 2023-06-30"),
    ("Which law passed last year?", "2022-01-01 to 2022-12-31"),
    ("What did the minister say on Monday?", "2023-07-10"),
    ("Who was killed last Tuesday?", "2023-07-11"),
    ("What did Kazakhstan propose in July 2023?", "2023-07-01 to 2023-07-31"),
    ("What did Kazakhstan propose in May?", "2023-05-01 to 2023-05-31"),
    ("What happened on 4 July 2023?", "2023-07-04"),
    ("What happened July 4?", "2023-07-04"),
    ("What was signed on 4.07.2023?", "2023-07-04"),
    ("News of 2023-07-04", "2023-07-04"),
    ("What has happened since March?", "since 2023-03-01"),
    ("What has the company announced since 2022?", "since 2022-01-01"),
    ("What was said after 5 May?", "since 2023-05-06"),
    ("What was said before 5 May 2023?", "until 2023-05-04"),
    ("Polls before the election of 2020", "until 2020-12-31"),
    ("Who led the polls before the 2020 election?", "until 2020-12-31"),
    ("What happened between March and May 2023?", "2023-03-01 to 2023-05-31"),
    ("What happened from 3 to 7 July?", "2023-07-03 to 2023-07-07"),
    ("What happened in 2023?", "2023-01-01 to 2023-12-31"),
    ("What happened in early 2023?", "2023-01-01 to 2023-04-30"),
    ("What did the Fed do in mid-June 2023?", "2023-06-11 to 2023-06-20"),
    ("What was built in the spring of 2023?", "2023-03-01 to 2023-05-31"),
    ("News articles of Q2 2023", "2023-04-01 to 2023-06-30"),
    ("articles published in the second quarter of 2022", "2022-04-01 to 2022-06-30"),
    ("latest news about Kazakhstan", "newest first"),
    ("What are the most recent developments in Sudan?", "newest first"),
    ("What's new in Astana?", "newest first"),
    ("Last news on the dam", "newest first"),
    ("the article published on October 7, 2019", "2019-10-07"),
    ("What happened between November and February?", "2022-11-01 to 2023-02-28"),
    ("What happened over the weekend?", "2023-07-08 to 2023-07-09"),
    ("What happened a week ago?", "2023-07-03 to 2023-07-09"),
    ("How many customers were without power Thursday due to the storm?", "2023-07-06"),
    ("WHAT HAPPENED LAST WEEK?", "2023-07-03 to 2023-07-09"),
    ("What did they say in July last year?", "2022-07-01 to 2022-07-31"),
    ("By 5 July, how many had died?", "until 2023-07-05"),
    ("What happened from 28 June to 4 July 2023?", "2023-06-28 to 2023-07-04"),
    ("How many died this summer?", "2023-06-01 to 2023-07-12"),
    ("What was reported on Tuesday's debate?", "2023-07-11"),
    ("What was reported by TechCrunch in early June 2023?", "2023-06-01 to 2023-06-10"),
    ("What did the report of October 7, 2022 say?", "2022-10-07"),
    (
        "What changed between the article published on October 1, 2022, and the one from November 5, 2022?",
        "2022-10-01; 2022-11-05",
    ),
    ("Who won on Tuesday’s vote?", "2023-07-11"),
    ("What happened on the 4th of July 2023?", "2023-07-04"),
    ("Who was arrested over the last 2 weeks?", "2023-06-28 to 2023-07-12"),
    ("What happened on 2023-07-04T10:00:00+00:00?", "2023-07-04"),
    ("WHO RESIGNED ON MONDAY?", "2023-07-10"),
    ("What happened in late June?", "2023-06-21 to 2023-06-30"),
    ("What has changed since the election of 2020?", "since 2020-01-01"),
]
RUSSIAN = [
    ("Что случилось на прошлой неделе?", "2023-07-03 to 2023-07-09"),
    ("Что произошло вчера в Алматы?", "2023-07-11"),
    ("Кто выступил позавчера?", "2023-07-10"),
    ("Что сказал президент сегодня?", "2023-07-12"),
    ("Что Казахстан предложил в июле 2023 года?", "2023-07-01 to 2023-07-31"),
    ("Что случилось с марта?", "since 2023-03-01"),
    ("Что изменилось за последние три дня?", "2023-07-09 to 2023-07-12"),
    ("О чем говорили в понедельник?", "2023-07-10"),
    ("последние новости Казахстана", "newest first"),
    ("Что произошло 4 июля 2023 года?", "2023-07-04"),
    ("Что произошло 4 июля?", "2023-07-04"),
    ("Что произошло два месяца назад?", "2023-05-01 to 2023-05-31"),
    ("неделю назад кто выступил?", "2023-07-03 to 2023-07-09"),
    ("Что сказали после 5 мая?", "since 2023-05-06"),
    ("Что было до 5 мая 2023 года?", "until 2023-05-04"),
    ("Что было до выборов 2020 года?", "until 2020-12-31"),
    ("Между мартом и маем 2023 года что произошло?", "2023-03-01 to 2023-05-31"),
    ("С 3 по 7 июля что произошло?", "2023-07-03 to 2023-07-07"),
    ("Что случилось с марта по май 2023 года?", "2023-03-01 to 2023-05-31"),
    ("Что произошло в 2023 году?", "2023-01-01 to 2023-12-31"),
    ("Что произошло в начале 2023 года?", "2023-01-01 to 2023-04-30"),
    ("Что построили весной 2023 года?", "2023-03-01 to 2023-05-31"),
    ("Новости за последнюю неделю", "2023-07-05 to 2023-07-12"),
    ("Что нового в Астане?", "newest first"),
    ("статья от 5 мая 2021 года", "2021-05-05"),
    ("Что произошло в прошлом месяце?", "2023-06-01 to 2023-06-30"),
    ("Кого уволили в этом году?", "2023-01-01 to 2023-07-12"),
    ("Что произошло в мае прошлого года?", "2022-05-01 to 2022-05-31"),
    ("самые свежие новости", "newest first"),
    ("04.07.2023 что было подписано?", "2023-07-04"),
    ("Что случилось 2023-07-04?", "2023-07-04"),
    ("Что объявили во вторник?", "2023-07-11"),
    ("Кто победил прошлым летом?", "2022-06-01 to 2022-08-31"),
]
KAZAKH = [
    ("Өткен аптада не болды?", "2023-07-03 to 2023-07-09"),
    ("Кеше Алматыда не болды?", "2023-07-11"),
    ("Бүгін президент не айтты?", "2023-07-12"),
    ("2023 жылғы шілдеде Қазақстан не ұсынды?", "2023-07-01 to 2023-07-31"),
    ("2023 жылғы 4 шілдеде не болды?", "2023-07-04"),
    ("Наурыз айында не болды?", "2023-03-01 to 2023-03-31"),
    ("шілде айында не болды?", "2023-07-01 to 2023-07-31"),
    ("соңғы жаңалықтар", "newest first"),
    ("Наурыздан бері не өзгерді?", "since 2023-03-01"),
    ("2022 жылдан бері не өзгерді?", "since 2022-01-01"),
    ("Соңғы үш күнде не болды?", "2023-07-09 to 2023-07-12"),
    ("Екі апта бұрын не болды?", "2023-06-26 to 2023-07-02"),
    ("Бір ай бұрын кім келді?", "2023-06-01 to 2023-06-30"),
    ("Дүйсенбіде кім сөйледі?", "2023-07-10"),
    ("дүйсенбі күні кім сөйледі?", "2023-07-10"),
    ("5 мамырдан кейін не болды?", "since 2023-05-06"),
    ("2023 жылғы 5 мамырға дейін не болды?", "until 2023-05-04"),
    ("Наурыз бен мамыр арасында не болды?", "2023-03-01 to 2023-05-31"),
    ("Наурыздан мамырға дейін не болды?", "2023-03-01 to 2023-05-31"),
    ("Биыл қандай заң қабылданды?", "2023-01-01 to 2023-07-12"),
    ("Былтыр не болды?", "2022-01-01 to 2022-12-31"),
    ("Осы аптада не болды?", "2023-07-10 to 2023-07-12"),
    ("2020 жылғы сайлауға дейін не болды?", "until 2020-12-31"),
    ("2023 жылдың басында не болды?", "2023-01-01 to 2023-04-30"),
    ("2023 жылғы көктемде не салынды?", "2023-03-01 to 2023-05-31"),
    ("Алдыңғы күні не болды?", "2023-07-10"),
    ("Қазан айында не болды?", "2022-10-01 to 2022-10-31"),
    ("2022 жылғы қазанда не болды?", "2022-10-01 to 2022-10-31"),
    ("өткен жылғы шілдеде не болды?", "2022-07-01 to 2022-07-31"),
    ("2023 жылы не болды?", "2023-01-01 to 2023-12-31"),
    ("3-7 шілдеде не болды?", "2023-07-03 to 2023-07-07"),
    ("4-шілдеде не болды?", "2023-07-04"),
    ("Өткен айда не болды?", "2023-06-01 to 2023-06-30"),
    ("ең жаңа жаңалықтар", "newest first"),
]
LEFT_ALONE = {
    "en": """
        Which years does the programme cover?
        When did the 2008 Olympics open?
        Who won the 2020 election?
        What is the SCO Anti-Drug Strategy for 2024-2029?
        How did World War II end?
        What may happen to the price of oil?
        How long did the soldiers march?
        Who came second?
        Who owns the Sunday Times?
        Which shop had the best Black Friday deals?
        Who organised March for Our Lives?
        What did May say about Brexit?
        What happened after May resigned?
        Who lived in the 19th century?
        What does Windows 11 cost?
        What was music like in the 1990s?
        What is it known as today?
        What is the average temperature in January?
        Which festival is held in April in Newcastle?
        What is the last name of the designer?
        What was the score of the last game?
        Who was the last emperor of China?
        How long did it last?
        Which king lived more than 900 years ago?
        What did he do in his last year at school?
        Who scored in the last three minutes?
        Who was the first woman in space?
        Who was elected president in November 1960?
        What degree did Luther receive on 19 October 1512?
        Who lectured on the 20th of October in 1880?
        How many people lived in Kenya in 2014?
        Who leads Vision 2030?
        Who will run for president in 2024?
        Who is expected to retire next month?
        Which teams will play on Sunday?
        Who hosts Saturday Night Live?
        What does Ash Wednesday mark?
        What costs 2023 dollars?
        What was the profit in the second quarter of 2023?
        What is the G20?
        What does Covid-19 do?
        What happened in the last week of the war?
        How long ago did it begin?
        What should be done by the deadline at the latest?
        What is the latest date for an application?
        How much has it fallen in the past three years?
        Which company was recently discussed?
        Who is Emperor August?
        What did Last Week Tonight cover?
        How many seats did the 2018-19 season have?
    """,
    "ru": """
        Кто автор картины «Последний день Помпеи»?
        На чём играет Стив Мартин?
        В каком году началась Вторая мировая война?
        Кто победил на выборах 2020 года?
        Какой король жил более 900 лет назад?
        Какой по счёту месяц июнь?
        Кто стал последним чемпионом СССР?
        Что обещали построить к 1980 году?
        Сколько очков набрали за последние три минуты?
        Какое население было в городе в 2010 году?
        Что такое Чёрная пятница?
        Как назывались песни 1990-х?
        Какая погода обычно в январе?
        Что пройдёт в понедельник?
        Какова стратегия ШОС на 2024-2029 годы?
        На каких платформах вышла игра Cyberpunk 2077?
    """,
    "kk": """
        1 гр май ыдырағанда қанша энергия бөлінеді?
        1954 жылы қандай тарихи оқиға болды?
        1990 жылы 25 қазанда қандай оқиға болған?
        Соңғы отарлық ел Намибия қашан тәуелсіздік алды?
        Абай қай жылы дүниеден өткен?
        Қазанда қандай мешіт бар?
        Наурыз мерекесі қалай тойланады?
        1867-68 жылдардағы реформа не берді?
        Бес жыл бұрын ол қайда тұрды?
        Дүйсенбіде не болады?
    """,
}


def read(question: str, now: date = NOW, language: str = "en") -> str | None:
    reading = read_time(question, now, language)
    return reading.words if reading else None


@pytest.mark.parametrize(("question", "words"), ENGLISH)
def test_english_is_read(question: str, words: str) -> None:
    assert read(question) == words


@pytest.mark.parametrize(("question", "words"), RUSSIAN)
def test_russian_is_read(question: str, words: str) -> None:
    assert read(question, language="ru") == words


@pytest.mark.parametrize(("question", "words"), KAZAKH)
def test_kazakh_is_read(question: str, words: str) -> None:
    assert read(question, language="kk") == words


@pytest.mark.parametrize(
    ("language", "question"),
    [(language, line.strip()) for language, lines in LEFT_ALONE.items() for line in lines.strip().splitlines()],
)
def test_a_date_of_the_matter_is_left_alone(language: str, question: str) -> None:
    assert read(question, language=language) is None


@pytest.mark.parametrize(
    ("now", "question", "words"),
    [
        (date(2024, 2, 29), "What happened a month ago?", "2024-01-01 to 2024-01-31"),
        (date(2024, 3, 31), "What happened in the last month?", "2024-02-29 to 2024-03-31"),
        (date(2023, 3, 1), "What happened yesterday?", "2023-02-28"),
        (date(2024, 3, 1), "What happened yesterday?", "2024-02-29"),
        (date(2023, 6, 1), "What happened on 29 February?", "2020-02-29"),
        (date(2024, 6, 1), "What happened on 29 February 2024?", "2024-02-29"),
        (date(2024, 6, 1), "What happened on 31 April 2024?", "2024-04-01 to 2024-04-30"),
        (date(2024, 1, 1), "What happened yesterday?", "2023-12-31"),
        (date(2024, 1, 3), "What happened last week?", "2023-12-25 to 2023-12-31"),
        (date(2024, 1, 3), "What happened last month?", "2023-12-01 to 2023-12-31"),
        (date(2024, 1, 3), "What happened in December?", "2023-12-01 to 2023-12-31"),
        (date(2024, 1, 1), "What happened this week?", "2024-01-01"),
        (date(2024, 1, 3), "What happened in the winter of 2022?", "2022-12-01 to 2023-02-28"),
        (date(2024, 1, 3), "What happened after 31 December 2023?", "since 2024-01-01"),
        (date(2023, 7, 12), "What happened on Wednesday?", "2023-07-12"),
        (date(2023, 7, 12), "What happened last Wednesday?", "2023-07-05"),
        (date(2023, 7, 16), "What happened over the weekend?", "2023-07-15 to 2023-07-16"),
    ],
)
def test_the_ends_of_months_and_years_are_kept(now: date, question: str, words: str) -> None:
    assert read(question, now) == words


def test_a_date_out_of_the_reach_of_the_articles_is_one_of_the_matter() -> None:
    question = "What did Kazakhstan propose in July 2016?"
    assert read_time(question, NOW, "en") is None
    assert read_time(question, NOW, "en", Period(date(2020, 1, 1), NOW)) is None
    reading = read_time(question, NOW, "en", Period(date(2016, 1, 1), date(2016, 12, 31)))
    assert reading
    assert (reading.since, reading.until) == (date(2016, 7, 1), date(2016, 7, 31))


def test_several_dates_stay_apart_and_span_a_range() -> None:
    question = "What changed between the report published on 1 May 2023 and the one from 9 June 2023, the latest?"
    reading = read_time(question, NOW, "en")
    assert reading
    first, second = date(2023, 5, 1), date(2023, 6, 9)
    assert reading.periods == (Period(first, first), Period(second, second))
    assert (reading.since, reading.until, reading.latest) == (first, second, True)
    assert [question[start:end] for start, end in reading.matched] == ["on 1 May 2023", "from 9 June 2023", "latest"]


def test_other_languages_are_left_alone() -> None:
    assert read_time("Was geschah am 4.07.2023?", NOW, "de") is None


WORDS = st.sampled_from(
    "in on since after before until from to between and the of last this past few 2 31 29 0 99 two 2023 2024 2020s "
    "may March february monday week weeks month year weekend ago yesterday today early mid late end spring quarter Q2 "
    "latest news published 2023-02-30 31.12.2023 - , . 's did с по до назад года июля прошлой неделе за последние дня "
    "в начале летом соңғы үш күн бұрын жылғы шілдеде айында бері дейін арасында мен".split()
)


@given(
    st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=25).map(" ".join)),
    st.dates(),
    st.sampled_from(["en", "ru", "kk", "und", "de"]),
)
def test_any_question_is_read_without_error_and_in_order(question: str, now: date, language: str) -> None:
    reading = read_time(question, now, language)
    if reading is None:
        return
    assert reading.periods or reading.latest
    check_periods(reading, now)
    assert list(reading.matched) == sorted(reading.matched)
    assert all(0 <= start < end <= len(question) for start, end in reading.matched)
    assert describe(reading, language)


def check_periods(reading: TimeReading, now: date) -> None:
    for since, until in reading.periods:
        assert since or until
        if since and until:
            assert since <= until
            assert since <= now
    if reading.since and reading.until:
        assert reading.since <= reading.until


@pytest.mark.parametrize(
    "piece", ["1 may ", "the of ", "before x x ", "4-", "1.1", "between may and ", "1234-12-", "е", "'s", "last week "]
)
def test_a_hostile_question_is_read_at_once(piece: str) -> None:
    question = (piece * 2000)[:2000]
    began = time.perf_counter()
    for language in ("en", "ru", "kk"):
        read_time(question, NOW, language)
    assert time.perf_counter() - began < 1
