"""Every error that qabot raises on purpose. Each names its cause and what mends it.

QabotError
├── SettingsError              an unknown key, a wrong type, a value out of range
├── SeedsError                 the seeds folder is missing, empty or unreadable; strict mode met a bad file
├── EncoderError
│   ├── ModelNotFoundError     no such model folder
│   ├── DamagedModelError      a file of the model is missing, or is not the one its card describes
│   ├── MissingExtraError      an extra (`models`, `eval`) is not installed
│   └── ModelMismatchError     an exported model does not agree with its original
├── GenerationError
│   ├── NoIndexError           nothing has been built yet
│   ├── DamagedIndexError      a file is missing, cut, or not the one that was written
│   ├── StaleIndexError        built by another model, other settings or another version of qabot
│   ├── BuildInProgressError   another process is building
│   ├── BuildCancelledError    the build was told to stop, or its process was killed
│   └── WriteError             the disk is full or the folder cannot be written
├── FetchError                 a page or feed cannot be fetched: unreachable, too large, too slow, not text
│   └── ForbiddenAddressError  the address may not be fetched: no http(s), private network, robots.txt
├── ChannelError
│   ├── TokenError             there is no Telegram token, or Telegram does not accept it
│   ├── ConflictError          another process polls with the same token
│   ├── StateError             the bot's memory cannot be read or written
│   ├── BusyError              as many questions wait as may
│   └── StoppingError          the bot is being stopped and takes no question any more
├── QuestionError              empty or too long
├── GoldError                  a file of gold questions is empty, or a line of it cannot be used
├── FigureError                a figure is required that does not exist
└── CitationError
    ├── ArticleGoneError       the cited article is no longer indexed
    ├── ArticleChangedError    the cited article has another text now
    └── QuoteMismatchError     the quoted words are not the article's at that place
"""

from __future__ import annotations


class QabotError(Exception):
    """Base of all errors of qabot.

    Args:
        cause: one sentence without a full stop: what went wrong, naming the file, key or value.
        mend: the command or step that mends it; may be empty.
    """

    def __init__(self, cause: str, mend: str = "") -> None:
        super().__init__(cause, mend)
        self.cause = one_line(cause)
        self.mend = one_line(mend)

    def __str__(self) -> str:
        return f"{self.cause}. {self.mend}" if self.mend else self.cause


class SettingsError(QabotError):
    """A setting is unknown, of the wrong type or out of range."""


class SeedsError(QabotError):
    """The seeds folder cannot be used."""


class EncoderError(QabotError):
    """A model cannot be loaded, run or prepared."""


class ModelNotFoundError(EncoderError):
    """There is no model of that name or in that folder."""


class DamagedModelError(EncoderError):
    """A model file is missing or differs from what its card says."""


class MissingExtraError(EncoderError):
    """An extra is needed and not installed; the message names it."""


class ModelMismatchError(EncoderError):
    """An exported model does not agree with the model that it was made from."""


class GenerationError(QabotError):
    """Base of the errors of an index, which is kept as generations."""


class NoIndexError(GenerationError):
    """No generation has been published yet."""


class DamagedIndexError(GenerationError):
    """A file of a generation is missing, cut or altered."""


class StaleIndexError(GenerationError):
    """The generation was made by another model, other settings or another schema."""


class BuildInProgressError(GenerationError):
    """Another process holds the build lock."""


class BuildCancelledError(GenerationError):
    """The build was told to stop, or its process was killed; the generation in service is untouched."""


class WriteError(GenerationError):
    """The generation could not be written; the one in service is untouched."""


class FetchError(QabotError):
    """A page or feed cannot be fetched; the cause names its address."""


class ForbiddenAddressError(FetchError):
    """The address may not be fetched, whatever is there."""


class ChannelError(QabotError):
    """Base of the errors of a channel that runs as a server."""


class TokenError(ChannelError):
    """There is no token, or Telegram does not accept it (any more)."""


class ConflictError(ChannelError):
    """Another process receives the updates of this bot."""


class StateError(ChannelError):
    """The bot's memory cannot be read or written."""


class BusyError(ChannelError):
    """As many questions wait as may wait."""


class StoppingError(ChannelError):
    """The channel is being stopped; the question was not answered."""


class QuestionError(QabotError):
    """The question is empty or too long."""


class GoldError(QabotError):
    """A file of gold questions cannot be used; the cause names file and line."""


class FigureError(QabotError):
    """There is no figure of that name, or a requirement cannot be read."""


class CitationError(QabotError):
    """A citation cannot be resolved."""


class ArticleGoneError(CitationError):
    """The cited article is no longer in the index."""


class ArticleChangedError(CitationError):
    """The cited article's text has changed since the citation was made."""


class QuoteMismatchError(CitationError):
    """The quoted words do not stand at the cited place."""


def one_line(text: str) -> str:
    """`text` with control characters and line ends replaced, so that a hostile name cannot forge output."""
    return "".join(ch if ch.isprintable() else " " for ch in text).strip()
