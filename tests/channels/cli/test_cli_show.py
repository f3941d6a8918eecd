"""`qabot show`: the article with the cited words lit up, or why that cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_house import ARTICLES, DAM_QUESTION, DAM_SENTENCE, HOSTILE_QUESTION, Run, at_terminal, write_seeds

from qabot.encoders.encoder import Encoder
from qabot.index.building import build
from qabot.settings import load_settings


@pytest.fixture
def citation(run: Run) -> str:
    """Of the sentence that says what the dam cost."""
    return str(run("ask", "--json", DAM_QUESTION).json["quotes"][0]["citation"])


def test_the_quote_and_its_paragraph_are_marked(run: Run, citation: str) -> None:
    ran = run("show", citation)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "Almaty opens a dam",
        "Kazinform, 4 July 2023",
        "https://example.org/dam",
        "",
        "Almaty, the largest city of Kazakhstan, opened a dam on Monday.",
        "",
        f"> >>>{DAM_SENTENCE}<<< Its wall is 150 metres high.",
        "",
        "Engineers had planned it since 1966.",
    ]


def test_only_the_paragraph_can_be_shown(run: Run, citation: str) -> None:
    ran = run("show", "--paragraph", citation)
    assert ran.out == f"> >>>{DAM_SENTENCE}<<< Its wall is 150 metres high.\n"


def test_a_quote_over_two_paragraphs_is_marked_in_both(run: Run) -> None:
    assert run("show", "--paragraph", "dam:49-75").out.splitlines() == [
        "> Almaty, the largest city of Kazakhstan, opened a >>>dam on Monday.<<<",
        "",
        f"> >>>{DAM_SENTENCE[:10]}<<<{DAM_SENTENCE[10:]} Its wall is 150 metres high.",
    ]


def test_an_article_is_shown_by_its_id_alone(run: Run) -> None:
    ran = run("show", "bees")
    assert (ran.code, ">>>" in ran.out, "> " in ran.out) == (0, False, False)
    assert "Beekeepers in Slovenia" in ran.out


def test_a_hostile_article_cannot_command_the_terminal(run: Run) -> None:
    citation = run("ask", "--json", HOSTILE_QUESTION).json["quotes"][0]["citation"]
    ran = run("show", "--", citation)
    assert ran.code == 0
    assert not {"\x1b", "\u202e", "\u202c"} & set(ran.out)
    assert r">>>The zebra census counted \x1b[31m512" in ran.out


@pytest.mark.parametrize(
    ("citation", "message"),
    [
        ("dams", "Article 'dams' is not in the index"),
        ("dams:3-7@0123456789ab", "Article 'dams' is not in the index"),
        ("dam:65-109@0123456789ab", "Article 'dam' has changed since it was cited"),
        ("dam:65-9999", "so dam:65-9999 lies outside of it"),
        ("dam:9-9", "so dam:9-9 lies outside of it"),
        ("dam:63-65", "only white space at dam:63-65"),
    ],
)
def test_a_citation_that_does_not_hold_is_one_line_that_says_why(run: Run, citation: str, message: str) -> None:
    ran = run("show", citation)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert message in ran.err


def test_a_paragraph_needs_a_place(run: Run) -> None:
    ran = run("show", "--paragraph", "dam")
    assert ran.code == 2
    assert "--paragraph needs a citation with a place" in ran.err


def test_a_citation_outlives_a_new_title_but_not_a_new_text(run: Run, tmp_path: Path, encoder: Encoder) -> None:
    write_seeds(tmp_path)
    settings = load_settings(tmp_path)
    build(settings, encoder)
    citation = run("ask", "--json", DAM_QUESTION, at=tmp_path).json["quotes"][0]["citation"]
    dam, *others = json.loads(json.dumps(ARTICLES))
    write_seeds(tmp_path, [dam | {"title": "Another title"}, *others])
    build(settings, encoder)
    assert run("show", citation, at=tmp_path).code == 0
    write_seeds(tmp_path, [dam | {"text": str(dam["text"]).replace("12", "13")}, *others])
    build(settings, encoder)
    ran = run("show", citation, at=tmp_path)
    assert (ran.code, "has changed since it was cited" in ran.err) == (2, True)
    write_seeds(tmp_path, others)
    build(settings, encoder)
    ran = run("show", citation, at=tmp_path)
    assert (ran.code, "is not in the index" in ran.err) == (2, True)


def test_at_a_terminal_the_quote_is_lit_up_and_its_paragraph_has_a_bar(home: Path, citation: str) -> None:
    with at_terminal("--home", str(home), "show", citation) as terminal:
        assert terminal.end() == 0
    assert f"\x1b[1;7m{DAM_SENTENCE}\x1b[0m" in terminal.raw
    assert f"▌ {DAM_SENTENCE}" in terminal.text
    assert ">>>" not in terminal.text


def test_no_color_leaves_no_colour_at_a_terminal(home: Path, citation: str) -> None:
    with at_terminal("--home", str(home), "show", citation, NO_COLOR="1") as terminal:
        terminal.end()
    assert "\x1b[3" not in terminal.raw
    assert f"▌ \x1b[1;7m{DAM_SENTENCE}" in terminal.raw


def test_a_dumb_terminal_gets_plain_text(home: Path, citation: str) -> None:
    with at_terminal("--home", str(home), "show", citation, TERM="dumb") as terminal:
        terminal.end()
    assert "\x1b" not in terminal.raw
    assert f"> >>>{DAM_SENTENCE}<<<" in terminal.raw
