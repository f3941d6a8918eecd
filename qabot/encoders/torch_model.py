"""What qabot asks of a loaded SentenceTransformer: its pooling, prompts, limit and tokenizer."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from qabot.encoders.originals import require_extra
from qabot.errors import EncoderError

_USE_DIRECTLY = 'Use the model as it is: encoder = "sentence-transformers" in config/qabot.toml'


def load_original(folder: Path, *, device: str | None = "cpu", threads: int = 0, **model_kwargs: Any) -> Any:
    """The SentenceTransformer in `folder`, in float32.

    Args:
        folder: the model's.
        device: as torch names it; None takes a GPU if there is one.
        threads: cores that torch uses from now on; 0 leaves that to torch.
        model_kwargs: for the loading of the transformer.

    Raises:
        MissingExtraError: the extra `models` is not installed.
        EncoderError: it cannot be loaded.
    """
    require_extra()
    import torch  # noqa: PLC0415
    from safetensors import SafetensorError  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    if threads:
        torch.set_num_threads(threads)
    try:
        with without_progress_bars():
            model = SentenceTransformer(
                str(folder), device=device, local_files_only=True, model_kwargs={"dtype": torch.float32, **model_kwargs}
            )
    except (SafetensorError, OSError, ValueError, KeyError, RuntimeError, AttributeError, TypeError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise EncoderError(f"sentence-transformers cannot load {folder}: {reason}") from error
    return model.eval()


def pooling_of(model: Any) -> str:
    """How the model makes one vector out of the tokens': "mean" or "cls".

    Raises:
        EncoderError: the model has parts that a model folder cannot hold.
    """
    parts = [type(module).__name__ for module in model]
    if parts not in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]):
        raise EncoderError(f"A model of the parts {', '.join(parts)} cannot be exported", _USE_DIRECTLY)
    settings = model[1].get_config_dict()
    mode = settings["pooling_mode"]
    if mode not in ("mean", "cls"):
        raise EncoderError(f"The pooling {mode!r} cannot be exported, only mean and cls", _USE_DIRECTLY)
    if not settings["include_prompt"]:
        raise EncoderError("A pooling that leaves out the prompt cannot be exported", _USE_DIRECTLY)
    return str(mode)


def prompts_of(model: Any) -> tuple[str, str]:
    """What the model wants before a question and before a passage."""
    prompts = model.prompts
    passage = next((prompts[key] for key in ("document", "passage", "corpus") if prompts.get(key)), "")
    return prompts.get("query") or "", passage


def max_tokens_of(model: Any) -> int:
    """Most word pieces that the model takes, special tokens among them."""
    positions = getattr(model[0].auto_model.config, "max_position_embeddings", None)
    limits = [model.max_seq_length, model.tokenizer.model_max_length, positions]
    return min(int(limit) for limit in limits if limit)


def bare_tokenizer(model: Any) -> Tokenizer:
    """A copy of the model's tokenizer without any cutting or padding, which belong to whoever uses it.

    Raises:
        EncoderError: the model has none that the library `tokenizers` can run.
    """
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if not isinstance(backend, Tokenizer):
        raise EncoderError("A model without a fast tokenizer cannot be used")
    tokenizer = Tokenizer.from_str(backend.to_str())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@contextlib.contextmanager
def without_progress_bars() -> Iterator[None]:
    from transformers.utils import logging  # noqa: PLC0415

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
