"""qabot answers questions from a folder of news articles, word for word and with the citation.

>>> import qabot
>>> with qabot.open() as engine:
...     answer = engine.ask("What did Kazakhstan propose for Afghanistan?")
...     print(answer.quotes[0].text, answer.quotes[0].citation)
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qabot.answering.engine import Engine

__version__ = "0.1.0"


def open(home: str | Path | None = None, **settings: object) -> Engine:  # noqa: A001 - qabot.open() says it best
    """The engine for the index in service.

    Args:
        home: the folder that holds config/, seeds/ and embeddings/; found from the working folder if not given.
        settings: values that go before config/qabot.toml and the environment, as `quotes=1`.

    Raises:
        QabotError: there is no index, it is damaged, or it was made by another model; the message says what mends it.
    """
    from qabot.answering.engine import open_engine  # noqa: PLC0415 - importing qabot alone stays fast
    from qabot.settings import load_settings  # noqa: PLC0415

    return open_engine(load_settings(Path(home).resolve() if home else None, **settings))
