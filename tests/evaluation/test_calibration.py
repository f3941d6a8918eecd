"""Calibration: weights of examples, the fit, the isotonic table, the threshold, the weights of the search, files."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qabot.answering.confidence import read_confidence
from qabot.answering.engine import Engine
from qabot.answering.features import FEATURES
from qabot.articles.article import Article
from qabot.articles.folder import read_folder
from qabot.articles.limits import Limits
from qabot.errors import GoldError
from qabot.evaluation.calibration import calibrate
from qabot.evaluation.calibration_examples import (
    Example,
    Examples,
    examples_of,
    is_examples,
    read_examples,
    write_examples,
)
from qabot.evaluation.calibration_fit import FOLDS, cross_validated, fit, fold_of, left_out, tabulate
from qabot.evaluation.calibration_half import OUTSIDE, half_of, of_half, write_half
from qabot.evaluation.calibration_isotonic import applied, isotonic, log_loss
from qabot.evaluation.calibration_pairs import FEWEST, fit_pair, fit_pairs
from qabot.evaluation.calibration_threshold import errors_at, least_cost
from qabot.evaluation.calibration_weights import GRID, QUESTIONS, try_weight, with_ranks
from qabot.evaluation.foreign import FOREIGN, with_foreign
from qabot.evaluation.gold import Evidence, GoldQuestion, read_gold
from qabot.evaluation.outcome import Outcome
from qabot.evaluation.run import run
from qabot.index.progress import Silent

STRONG, WEAK = FEATURES.index("similarity"), FEATURES.index("terms")


def example(
    name: str, *, answerable: bool = True, right: bool = True, kind: str = "span", pair: str = "en-en", **values: Any
) -> Example:
    features = [0.0] * len(FEATURES)
    for feature in set(values) & set(FEATURES):
        features[FEATURES.index(feature)] = values.pop(feature)
    return Example(name, kind, pair, answerable, right, tuple(features), **values)


def of(*examples: Example, name: str = "news", **values: Any) -> Examples:
    base = Examples(name, "2026-07-04", "0.1.0", "model", "abc", "", 8, 9, {"dense_weight": 0.4}, examples)
    return replace(base, **values)


def drawn(name: str, count: int, seed: int, pair: str = "en-en", shift: float = 0.0, stretch: float = 1.0) -> Examples:
    """Questions that are right by chance: the log odds are 6 * similarity + 3 * terms - 4, nothing else matters; times
    `stretch`, plus `shift`."""
    draw = np.random.default_rng(seed)
    found = []
    for number in range(count):
        features = draw.random(len(FEATURES))
        odds = 6 * features[STRONG] + 3 * features[WEAK] - 4
        right = bool(draw.random() < 1 / (1 + math.exp(-stretch * odds - shift)))
        found.append(Example(f"{name}-{number}", "span", pair, right, right, tuple(features.tolist())))
    return of(*found, name=name)


def few(name: str = "news", shift: float = 0.0) -> Examples:
    """Twenty questions, the right ones with more similarity."""
    right = [example(f"{name}-r{at}", similarity=0.5 + at / 20 - shift) for at in range(10)]
    wrong = [example(f"{name}-w{at}", answerable=False, right=False, similarity=at / 20) for at in range(10)]
    return of(*right, *wrong, name=name)


# Weighting.


def test_answerable_and_not_count_the_same_and_so_does_each_kind_of_the_latter() -> None:
    answerable = [example(f"a{at}", right=at % 2 == 0) for at in range(20)]
    foreign = [example(f"f{at}", answerable=False, right=False, kind="foreign") for at in range(8)]
    outside = [example(f"o{at}", answerable=False, right=False, kind=OUTSIDE) for at in range(2)]
    weight = tabulate([of(*answerable, *foreign, *outside)]).weight
    assert weight.sum() == pytest.approx(30)
    assert weight[:20].sum() == pytest.approx(15)
    assert weight[20:28].sum() == pytest.approx(weight[28:].sum()) == pytest.approx(7.5)


def test_every_set_counts_the_same_whatever_its_size() -> None:
    table = tabulate([drawn("small", 50, 1), drawn("big", 500, 2)])
    assert table.weight[table.set == "small"].sum() == pytest.approx(table.weight[table.set == "big"].sum())


def test_a_question_is_in_the_same_fold_in_every_set() -> None:
    assert {fold_of(f"q{number}") for number in range(100)} == set(range(FOLDS))
    assert fold_of("q1") == fold_of("q1")


def test_where_nothing_can_be_learnt_it_says_so() -> None:
    with pytest.raises(GoldError, match="Of 20 questions 20 were answered right: there is nothing to learn from"):
        tabulate([of(*(example(str(at)) for at in range(20)))])


# The fit.


def test_a_fit_recovers_what_the_examples_were_drawn_from() -> None:
    line = fit(tabulate([drawn("news", 8000, 3)]))
    assert line.weights[STRONG] == pytest.approx(6, abs=0.6)
    assert line.weights[WEAK] == pytest.approx(3, abs=0.6)
    rest = [weight for at, weight in enumerate(line.weights) if at not in (STRONG, WEAK)]
    assert max(map(abs, rest)) < 0.5


def test_no_question_is_judged_by_a_fit_that_has_seen_it() -> None:
    table = tabulate([drawn("news", 200, 4)])
    given = cross_validated(table)
    for fold in range(FOLDS):
        held = table.fold == fold
        assert given[held] == pytest.approx(fit(table.of(~held))(table.features[held]))


def test_leaving_out_a_collection_leaves_out_its_half_too() -> None:
    table = tabulate([drawn("a", 100, 5), replace(drawn("b", 100, 6), set="a/half"), drawn("c", 100, 7)])
    given = left_out(table)
    assert given is not None
    assert given[:200] == pytest.approx(fit(table.of(table.set == "c"))(table.features[:200]))
    assert left_out(tabulate([drawn("a", 100, 5)])) is None


# The isotonic table.


def test_the_table_gives_the_shares_that_were_right() -> None:
    # Of the 24 that got 0.3 a half is right, of the 24 that got 0.7 all.
    table = tabulate([of(*(example(f"q{at}", right=at >= 24 or at % 2 == 0) for at in range(48)))])
    given = np.repeat([0.3, 0.7], 24)
    assert isotonic(given, table) == ((0.3, 0.5), (0.7, 0.99))
    assert applied(np.array([0.0, 0.3, 0.5, 1.0]), ((0.3, 0.5), (0.7, 0.9))) == pytest.approx([0.5, 0.5, 0.7, 0.9])
    assert applied(given, ()) is given


def test_log_loss_by_hand() -> None:
    table = tabulate([of(*(example(f"q{at}", right=at < 5) for at in range(10)))])
    given = np.where(table.right, 0.8, 0.4)
    assert log_loss(given, table) == pytest.approx(-(math.log(0.8) + math.log(0.6)) / 2)


def test_a_bent_confidence_gets_a_table_and_a_straight_one_none() -> None:
    straight = drawn("news", 2000, 8)
    assert calibrate([straight]).confidence.common.table == ()
    # A line cannot have that the middle is right; and half of what is answerable is never right.
    bent = [replace(one, right=one.features[STRONG] > 0.5) for one in straight.examples]
    flat = [replace(one, right=one.right and at % 2 == 0) for at, one in enumerate(bent)]
    calibration = calibrate([of(*flat)])
    assert calibration.isotonic_log_loss < calibration.log_loss
    assert len(calibration.confidence.common.table) > 1


# Pairs of languages.


def test_a_pair_where_other_things_matter_gets_a_regression_of_its_own() -> None:
    calibration = calibrate([drawn("news", 1000, 14), drawn("across", 600, 15, pair="ru-en", shift=-3, stretch=2)])
    own = calibration.confidence.pairs["ru-en"]
    assert own.bias < calibration.confidence.common.bias
    figures = calibration.pairs["ru-en"]
    assert figures.own
    assert figures.own_log_loss is not None
    assert figures.own_log_loss < figures.common_log_loss
    assert figures.answerable + figures.unanswerable == 600
    assert calibration.pairs_log_loss < calibration.log_loss


def test_pairs_that_are_alike_share_one_regression() -> None:
    calibration = calibrate([drawn("news", 2000, 16), drawn("across", 2000, 17, pair="ru-en")])
    assert calibration.confidence.pairs == {}
    assert set(calibration.pairs) == {"en-en", "ru-en"}
    assert calibration.pairs_log_loss == calibration.log_loss


def test_a_pair_of_few_examples_has_the_common_regression() -> None:
    calibration = calibrate([drawn("news", 1000, 19), drawn("across", FEWEST, 18, pair="kk-en", shift=-2)])
    assert "kk-en" not in calibration.confidence.pairs
    assert calibration.pairs["kk-en"].own_log_loss is None


def test_no_question_is_judged_by_a_regression_of_its_pair_that_has_seen_it() -> None:
    table = tabulate([drawn("news", 400, 20), drawn("across", 400, 21, pair="ru-en", stretch=-1)])
    common, held = cross_validated(table), (table.fold == 0) & (table.pair == "ru-en")
    pairs = fit_pairs(table, common)
    assert "ru-en" in pairs.regressions
    assert pairs.given[held] == pytest.approx(fit_pair(table.of(table.fold != 0), "ru-en")(table.features[held]))


def test_a_pair_keeps_the_common_weight_of_what_its_examples_cannot_tell() -> None:
    news, across = drawn("news", 1000, 23), drawn("across", 600, 24, pair="ru-en", shift=-3)
    # Of one index they all have one size, but for chance: what chance makes of it is not to be believed.
    size = FEATURES.index("size")
    level = [
        replace(one, features=(*one.features[:size], 0.5 + 0.001 * (at % 2), *one.features[size + 1 :]))
        for at, one in enumerate(across.examples)
    ]
    table = tabulate([news, of(*level, name="across")])
    assert fit_pair(table, "ru-en").weights[size] == pytest.approx(fit(table).weights[size], abs=0.3)
    assert abs(fit(table.of(table.pair == "ru-en")).weights[size]) > 10


def test_a_pair_of_many_examples_gets_the_weights_that_they_were_drawn_by() -> None:
    table = tabulate([drawn("news", 4000, 25), drawn("across", 8000, 26, pair="ru-en", stretch=0.5, shift=1)])
    line = fit_pair(table, "ru-en")
    assert line.weights[STRONG] == pytest.approx(3, abs=0.5)
    assert line.weights[WEAK] == pytest.approx(1.5, abs=0.5)


# Foreign questions.


def test_questions_of_other_articles_are_unanswerable() -> None:
    own = GoldQuestion("o", "Who?", "span", True, ("Ann",))
    other = GoldQuestion("f", "Кто?", "span", True, ("Анна",), (Evidence("elsewhere", None),))
    assert with_foreign([own], [other]) == [own, GoldQuestion("f", "Кто?", FOREIGN, False)]
    with pytest.raises(GoldError, match="'o' is among those of these articles"):
        with_foreign([own], [other, own])


# The threshold.


def test_the_errors_of_a_threshold_are_shares_in_each_set() -> None:
    table = tabulate([few()])
    # Of ten unanswerable questions those with 0.40 and 0.45 are above 0.4, of ten right ones none is below it.
    assert errors_at(0.4, table.features[:, STRONG], table) == (0.4, 0.2, 0.0)
    both = tabulate([few(), of(example("r", similarity=0.2), example("w", right=False, similarity=0.2), name="b")])
    assert errors_at(0.4, both.features[:, STRONG], both) == (0.4, 0.2, 0.5)


def test_the_threshold_costs_least() -> None:
    # Unanswerable questions reach 0.45, right ones begin at 0.40. From 0.40 up to 0.45 one more unanswerable question
    # answered costs twice as much as one right quote withheld.
    table = tabulate([few(shift=0.1)])
    assert least_cost(table.features[:, STRONG], table) == (0.46, 0.0, 0.2)


def test_the_threshold_is_told_by_questions_that_were_compared() -> None:
    compared = [replace(one, features=(one.features[0], 1.0, *one.features[2:])) for one in few().examples]
    table = tabulate([of(*compared), few("b", shift=0.3)])
    assert least_cost(table.features[:, STRONG], table) == least_cost(*_alone(of(*compared)))


def _alone(only: Examples) -> tuple[Any, Any]:
    table = tabulate([only])
    return table.features[:, STRONG], table


# The weights of the search.


def test_the_best_weight_has_the_highest_mean_reciprocal_rank_over_the_sets() -> None:
    first_at_3 = tuple(1 if at == 3 else 2 for at in range(11))
    never = (0,) * 11
    one = of(*(example(f"a{at}", dense_ranks=first_at_3) for at in range(20)), name="a")
    two = of(*(example(f"b{at}", dense_ranks=never) for at in range(5)), name="b")
    tried = try_weight([one, two], "dense_weight")
    assert tried is not None
    assert tried.best == 0.3
    assert (tried.hits["a"][3], tried.ranks["a"][0], tried.ranks["b"][3]) == (1, 0.5, 0)
    assert (tried.mean(0.3, "dense_weight"), tried.held_out) == (0.5, 0.5)
    assert try_weight([one, two], "preference_weight") is None


# Half of the articles.


def article(name: str, day: int | None) -> Article:
    published = None if day is None else datetime(2024, 1, day, tzinfo=UTC)
    return Article(id=name, title="", text="Text.", published=published)


def test_the_older_half_is_kept() -> None:
    assert half_of([article("c", 3), article("a", 1), article("d", 4), article("b", 2)]) == {"a", "b"}
    assert len(half_of([article(str(at), None) for at in range(9)])) == 5


def test_parts_of_one_page_are_in_one_half() -> None:
    parts = [Article(id=f"{page}-{part}", title=page, text="Text.") for part in "123" for page in ("Ann", "Bob")]
    assert len({one.partition("-")[0] for one in half_of(parts)}) == 1


def test_questions_about_the_other_half_become_unanswerable_and_unsure_ones_are_left_out() -> None:
    def asked(name: str, answerable: bool | None, *articles: str) -> GoldQuestion:
        evidence = tuple(Evidence(article, None) for article in articles)
        return GoldQuestion(name, "Who?", "span", answerable, ("Ann",), evidence)

    inside, outside, no = asked("i", True, "a"), asked("o", True, "c", "d"), asked("n", False)
    halved = of_half([inside, outside, asked("p", True, "a", "c"), asked("u", None), asked("e", True), no], {"a", "b"})
    assert halved == [
        inside, GoldQuestion("o", "Who?", OUTSIDE, False), no
    ]  # fmt: skip


def test_the_articles_of_the_half_are_the_same_articles(tmp_path: Path, questions: Path) -> None:
    kept = write_half(questions.parent, tmp_path / "half", Limits())
    before, after = (
        {one.id: one.record_hash for one in read_folder(folder, Limits()) if isinstance(one, Article)}
        for folder in (questions.parent, tmp_path / "half")
    )
    assert set(after) == kept
    assert after.items() <= before.items()
    assert len(after) == (len(before) + 1) // 2


# Examples, their files, and the whole.


def test_examples_are_of_questions_whose_answer_is_known(outcome: Callable[..., Outcome], engine: Engine) -> None:
    features = engine.ask("Who is the mayor of Ostvik?").features
    quote = (("a", "Ann came."),)
    read = {"quotes": quote, "features": features, "read": True}
    outcomes = [
        outcome(answers=("Ann",), **read),
        outcome(answers=("Bob",), **read),
        outcome(answerable=False, **read),
        outcome(answerable=None, **read),
        outcome(**read),
        outcome(answers=("Ann",)),
        outcome(answers=("Ann",), **read | {"read": False}),
    ]
    found = examples_of("news", engine, outcomes, "2026-07-04")
    assert [(one.answerable, one.right) for one in found.examples] == [(True, True), (True, False), (False, False)]
    assert {one.pair for one in found.examples} == {"en-en"}
    assert found.articles == 8


def test_examples_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    written = of(example("q", similarity=0.25, dense_ranks=(1, 2), preference_ranks=()), name="новости")
    write_examples(written, path)
    assert is_examples(path)
    assert read_examples(path) == written


@pytest.mark.parametrize(
    ("line", "damage", "cause"),
    [
        (1, '{"features": []}', "the features are not those of this version"),
        (1, json.dumps({"features": FEATURES, "set": "a"}), ":1: the line is damaged"),
        (2, "{", ":2: the line is no JSON"),
        (2, "[]", ":2: the line is no JSON object"),
        (2, '{"id": "q"}', ":2: the line is damaged"),
        (
            2,
            json.dumps({"id": "q", "kind": "", "pair": "en-en", "answerable": True, "right": True, "features": [1.0]}),
            ":2: the line",
        ),
    ],
)
def test_damaged_examples_are_refused_by_line(line: int, damage: str, cause: str, tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    write_examples(of(example("q")), path)
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[line - 1] = damage
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(GoldError) as raised:
        read_examples(path)
    assert cause in raised.value.cause


@pytest.mark.parametrize(
    ("other", "cause"),
    [
        ({"name": "news"}, "'news' is given twice"),
        ({"name": "b", "fingerprint": "def"}, "'news' and 'b' were made by different models or settings"),
        ({"name": "b", "settings": {"dense_weight": 0.5}}, "'news' and 'b' were made by different models or settings"),
    ],
)
def test_sets_that_do_not_go_together_are_refused(other: dict[str, Any], cause: str) -> None:
    with pytest.raises(GoldError, match=cause):
        calibrate([few(), of(*few("o").examples, **other)])


def test_the_json_is_read_back_as_the_confidence_and_says_how_it_was_come_by(tmp_path: Path) -> None:
    calibration = calibrate([drawn("news", 400, 10), replace(drawn("wiki", 200, 11), day="2026-07-05")])
    path = tmp_path / "confidence.json"
    path.write_text(calibration.to_json(), encoding="utf-8")
    assert read_confidence(path) == calibration.confidence
    provenance = json.loads(calibration.to_json())["provenance"]
    assert provenance["fitted"] == "2026-07-05"
    assert list(provenance["sets"]) == ["news", "wiki"]
    assert provenance["pairs"]["en-en"]["answerable"] == sum(one["answerable"] for one in provenance["sets"].values())
    news = provenance["sets"]["news"]
    assert news["answerable"] + news["unanswerable"] == 400
    assert news["auroc"] > 0.8
    assert news["left_out_auroc"] > 0.8
    assert provenance["cross_validated"]["ece"] < 0.15
    assert 0 < provenance["threshold"]["value"] < 1


def test_the_same_examples_give_the_same_json_in_any_order() -> None:
    sets: Sequence[Examples] = [drawn("news", 200, 12), drawn("wiki", 200, 13)]
    assert calibrate(sets).to_json() == calibrate(sets[::-1]).to_json()


def test_the_weights_of_the_search_are_tried_on_the_small_gold_set(engine: Engine, questions: Path) -> None:
    outcomes = run(engine, read_gold([questions])).outcomes
    plain = examples_of("gold", engine, outcomes, "2026-07-04")
    found = with_ranks(plain, engine, outcomes, Silent())
    ranked = [one for one in found.examples if one.dense_ranks]
    assert 10 < len(ranked) <= QUESTIONS
    assert {len(one.dense_ranks) for one in ranked} == {len(GRID["dense_weight"])}
    assert {len(one.preference_ranks) for one in ranked} <= {0, len(GRID["preference_weight"])}
    tried = try_weight([found], "dense_weight")
    assert tried is not None
    assert tried.hits["gold"][4] >= 0.9
