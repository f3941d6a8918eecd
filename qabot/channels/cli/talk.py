"""Talk: a chat without its prompt. A line in, an answer or a command's output out."""

from __future__ import annotations

from rich.console import Console

from qabot.answering.answer import Answer
from qabot.answering.engine import Engine
from qabot.channels.cli.article import present
from qabot.channels.cli.exits import report
from qabot.channels.cli.rendering import render_answer, render_sources
from qabot.channels.cli.sources import sources_of
from qabot.channels.cli.wording import lines_for
from qabot.errors import QuestionError
from qabot.questions.conversation import Conversation

_HELP = {
    "/sources": "the sources of the last answer",
    "/open 1": "the article [1] of the last answer, its quotes lit up",
    "/new": "forget what was asked before",
    "/help": "this list",
    "/quit": "end the chat (so does Ctrl-D)",
}
COMMANDS = [command.split()[0] for command in _HELP]


class Talk:
    """A chat: it answers a line at a time and remembers the last answer and what led there."""

    def __init__(self, engine: Engine, console: Console, *, debug: bool) -> None:
        self.console = console
        self._engine = engine
        self._debug = debug
        self._last: Answer | None = None
        self._conversation = Conversation()

    def hear(self, line: str) -> bool:
        """Answers a question or does a command; an error is one line. False if that was the last one."""
        line = line.strip()
        if line == "/quit":
            return False
        try:
            if line.startswith("/"):
                self._do(*line.split())
            elif line:
                self._answer(line)
        except BrokenPipeError:
            raise
        except Exception as error:  # noqa: BLE001 - one question that fails must not end the chat
            report(error, debug=self._debug)
        return True

    def _answer(self, question: str) -> None:
        self._last = self._engine.ask(question, conversation=self._conversation)
        self._conversation = self._last.continue_conversation(self._conversation)
        self.console.print(render_answer(self._last))

    def _do(self, command: str, *words: str) -> None:
        match command, words:
            case "/help", ():
                for name, what in _HELP.items():
                    self.console.print(f"{name:<10}{what}")
            case "/new", ():
                self._conversation = Conversation()
                self.console.print("A new conversation.", style="dim")
            case "/sources", ():
                self._sources()
            case "/open", (number,):
                self._open(number)
            case "/open", ():
                raise QuestionError("Which source? Name its number", "For example: /open 1")
            case _:
                raise QuestionError(
                    f"There is no command {' '.join((command, *words))!r}", "See those there are: /help"
                )

    def _sources(self) -> None:
        if self._last is None:
            raise QuestionError("There is no answer yet", "Ask something first")
        lines = lines_for(self._last.question.language)
        title = lines.sources if self._last.found else lines.words.nearest
        self.console.print(render_sources(sources_of(self._last), title))

    def _open(self, number: str) -> None:
        sources = {str(source.number): source for source in (sources_of(self._last) if self._last else [])}
        if number.strip("[]") not in sources:
            raise QuestionError(f"There is no source {number} in the last answer", "See those there are: /sources")
        source = sources[number.strip("[]")]
        present(source.article, source.places)
