"""`python -m qabot`: the same as the command `qabot`."""

from __future__ import annotations

from qabot.channels.cli.app import main

if __name__ == "__main__":
    main()
