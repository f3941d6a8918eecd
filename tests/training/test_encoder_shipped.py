"""The encoder for Kazakh, Russian and English that ships with qabot."""

from __future__ import annotations

import numpy as np
import pytest

from qabot.bundled import bundled
from qabot.encoders.card_file import SENTENCE_PIECES
from qabot.encoders.encoder import knows
from qabot.encoders.onnx import OnnxEncoder
from qabot.encoders.prepare import check_golden
from qabot.encoders.sentence_pieces import SentencePieces

SHIPPED = bundled("models/e5-small-kk-ru-en")

SAME = {
    "bridge": (
        "The bridge over the river was closed after the flood.",
        "Мост через реку закрыли после наводнения.",
        "Су тасқынынан кейін өзен үстіндегі көпір жабылды.",
    ),
    "bank": (
        "The central bank left its key interest rate unchanged.",
        "Центральный банк оставил ключевую ставку без изменений.",
        "Орталық банк негізгі мөлшерлемені өзгеріссіз қалдырды.",
    ),
    "team": (
        "The national football team won the match by two goals to one.",
        "Сборная по футболу выиграла матч со счётом два один.",
        "Футболдан ұлттық құрама матчта екі-бір есебімен жеңді.",
    ),
    "school": (
        "Ten new schools will be built in the city next year.",
        "В следующем году в городе построят десять новых школ.",
        "Келесі жылы қалада он жаңа мектеп салынады.",
    ),
}


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    return OnnxEncoder(SHIPPED)


@pytest.fixture(scope="module")
def tokenizer() -> SentencePieces:
    return SentencePieces((SHIPPED / SENTENCE_PIECES).read_bytes())


def test_it_gives_its_golden_vectors(encoder: OnnxEncoder) -> None:
    assert check_golden(encoder) > 0.99


def test_its_card_says_what_it_is(encoder: OnnxEncoder) -> None:
    card = encoder.card
    assert all(knows(encoder, language) for language in ("kk", "ru", "en"))
    assert not knows(encoder, "de")
    assert (card.query_prefix, card.passage_prefix, card.licence) == ("query: ", "passage: ", "mit")


def test_a_passage_of_256_pieces_is_not_cut(encoder: OnnxEncoder) -> None:
    pieces = 256
    around = encoder.count_tokens([encoder.card.passage_prefix])[0] + 2
    assert pieces + around <= encoder.card.max_tokens


def test_the_folder_is_small() -> None:
    assert sum(file.stat().st_size for file in SHIPPED.iterdir()) <= 60_000_000


@pytest.mark.parametrize("language", range(3), ids=["en", "ru", "kk"])
@pytest.mark.parametrize("other", range(3), ids=["en", "ru", "kk"])
def test_a_translation_is_nearer_than_anything_else(encoder: OnnxEncoder, language: int, other: int) -> None:
    questions = encoder.encode_questions([texts[language] for texts in SAME.values()])
    passages = encoder.encode_passages([texts[other] for texts in SAME.values()])
    assert np.argmax(questions @ passages.T, axis=1).tolist() == list(range(len(SAME)))


@pytest.mark.parametrize(
    "text",
    [
        "Қасым-Жомарт Тоқаев пен Gérard Depardieu, Łukasz Żółć, Åse Ñuñez, Şafak Öztürk, Trần Văn Đức",
        "Його звали Ґвинтівка; Ђорђе, Љубља, Ўзбекистон, Ѓорѓи, Ҳиндустон, Ґанна, Ћирић",
        "Qazaqstan Respýblıkasynyń Tuńǵysh Prezıdenti, äñşı, ŪĞIÑŞ",
        "€100, $5.50, £7, ₸450, ₽90, ¥8, 12 %, № 5, § 3, 25 °C, «да» „ja“ “yes” ‘no’ — – … • ½ ×",
        "2023-07-04T10:15Z, +7 (727) 250-00-00, 1,234,567.89, 3:2, 50/50, a@b.kz, #tag, snake_case, {x|y}~^`\\",
    ],
    ids=["latin", "cyrillic", "latin-kazakh", "signs", "numbers"],
)
def test_names_numbers_currency_and_marks_of_the_world_have_pieces(tokenizer: SentencePieces, text: str) -> None:
    (ids,) = tokenizer.ids([text])
    assert tokenizer.pieces.index("<unk>") not in ids


def test_hostile_text_still_gets_a_unit_vector(encoder: OnnxEncoder) -> None:
    texts = ["", "\x00\x07", "</s><s><pad><mask><unk>", "\ud800", "▁" * 3000, "́" * 500, "中文 한국어 عربى", "a" * 5000]
    vectors = encoder.encode_passages(texts)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-3)
