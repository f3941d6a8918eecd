"""The two kinds of tokenizer: the same pieces from both, for any text, and damage said in one line."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sentencepiece import SentencePieceProcessor
from tokenizers import Regex, models, normalizers, pre_tokenizers, processors
from tokenizers import Tokenizer as LibraryTokenizer

from qabot.bundled import bundled
from qabot.encoders.card import read_card, write_card
from qabot.encoders.card_file import SENTENCE_PIECES, TOKENIZER
from qabot.encoders.counting import make_counter
from qabot.encoders.json_tokenizer import JsonTokenizer, read_json
from qabot.encoders.onnx import OnnxEncoder
from qabot.encoders.sentence_pieces import SentencePieces
from qabot.encoders.tokenizer import load_tokenizer, tokenizer_file
from qabot.errors import DamagedModelError

E5, MINILM = bundled("models/e5-small-kk-ru-en"), bundled("models/all-minilm-l6-v2")

TEXTS = {
    "kk": "Қазақстан Президенті Қасым-Жомарт Тоқаев 2023 жылғы 1 қыркүйекте Жолдау жариялады: ғылым, көлік, өңдеу.",
    "ru": "Жители Алматы сдали на переработку 12,5 тонны бумаги — «вдвое больше», чем в 2022-м (см. ниже)…",
    "en": "The central bank's 16.75% rate wasn't cut; shares of Łódź-based firms fell 3–4 per cent, to $1,234.50!",
    "mixed": "TikTok пен ШОС: «Digital Qazaqstan» жобасы — https://example.org/news?id=17 #жаңалық @user",
    "a half of a character": "a\ud83d b",
    "NUL and controls": "a\x00b\x07 \x1f c",
    "joined emoji": "👨‍👩‍👧 🏳️‍🌈 🤷‍♀️",
    "bare marks": "\u0301" * 300,
    "other scripts": "中文 한국어 عربى हिन्दी",
    "decomposed": "и\u0306 Е\u0308лка Tra\u0302\u0300n",
    "spaces": " \t a\u00a0b\u3000c\u2028d\r\n\ufeffe ",
    "compatible": "ｔｈｅ Ⅷ ½ ﬁ № ™",
    "only spaces": " \n ",
    "nothing": "",
    "a piece's mark": "▁▁a▁b",
    "unknown ones": "ጀጁጂ ጀጁ!",
    "no space at all": "абвгдежз" * 12_500,
}


@pytest.fixture(scope="module")
def pieces() -> SentencePieces:
    return SentencePieces((E5 / SENTENCE_PIECES).read_bytes())


@pytest.fixture(scope="module")
def other_library() -> JsonTokenizer:
    """The shipped pieces and scores as the library `tokenizers` runs them, with its own normalisation."""
    model = SentencePieceProcessor(model_file=str(E5 / SENTENCE_PIECES))
    vocabulary = [(model.id_to_piece(number), model.get_score(number)) for number in range(len(model))]
    tokenizer = LibraryTokenizer(models.Unigram(vocabulary, model.unk_id(), byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", model.bos_id()), ("</s>", model.eos_id())]
    )
    return JsonTokenizer(tokenizer)


@pytest.mark.parametrize("kind", TEXTS)
def test_both_libraries_cut_a_text_alike(pieces: SentencePieces, other_library: JsonTokenizer, kind: str) -> None:
    assert pieces.ids([TEXTS[kind]]) == other_library.ids([TEXTS[kind]])
    assert (pieces.before, pieces.after) == (other_library.before, other_library.after)


def test_texts_that_spell_special_pieces_have_none(pieces: SentencePieces) -> None:
    (ids,) = pieces.ids(["</s><s><pad><mask><unk>"])
    assert not {*pieces.before, *pieces.after} & {*ids}


def test_many_texts_are_cut_as_each_alone_and_by_many_threads(pieces: SentencePieces) -> None:
    texts = list(TEXTS.values())
    alone = [ids for text in texts for ids in pieces.ids([text])]
    assert pieces.ids([]) == []
    with ThreadPoolExecutor(8) as threads:
        assert all(ids == alone for ids in threads.map(lambda _: pieces.ids(texts), range(16)))


def test_special_pieces_are_found_out_from_a_json_tokenizer() -> None:
    library = read_json(MINILM / TOKENIZER)
    tokenizer = JsonTokenizer(library)
    assert [library.id_to_token(number) for number in (*tokenizer.before, *tokenizer.after)] == ["[CLS]", "[SEP]"]


def test_the_counter_counts_as_the_encoder_does() -> None:
    texts = list(TEXTS.values())
    for folder in (E5, MINILM):
        assert make_counter(tokenizer_file(folder))(texts) == OnnxEncoder(folder).count_tokens(texts)


@pytest.mark.parametrize("content", [b"", b"\n", b"garbage" * 999, "half"], ids=["empty", "a line", "garbage", "half"])
@pytest.mark.parametrize("name", [SENTENCE_PIECES, TOKENIZER])
def test_a_damaged_tokenizer_is_said_in_one_line(
    tmp_path: Path, name: str, content: bytes | str, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = ((E5 if name == SENTENCE_PIECES else MINILM) / name).read_bytes()
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else whole[: len(whole) // 2])
    with pytest.raises(DamagedModelError) as caught:
        load_tokenizer(tmp_path / name)
    assert str(tmp_path / name) in caught.value.cause
    assert "\n" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_a_missing_tokenizer_is_said_by_its_name(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(E5, tmp_path / "copy"))
    (folder / SENTENCE_PIECES).unlink()
    with pytest.raises(DamagedModelError, match=r"tokenizer\.json is missing"):
        OnnxEncoder(folder)


def test_an_altered_tokenizer_model_is_refused(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(E5, tmp_path / "copy"))
    with (folder / SENTENCE_PIECES).open("ab") as file:
        file.write(b"\n")
    with pytest.raises(DamagedModelError, match="not the file that its card describes"):
        OnnxEncoder(folder)


def test_the_fingerprint_is_that_of_the_card(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(E5, tmp_path / "copy"))
    assert OnnxEncoder(folder).fingerprint == OnnxEncoder(E5).fingerprint
    write_card(replace(read_card(folder), passage_prefix="text: "), folder)
    assert OnnxEncoder(folder).fingerprint != OnnxEncoder(E5).fingerprint
