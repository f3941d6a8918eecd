"""Options that several commands share, and the settings that come of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

import typer

if TYPE_CHECKING:
    from qabot.settings import Settings

Home = Annotated[
    Path | None,
    typer.Option(
        "--home", metavar="DIR", help="Folder that holds seeds/, config/ and embeddings/. [default: found from here]"
    ),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show where an error comes from.")]
Seeds = Annotated[Path | None, typer.Option("--seeds", metavar="DIR", help="Folder of articles to read.")]
Embeddings = Annotated[
    Path | None, typer.Option("--embeddings", metavar="DIR", help="Folder of the models and of the index.")
]
EncoderName = Annotated[
    str | None,
    typer.Option(
        "--encoder",
        metavar="KIND",
        help='What runs the model: "onnx", or "sentence-transformers" for any of its models.',
    ),
]
ModelName = Annotated[
    str | None,
    typer.Option("--model", metavar="NAME", help="Which model embeds; another one needs an index of its own."),
]
ReaderName = Annotated[
    str | None,
    typer.Option(
        "--reader", metavar="NAMES", help='Models that read passages, with commas; "none": vectors and terms.'
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


@dataclass(slots=True)
class Common:
    """What was given before the command; `with_own` adds what was given after it."""

    home: Path | None = None
    debug: bool = False

    @classmethod
    def of(cls, ctx: typer.Context, home: Path | None, debug: bool) -> Self:
        """The options of the whole run: those before the command, and those after it, which go first."""
        common = ctx.ensure_object(cls)
        common.home = home or common.home
        common.debug = debug or common.debug
        return common

    def settings(self, **flags: object) -> Settings:
        """The settings; paths among `flags` start in the folder where the command was typed.

        Raises:
            SettingsError: there is no such home, or a setting is wrong.
        """
        from qabot.errors import SettingsError
        from qabot.settings import load_settings

        if self.home is not None and not self.home.is_dir():
            raise SettingsError(f"There is no folder {self.home}", f"Make it: qabot init {self.home}")
        home = self.home.resolve() if self.home else None
        return load_settings(
            home, **{key: value.absolute() if isinstance(value, Path) else value for key, value in flags.items()}
        )
