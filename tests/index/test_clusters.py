"""Stories: which articles are one in nearly the same words, and which only look alike."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qabot.articles.article import Article
from qabot.index.fixtures import frequent
from qabot.index.progress import Silent
from qabot.index.store_writer import StoreWriter
from qabot.index.stories import write_stories

WIRE = """ALMATY, July 4 (Agency) - A landslide buried the only road to the mountain village of Kok-Zhailau on \
Tuesday, cutting 340 people off from the valley below, the emergency ministry said.

Rain had fallen on the slopes for nine days. Engineers who looked at the road in June had warned that its walls would \
not hold, according to a report seen by the Agency.

Two helicopters took food and medicine to the village, and a doctor stayed there for the night. Nobody was hurt, said \
Aigul Saparova, who heads the district.

The ministry expects the road to be open again within two weeks. Until then the school, which was about to close for \
the summer, serves as a store for flour, water and blankets."""

NEW_LEAD = """A mountain village in Kazakhstan has lost its link to the world after heavy rain, officials say."""
NEW_END = """Hikers were told to keep away from the whole gorge until Sunday."""

RUSSIAN = """Оползень во вторник перекрыл единственную дорогу к горному селу Кок-Жайлау, отрезав от долины 340 \
человек, сообщило министерство по чрезвычайным ситуациям. Дожди шли на склонах девять дней подряд. Инженеры, \
осмотревшие дорогу в июне, предупреждали, что её стены не выдержат. Два вертолёта доставили в село продукты и \
лекарства, а врач остался там на ночь. Никто не пострадал, сказала глава района Айгуль Сапарова. Министерство \
рассчитывает открыть дорогу в течение двух недель."""

KAZAKH = """Сейсенбі күні көшкін Көкжайлау ауылына баратын жалғыз жолды жауып қалды, 340 адам аңғардан қол үзді, деп \
хабарлады төтенше жағдайлар министрлігі. Тау беткейлерінде тоғыз күн бойы жаңбыр жауды. Маусым айында жолды қараған \
инженерлер оның қабырғалары шыдамайтынын ескерткен еді. Екі тікұшақ ауылға азық-түлік пен дәрі жеткізді, ал дәрігер \
сол жерде түнеп қалды. Ешкім зардап шеккен жоқ, деді аудан басшысы Айгүл Сапарова. Министрлік жолды екі апта ішінде \
ашуды жоспарлап отыр."""

DAY = datetime(2023, 7, 4, tzinfo=UTC)


def article(name: str, text: str, source: str | None = None, day: int = 0, title: str = "") -> Article:
    return Article(name, title or f"About {name}", text, DAY + timedelta(day), source)


@contextmanager
def told(*articles: Article) -> Iterator[StoreWriter]:
    """A store of those articles with its stories."""
    with TemporaryDirectory() as folder:
        writer = StoreWriter(Path(folder) / "articles.sqlite")
        for one in articles:
            writer.add(one, [])
        write_stories(writer, Path(folder), 1_000_000, Silent())
        yield writer
        writer.close()


def stories(*articles: Article) -> set[frozenset[str]]:
    """The ids of the articles of each story that more than one article tells."""
    members: dict[int, set[str]] = defaultdict(set)
    with told(*articles) as writer:
        for story, name in writer.db.execute("SELECT story, id FROM stories JOIN articles ON key = article"):
            members[story].add(name)
    return {frozenset(ids) for ids in members.values()}


def prose(seed: int, count: int) -> str:
    """Sentences of words that no other seed has."""
    chance = random.Random(seed)
    drawn = ["".join(chance.choices("abcdefgh", k=12)) for _ in range(count * 12)]
    return " ".join(" ".join(drawn[start : start + 12]) + "." for start in range(0, len(drawn), 12))


ONE = {frozenset({"a", "b"})}


@pytest.mark.parametrize("text", [WIRE, RUSSIAN, KAZAKH])
def test_the_same_text_under_another_headline_is_one_story(text: str) -> None:
    first, second = article("a", text, "Inform", title="Road cut"), article("b", text, "Tengri", title="Village alone")
    assert stories(first, second) == ONE


@pytest.mark.parametrize(
    ("text", "word", "other", "added"),
    [
        (RUSSIAN, "единственную", "последнюю", "Туристов просят не ходить в ущелье до воскресенья."),
        (KAZAKH, "жалғыз", "соңғы", "Туристерге жексенбіге дейін шатқалға бармау сұралды."),
    ],
)
def test_a_text_with_another_word_and_one_more_sentence_is_the_same_story(
    text: str, word: str, other: str, added: str
) -> None:
    assert stories(article("a", text), article("b", f"{text.replace(word, other)} {added}")) == ONE


def test_a_wire_story_with_two_other_sentences_is_the_same_story() -> None:
    paragraphs = WIRE.split("\n\n")
    changed = "\n\n".join([NEW_LEAD, *paragraphs[:-1], paragraphs[-1].split(". ")[0] + ". " + NEW_END])
    assert stories(article("a", WIRE, "Agency"), article("b", changed, "Herald")) == ONE


def test_an_excerpt_that_is_most_of_a_text_is_the_same_story() -> None:
    excerpt = "\n\n".join(WIRE.split("\n\n")[:3])
    assert stories(article("a", WIRE, "Agency"), article("b", excerpt, "Herald")) == ONE


def test_half_of_a_text_is_an_excerpt_of_it_but_not_with_other_sentences_after_it() -> None:
    whole = prose(1, 20)
    half = " ".join(f"{sentence}." for sentence in whole.split(". ")[:11])
    assert stories(article("a", whole), article("b", half)) == ONE
    assert stories(article("a", whole), article("b", f"{half} {prose(2, 4)}")) == set()


def test_a_single_paragraph_of_a_text_is_another_article() -> None:
    assert stories(article("a", WIRE), article("b", WIRE.split("\n\n")[1])) == set()


def test_case_and_marks_make_no_difference() -> None:
    assert stories(article("a", WIRE), article("b", WIRE.upper().replace(",", " -").replace("\n\n", "\n"))) == ONE


def test_short_texts_are_one_story_only_if_they_are_equal() -> None:
    short = "Trains between the capital and the port will run again from Monday morning, the railway said."
    assert stories(article("a", short), article("b", short)) == ONE
    assert stories(article("a", short), article("b", short.replace("morning", "evening"))) == set()


def weather(city: str, degrees: int, wind: int, day: str) -> str:
    return (
        f"The weather in {city} on {day}: it will be dry during the day, with some clouds in the afternoon and a light"
        f" breeze from the mountains. Temperatures will reach {degrees} degrees in the shade, and the wind will blow at"
        f" up to {wind} metres a second. Drivers should take care on the roads out of town, where there may be fog in"
        " the early hours, and those who are sensitive to changes of pressure are advised to rest and to drink enough"
        f" water. In the night the temperature will fall to {degrees - 12} degrees. The sun rises and sets as expected"
        " for the season, and the water in the lakes is warm enough for bathing, the forecasters say."
    )


def test_a_template_with_other_numbers_and_names_is_another_story() -> None:
    first = article("a", weather("Almaty", 31, 7, "Monday"), "Inform")
    assert stories(first, article("b", weather("Astana", 24, 15, "Friday"), "Inform")) == set()
    assert stories(first, article("b", weather("Almaty", 26, 5, "Tuesday"), "Tengri", day=1)) == set()


def test_a_shared_notice_of_two_kilobytes_does_not_make_one_story() -> None:
    notice = " ".join(f"{sentence}." for sentence in prose(99, 30).split(".")[:-1])
    assert len(notice) > 2_000
    articles = [article(f"n{n}", f"{prose(n, 4)}\n\n{notice}", "Herald") for n in range(8)]
    assert stories(*articles) == set()
    copies = [article(f"c{n}", f"{prose(n, 4)}\n\n{prose(98, 30)}", "Courier") for n in range(8)]
    assert stories(*articles, *copies) == {frozenset({f"n{n}", f"c{n}"}) for n in range(8)}


def test_a_notice_in_place_of_articles_does_not_make_one_story() -> None:
    notice = prose(5, 6)
    pages = [article(f"p{n}", notice, "Herald", title=f"Headline {n}") for n in range(6)]
    assert stories(*pages) == set()
    assert stories(*(article(f"p{n}", notice, f"Outlet {n}", title=f"Headline {n}") for n in range(6))) != set()


def test_many_copies_without_an_outlet_are_one_story() -> None:
    copies = [article(f"copy{n}", WIRE) for n in range(9)]
    assert stories(*copies) == {frozenset(copy.id for copy in copies)}


def test_a_chain_of_small_changes_does_not_tie_its_ends_together() -> None:
    parts = [prose(n, 2) for n in range(30)]
    chain = [article(f"v{n:02}", "\n".join(parts[n : n + 10]), f"Outlet {n}", day=n) for n in range(20)]
    found = stories(*chain)
    assert found
    for ids in found:
        numbers = [int(name[1:]) for name in ids]
        assert max(numbers) - min(numbers) <= 3


def test_the_first_of_a_story_is_the_earliest_and_then_the_least_id() -> None:
    articles = [article("c", WIRE, day=2), Article("0", "", WIRE), article("b", WIRE, day=1), article("a", WIRE, day=1)]
    with told(*articles) as writer:
        first = "SELECT DISTINCT id FROM stories JOIN articles ON key = story"
        assert writer.db.execute(first).fetchall() == [("a",)]


def test_articles_are_grouped_the_same_in_any_order() -> None:
    versions = [article(f"w{n}", f"{WIRE}\n\n{prose(n, n % 6)}", f"Outlet {n}", day=n % 5) for n in range(12)]
    others = [article(f"o{n}", f"{prose(50 + n // 2, 8)} {prose(100 + n, 2)}", "Herald", day=n) for n in range(12)]
    articles = versions + others
    found = stories(*articles)
    assert len(found) > 2
    for seed in range(5):
        random.Random(seed).shuffle(articles)
        assert stories(*articles) == found


def test_what_was_compared_is_not_compared_again(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [article("a", WIRE, "Agency"), article("b", f"{WIRE}\n\n{NEW_END}", "Herald")]
    with told(*articles) as writer, TemporaryDirectory() as folder:
        monkeypatch.setattr("qabot.index.stories.same_story", None)
        write_stories(writer, Path(folder), 1_000_000, Silent())
        assert len(writer.db.execute("SELECT * FROM stories").fetchall()) == 2


def test_fixtures_are_found_in_several_passes_where_memory_is_short() -> None:
    chance = np.random.default_rng(1)
    blocks = [np.unique(chance.integers(0, 1000, 400).astype(np.uint32)) for _ in range(9)]
    total = sum(map(len, blocks))
    found = frequent(lambda: blocks, total, 3, 1_000_000)
    marks, counts = np.unique(np.concatenate(blocks), return_counts=True)
    assert found.tolist() == marks[counts > 3].tolist()
    assert frequent(lambda: blocks, total, 3, 5000).tolist() == found.tolist()


@given(
    st.text(min_size=1, max_size=300), st.lists(st.sampled_from(["Herald", "Courier", None]), min_size=2, max_size=3)
)
def test_identical_texts_are_always_one_story(text: str, sources: Sequence[str | None]) -> None:
    articles = [article(f"i{n}", text, source) for n, source in enumerate(sources)]
    assert stories(article("other", prose(7, 5), "Herald"), *articles) == {frozenset(copy.id for copy in articles)}


@given(st.lists(st.integers(1, 500), min_size=2, max_size=6, unique=True), st.integers(1, 20))
def test_unrelated_texts_are_never_one_story(seeds: list[int], sentences: int) -> None:
    assert stories(*(article(str(seed), prose(seed, sentences)) for seed in seeds)) == set()


def test_no_article_gives_no_story() -> None:
    assert stories() == set()
