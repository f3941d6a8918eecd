"""Runs a few commands on the seeds and draws what a terminal shows. See scripts/picture."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parent.parent
QABOT = str(Path(sys.executable).with_name("qabot"))
COLUMNS = 96
COMMANDS = [
    ["index"],
    ["ask", "What did Kazakhstan propose for Afghanistan?"],
    ["ask", "--top", "1", "Что предложил Казахстан для Афганистана?"],
    ["ask", "Which team won the football match in Astana?"],
]
FRAME = """<svg class="rich-terminal" xml:space="preserve" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
{styles}
</style>
<defs>{lines}</defs>
<rect width="100%" height="100%" rx="8" fill="#0c1116"/>
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""


def main() -> None:
    screen = Console(record=True, width=COLUMNS, file=Path(os.devnull).open("w"), force_terminal=True)  # noqa: SIM115
    environment = os.environ | {"FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "TERM": "xterm-256color"}
    with tempfile.TemporaryDirectory() as embeddings:
        for number, command in enumerate(COMMANDS):
            typed = " ".join(f'"{word}"' if " " in word else word for word in command)
            screen.print(Text(f"$ qabot {typed}", style="bold"))
            run = [QABOT, "--home", str(ROOT), *command, "--embeddings", embeddings]
            done = subprocess.run(run, env=environment, capture_output=True, text=True, check=False)
            screen.print(Text.from_ansi(done.stdout.rstrip()))
            if number < len(COMMANDS) - 1:
                screen.print()
    picture = screen.export_svg(code_format=FRAME, unique_id="qabot")
    (ROOT / "docs" / "ask.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
