"""Texts by which an exported model is compared with its original, and those that pin it in its card."""

from __future__ import annotations

from collections.abc import Collection

GOLDEN_TEXTS = (
    "What did Kazakhstan propose for Afghanistan?",
    "The central bank kept its base rate at 16.75 percent on Friday, citing food prices and a weaker currency.",
    "Жители Алматы сдали на переработку 12 тонн бумаги за одну неделю.",
    "",
)
"""A question, a sentence, a sentence in a language that an English model does not know, and nothing."""

_REPORT = (
    "The government said on Tuesday that it would build three hospitals in the north of the country by 2026. "
    "The health minister, who visited the region in March, put the cost at $412.5 million, a third of it a loan. "
    "Opposition members asked why the tender had named only one bidder; the ministry answered in writing that two "
    "others had withdrawn. Work is to begin after the snow melts. "
)
_BULLETIN = (
    "Министерство сообщило во вторник, что к 2026 году на севере страны построят три больницы. "
    "Треть суммы, а это 412,5 млн долларов, составит заём. Работы начнутся, когда сойдёт снег. "
)

_PROBES = {
    "en": (
        "",
        "7",
        "Who won?",
        "What did Kazakhstan propose for Afghanistan?",
        "When does the new railway between the two capitals open to passengers?",
        "How many people live in the capital, and how many of them moved there after 2010?",
        "Why was the bridge closed?",
        "The central bank kept its base rate at 16.75 percent on Friday, citing food prices and a weaker currency.",
        "GDP grew by 4.8% year-on-year in Q2 2023, up from 3.2% in Q1, the bureau of statistics reported.",
        '"We have waited for this for eleven years," said K.-J. Ivanov, 54, a farmer. "Nobody called."',
        "U.S. Rep. J. Smith (D-Calif.) told CNN at 5 p.m. E.T. that the bill would not pass the House.",
        "BREAKING: QUAKE OF MAGNITUDE 6.1 HITS COAST, NO TSUNAMI WARNING ISSUED",
        "The striker scored twice as the home side came from behind to win 3-2 in extra time.",
        "Scientists found traces of water ice in a crater near the Moon's south pole.",
        "Shares of the carmaker fell 12 per cent after it recalled 1.2m vehicles.",
        "The play runs until 14 May; tickets cost from £15.",
        "https://example.org/news/2023/07/04?id=17 was the page; write to press@example.org for more.",
        "Rain 🌧️ is expected, then sun ☀️ by the weekend!",
        "New hospitals. Kazinform, 4 July 2023. " + _REPORT,
        _REPORT * 2,
        _REPORT * 3,
        _REPORT * 30,
    ),
    "ru": (
        "Сколько школ построят в этом году?",
        "Кто выиграл матч?",
        "Жители Алматы сдали на переработку 12 тонн бумаги за одну неделю.",
        "Президент подписал закон о бюджете на 2024–2026 годы, сообщает пресс-служба.",
        _BULLETIN,
        _BULLETIN * 20,
    ),
    "kk": ("Қазақстан Президенті Өзбекстанға мемлекеттік сапармен барады.", "Биыл қанша мектеп салынады?"),
    "es": ("El gobierno anunció ayer una inversión de 300 millones de euros en energía solar.",),
    "de": ("Die Bundesregierung prüft, ob die Frist für kleinere Unternehmen verlängert wird.",),
    "fr": ("Le musée rouvrira ses portes en septembre, après deux ans de travaux.",),
    "zh": ("央行周五宣布维持利率不变。",),
    "ar": ("أعلنت الوزارة عن افتتاح ثلاثة مستشفيات جديدة.",),
}


def probes_for(languages: Collection[str]) -> tuple[str, ...]:
    """Probe texts in the languages that a model knows, from nothing to far more than a model takes.

    All of them where it knows all ("*") or none of ours. Text that a model was not trained on is pulled apart by
    rounding more than other text (all-MiniLM-L6-v2 on Arabic: cosine 0.97), and qabot never asks the model about it.
    """
    known = [language for language in languages if language in _PROBES] or list(_PROBES)
    chosen = list(_PROBES) if "*" in languages else known
    return tuple(text for language in chosen for text in _PROBES[language])
