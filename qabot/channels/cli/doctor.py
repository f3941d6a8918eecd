"""`qabot doctor`: everything is looked at, and each problem comes with what mends it."""

from __future__ import annotations

from dataclasses import asdict

import typer

from qabot.channels.cli.options import AsJson, Common, Debug, Embeddings, EncoderName, Home, ModelName
from qabot.channels.cli.terminal import print_json

PROBLEM = 1
"""Exit code where something is wrong; 0 where all is well, 2 where not even that could be found out."""


def doctor(
    ctx: typer.Context,
    as_json: AsJson = False,
    embeddings: Embeddings = None,
    encoder: EncoderName = None,
    model: ModelName = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Check everything: settings, model, every file and passage of the index, what killed builds left, disk, versions.

    Changes nothing. Ends with 0 if all is well, with 1 if there is a problem.

    \b
    Example:
      qabot doctor
    """
    settings = Common.of(ctx, home, debug).settings(embeddings=embeddings, encoder=encoder, model=model)

    from qabot.channels.cli.diagnosis import diagnose
    from qabot.channels.cli.progress import drawn
    from qabot.channels.cli.screen import Screen
    from qabot.channels.cli.table import print_table

    with drawn() as progress:
        findings = diagnose(settings, progress)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        rows = [(item.name, "problem" if item.problem else "ok", f"{item.text}{_mend(item.mend)}") for item in findings]
        print_table(Screen(), ("what", "state", "found"), rows)
    raise typer.Exit(PROBLEM if any(finding.problem for finding in findings) else 0)


def _mend(mend: str) -> str:
    return f". {mend}" if mend else ""
