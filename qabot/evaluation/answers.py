"""Answers: whether quotes hold what a question asks for, and stand where they should."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from qabot.articles.language import detect
from qabot.evaluation.gold import GoldQuestion
from qabot.evaluation.hits import squeezed
from qabot.evaluation.outcome import Outcome, Shown
from qabot.index.analysis import PLAIN, terms

_ARTICLE = re.compile(r"\b(?:a|an|the)\b")
_INFLECTED = {"ru", "kk"}
"""Languages whose words take many endings, and of which there is a stemmer."""

_NO_STRINGS = {"yes", "no", "true", "false", "да", "нет", "иә", "жоқ"}
"""Answers that say something about a text and are not looked for in it."""


def answer_figures(outcome: Outcome) -> dict[str, float]:
    """What one question adds to the figures of answers: each figure is the mean over the questions that have it.

    `exact_quotes`: of every question with quotes, the share that equal their slices.
    `answer_in_quotes`, `answer_in_first_quote`: of answerable questions with answer strings, whether the quotes,
    or the first one, hold one of them (see `holds_answer`).
    `quote_in_evidence`, `first_quote_in_evidence`: of answerable questions with evidence, whether any quote, or the
    first one, stands in it (see `stands_in_evidence`).
    `all_articles_quoted`, `all_articles_listed`: of answerable questions with evidence in several articles, whether
    all of them are quoted, or are quoted or among the nearest articles.
    """
    gold, quotes = outcome.gold, outcome.quotes
    figures: dict[str, float] = {}
    if quotes:
        figures["exact_quotes"] = sum(quote.exact for quote in quotes) / len(quotes)
    if gold.answerable is not True:
        return figures
    if gold.answers:
        figures["answer_in_quotes"] = holds_answer(quotes, gold)
        figures["answer_in_first_quote"] = holds_answer(quotes[:1], gold)
    if gold.evidence:
        figures["quote_in_evidence"] = any(stands_in_evidence(quote, gold) for quote in quotes)
        figures["first_quote_in_evidence"] = any(stands_in_evidence(quote, gold) for quote in quotes[:1])
    wanted = {evidence.article for evidence in gold.evidence}
    if len(wanted) > 1:
        quoted = {quote.article for quote in quotes}
        figures["all_articles_quoted"] = wanted <= quoted
        figures["all_articles_listed"] = wanted <= quoted | set(outcome.nearest)
    return figures


def is_right(outcome: Outcome, *, first: bool = False) -> bool | None:
    """Whether the quotes, or only the first one, answer the question; None where nobody can tell.

    False for an unanswerable question. An answerable one is answered by a quote that holds an answer string, unless
    that string is a yes or no. Where no answer string stands in the evidence itself (yes or no, or an answer in
    other words), a quote that stands in the evidence answers it too; if no passage holds that, nobody can tell.
    """
    gold = outcome.gold
    if gold.answerable is not True:
        return gold.answerable
    if not gold.answers and not gold.evidence:
        return None
    quotes = outcome.quotes[:1] if first else outcome.quotes
    strings = [answer for answer in gold.answers if normalized(answer) not in _NO_STRINGS]
    analyzer = _analyzer(gold)
    if _any_in(strings, (quote.text for quote in quotes), analyzer):
        return True
    told = any(quote is None or _any_in(strings, [quote], analyzer) for _, quote in gold.evidence)
    if strings and (told or not gold.evidence):
        return False
    if outcome.holders and not any(outcome.holders):
        return None  # It is of another edition of the article; that a quote does not stand in it says nothing.
    return any(stands_in_evidence(quote, gold) for quote in quotes)


def holds_answer(quotes: Iterable[Shown], gold: GoldQuestion) -> bool:
    """Whether the text of a quote holds one of the answer strings as whole words, both normalised as SQuAD does.

    Punctuation is taken out as SQuAD's script does, or else replaced by a space, so that "Disney's" holds "Disney".
    For questions in Russian and Kazakh the stems of the words have to be the same, not their endings: "в Ираке" holds
    "Ирак".
    """
    return _any_in(gold.answers, (quote.text for quote in quotes), _analyzer(gold))


def stands_in_evidence(quote: Shown, gold: GoldQuestion) -> bool:
    """Whether a quote lies wholly inside an evidence's quote, or wholly holds it, both without white space.

    An evidence without a quote is its whole article.
    """
    text = squeezed(quote.text)
    return any(
        quote.article == evidence.article
        if evidence.quote is None
        else text in squeezed(evidence.quote) or squeezed(evidence.quote) in text
        for evidence in gold.evidence
    )


def normalized(text: str, punctuation: str = "") -> str:
    """`text` in lower case, without punctuation, English articles and surplus white space.

    So does SQuAD's evaluate-v2.0.py (Rajpurkar et al. 2018, arXiv:1806.03822); its ASCII punctuation is extended to
    that of Unicode. A text of which nothing would be left keeps its articles, or else all of its characters.

    Args:
        text: any text.
        punctuation: what to write for a character of punctuation.
    """
    lower = unicodedata.normalize("NFC", text).lower()
    bare = "".join(punctuation if unicodedata.category(character)[0] in "PS" else character for character in lower)
    return " ".join(_ARTICLE.sub(" ", bare).split()) or " ".join(bare.split()) or " ".join(lower.split())


def _analyzer(gold: GoldQuestion) -> str:
    """The analyzer by which the answers to a question are looked for, `PLAIN` to take them as they are."""
    language = detect(gold.question)
    return language if language in _INFLECTED else PLAIN


def _any_in(answers: Iterable[str], texts: Iterable[str], analyzer: str) -> bool:
    answers, texts = list(answers), list(texts)
    wanted = [(gap, f" {normalized(answer, gap)} ") for answer in answers for gap in ("", " ")]
    if any(answer in f" {normalized(text, gap)} " for text in texts for gap, answer in wanted):
        return True
    if analyzer == PLAIN:
        return False
    stems = [f" {' '.join(terms(text, analyzer))} " for text in texts]
    asked = [f" {' '.join(found)} " for answer in answers if (found := terms(answer, analyzer))]
    return any(answer in text for text in stems for answer in asked)
