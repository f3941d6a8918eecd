"""Inline and guest results: each a cited quote, in a message that Telegram takes."""

from __future__ import annotations

from hostile import headlines, sayings, texts, urls
from hypothesis import given
from made_up_answers import BEES, DAM, answer, article, quote, short_id
from message_rules import broken_rules, covered
from telegram import InlineQueryResultArticle, InputTextMessageContent
from telegram.constants import InlineQueryResultLimit

from qabot.answering.answer import Answer, Quote
from qabot.articles.article import canonical
from qabot.channels.telegram.characters import units
from qabot.channels.telegram.inline import RESULTS, guest_result, inline_results, notice_result
from qabot.channels.telegram.text import Composed
from qabot.channels.wording import words_for

COST = "The dam cost 12 million dollars."


def results_of(given: Answer, language: str = "en") -> list[InlineQueryResultArticle]:
    return inline_results(given, words_for(language), bot_username="qabot_bot", article_link=short_id)


def message_of(result: InlineQueryResultArticle) -> Composed:
    content = result.input_message_content
    assert isinstance(content, InputTextMessageContent)
    return Composed(content.message_text, content.entities)


def broken(result: InlineQueryResultArticle) -> list[str]:
    problems = broken_rules(message_of(result))
    if not InlineQueryResultLimit.MIN_ID_LENGTH <= len(result.id.encode()) <= InlineQueryResultLimit.MAX_ID_LENGTH:
        problems.append("id")
    if not result.title.strip() or units(result.title) > 120 or units(result.description or "") > 120:
        problems.append("title or description")
    return problems


def test_each_result_is_a_quote_with_its_source() -> None:
    first, second = results_of(answer(quote(DAM, COST), further=[quote(BEES, "They blame mites.")]))
    assert first.title == COST
    assert first.description == "Kazinform · 4 July 2023 · Almaty opens a dam"
    assert message_of(first).text == f"{COST}\nKazinform · 4 July 2023\nAlmaty opens a dam"
    assert covered(message_of(first), "blockquote") == [COST]
    assert message_of(second).text == "They blame mites.\nBees counted"
    assert first.id != second.id


def test_there_are_at_most_five() -> None:
    articles = [article(f"{COST} {'x' * number}") for number in range(9)]
    further = [quote(one, "x" * (number + 1)) for number, one in enumerate(articles[1:])]
    assert len(results_of(answer(quote(articles[0], COST), further=further))) == RESULTS


def test_an_honest_no_is_a_result_too() -> None:
    (result,) = results_of(answer(nearest=[DAM]), "ru")
    assert result.title == "В моих 4\u00a0872 статьях этого нет (самая новая: 4 июля 2023)."
    assert covered(message_of(result), "text_link") == ["Almaty opens a dam"]


def test_a_guest_gets_the_whole_answer_in_one_result() -> None:
    given = answer(quote(DAM, COST), quote(BEES, "They blame mites."))
    result = guest_result(given, words_for("en"), bot_username="qabot_bot", article_link=short_id)
    assert covered(message_of(result), "blockquote") == [COST, "They blame mites."]
    assert result.reply_markup is None


def test_a_guest_answer_that_is_too_long_ends_with_a_message() -> None:
    long = " ".join([COST] * 300)
    result = guest_result(
        answer(quote(article(long), long)), words_for("en"), bot_username="qabot_bot", article_link=short_id
    )
    assert not broken(result)
    assert message_of(result).text in long


def test_a_notice_is_a_result() -> None:
    result = notice_result(words_for("kk").busy)
    assert not broken(result)
    assert message_of(result).text == words_for("kk").busy


@given(sayings(), texts, headlines, urls)
def test_hostile_articles_give_good_results(words: str, behind: str, title: str, url: str | None) -> None:
    words = canonical(words)
    one = article(f"{words} {behind}", title=title, source=title, url=url)
    given = answer(Quote(one, 0, len(words), 1.0))
    guest = guest_result(given, words_for("ru"), bot_username="qabot_bot", article_link=short_id)
    for result in [*results_of(given), *results_of(answer(nearest=[one])), guest]:
        assert not broken(result)
