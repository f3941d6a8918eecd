"""Gold questions asked after another one: which one, and what is compared."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from qabot.answering.engine import Engine
from qabot.evaluation.examining import Examiner
from qabot.evaluation.gold import GoldQuestion, Turn, read_gold
from qabot.evaluation.histories import COMPARED, after_another, compare_histories, count_follow_ups
from qabot.evaluation.outcome import Outcome
from qabot.evaluation.run import run


def asked(outcome: Callable[..., Outcome], ids: str, file: str, **gold: object) -> list[Outcome]:
    made = outcome(quotes=(("ferry", "The ferry sails."),))
    return [
        dataclasses.replace(made, gold=GoldQuestion(one, f"Who is {one}?", "span", True, file=file, **gold))  # type: ignore[arg-type]
        for one in ids
    ]


def test_every_question_comes_after_another_one_of_its_file(engine: Engine, outcome: Callable[..., Outcome]) -> None:
    outcomes = [*asked(outcome, "abcde", "one"), *asked(outcome, "vwxyz", "two")]
    after = after_another(outcomes, engine.generation.store)
    assert [question.id for question in after] == [each.gold.id for each in outcomes]
    of_file = {f"Who is {one}?": file for ids, file in (("abcde", "one"), ("vwxyz", "two")) for one in ids}
    before = [turn.question for question in after for turn in question.history]
    assert sorted(before) == sorted(of_file)
    assert all(of_file[turn] == question.file for turn, question in zip(before, after, strict=True))
    assert all(turn != question.question for turn, question in zip(before, after, strict=True))


def test_the_choice_does_not_depend_on_the_order(engine: Engine, outcome: Callable[..., Outcome]) -> None:
    outcomes = asked(outcome, "abcdefgh", "one")
    there = {question.id: question.history for question in after_another(outcomes, engine.generation.store)}
    back = {question.id: question.history for question in after_another(outcomes[::-1], engine.generation.store)}
    assert there == back


def test_what_was_quoted_is_part_of_the_history(engine: Engine, outcome: Callable[..., Outcome]) -> None:
    first, second = asked(outcome, "ab", "one")
    silent = dataclasses.replace(second, quotes=())
    after_a, after_b = after_another([first, silent], engine.generation.store)
    article = engine.generation.store.find_article("ferry")
    assert article is not None
    assert after_b.history == (Turn("Who is a?", "The ferry sails.", article.title),)
    assert after_a.history == (Turn("Who is b?", ""),)
    assert after_b.conversation.turns[0].headline == article.title


def test_a_question_that_is_alone_or_has_a_history_is_left_as_it_is(
    engine: Engine, outcome: Callable[..., Outcome]
) -> None:
    own = (Turn("Who won?", "Ann Lee."),)
    outcomes = [*asked(outcome, "a", "one"), *asked(outcome, "bc", "two", history=own)]
    assert after_another(outcomes, engine.generation.store) == [each.gold for each in outcomes]


def test_follow_ups_are_counted() -> None:
    history = (Turn("Who won the marathon?", "Ann Lee won.", "Ann Lee"),)
    leans = GoldQuestion("a", "Where was she born?", "span", True, history=history)
    stands = GoldQuestion("b", "What is the population of Oslo?", "span", True, history=history)
    assert count_follow_ups([leans, stands, dataclasses.replace(leans, history=())]) == 1


def test_the_small_gold_set_is_answered_as_well_after_another_question(engine: Engine, questions: Path) -> None:
    histories = compare_histories(engine, run(engine, read_gold([questions])), 0.5)
    assert histories.after.complete
    told = histories.to_dict()
    assert told["read_as_follow_ups"] == histories.follow_ups
    assert list(told["figures"]) == list(COMPARED)
    for name in COMPARED:
        assert told["figures"][name] == {"alone": histories.alone.figure(name), "after": histories.after.figure(name)}
        assert (histories.after.figure(name) or 0) >= (histories.alone.figure(name) or 0)


def test_an_interrupted_second_run_is_not_complete(
    engine: Engine, questions: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = run(engine, read_gold([questions]), limit=3)

    def interrupted(self: Examiner, gold: GoldQuestion) -> Outcome:
        raise KeyboardInterrupt

    monkeypatch.setattr(Examiner, "examine", interrupted)
    histories = compare_histories(engine, alone, 0.5)
    assert (histories.to_dict()["complete"], histories.after.asked) == (False, 3)
