"""What the reader learns from, and the reads that pin an exported one. Both stand in its card."""

from __future__ import annotations

LICENCE = "CC-BY-SA-4.0"
"""Of the trained weights: that of most of the texts. The body is under Apache-2.0."""

DATA = (
    "SQuAD 1.1, 11,868 training questions on 442 Wikipedia articles (Rajpurkar et al. 2016), CC BY-SA 4.0",
    "Natural Questions, 2,653 questions with a Wikipedia passage (Kwiatkowski et al. 2019), CC BY-SA 3.0",
    "QED, 1,353 questions of Natural Questions with a Wikipedia passage (Lamm et al. 2021), CC BY-SA 3.0",
    "WikiQA, 999 questions with labelled Wikipedia sentences (Yang et al. 2015), "
    "Microsoft Research Data License Agreement: for research and technology development",
)

GOLDEN_TEXTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Who won the marathon?",
        "Rain and records at the city marathon. The Daily Post, 14 May 2023",
        (
            "Heavy rain fell on the city marathon on Sunday.",
            "Aigerim Bekova of Karaganda won in two hours and 28 minutes, four minutes ahead of the field.",
            "The mayor, who ran the last kilometre, thanked the 900 helpers.",
        ),
    ),
    (
        "How much did the bridge cost?",
        "New bridge opens over the river",
        (
            "After four years of work the bridge was opened on Friday.",
            "It is 640 metres long and carries six lanes.",
            '"We waited a generation for this," said a shopkeeper on the east bank.',
            "The state paid 212 million dollars for it, a third more than was planned.",
        ),
    ),
    (
        "When was the museum in Leeds founded?",
        "",
        ("The museum in Leicester was founded in 1849.", "It holds a collection of minerals."),
    ),
    (
        "What did the central bank decide?",
        "Bank holds rates. Reuters, 3 March 2024",
        ("LONDON (Reuters) - The central bank kept its base rate at 5.25 percent, as most economists had expected.",),
    ),
)
"""Each a question, a context line and sentences."""
