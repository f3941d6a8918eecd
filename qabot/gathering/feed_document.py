"""A feed or sitemap as it was fetched, made into entries: RSS, Atom, JSON Feed, sitemaps and their indexes.

It is parsed in a process of its own, which may take only so much time and memory: a feed is a document of a stranger,
and parsers that forgive malformed ones can be kept busy for hours.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from typing import Any

from qabot.articles.limits import MEGABYTE, Limits
from qabot.errors import FetchError, one_line
from qabot.gathering.entries import Entry, FeedDocument
from qabot.gathering.fetching import Fetched

_START_SECONDS = 10
"""For Python and the parsers to load, on a busy machine."""

_PROGRAM = """
import sys
sys.path.extend(folder for folder in sys.argv[1].split("\\n") if folder not in sys.path)
from qabot.gathering.feed_parser import main
main(*sys.argv[2:])
"""


def parse_feed(fetched: Fetched, limits: Limits) -> FeedDocument:
    """The entries in what was fetched, in the document's order; links may be relative to `fetched.final_url`.

    Raises:
        FetchError: it is no feed, is malformed beyond reading, or takes too much time or memory.
    """
    folders = "\n".join(folder for folder in sys.path if folder)
    command = [sys.executable, "-P", "-c", _PROGRAM, folders, fetched.final_url, fetched.content_type]
    command += [fetched.charset or "", str(limits.max_memory_mb * MEGABYTE), str(math.ceil(limits.max_read_seconds))]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QABOT_")}
    url = fetched.final_url
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=fetched.body,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=limits.max_read_seconds + _START_SECONDS,
            check=False,
        )
        answer: Any = json.loads(done.stdout) if done.returncode == 0 else None
    except subprocess.TimeoutExpired as error:
        raise FetchError(f"{url} takes longer to read than max_read_seconds = {limits.max_read_seconds:g}") from error
    except (OSError, ValueError) as error:
        raise FetchError(f"{url} could not be read in a process of its own: {one_line(str(error))[:100]}") from error
    if answer is None:
        raise FetchError(f"{url} takes too much time or memory to read, or crashes the reader")
    if "error" in answer:
        raise FetchError(f"{url} {answer['error']}", answer.get("mend", ""))
    entries = tuple(Entry(**entry) for entry in answer["entries"])
    return FeedDocument(answer["kind"], entries, tuple((link, changed) for link, changed in answer["parts"]))
