"""What the bot remembers: one SQLite file that outlives restarts, crashes and new indexes.

`memory.py` opens it and leads to the parts, one file each. Whatever goes wrong with the file is a `StateError`:
the bot goes on answering, it only remembers nothing meanwhile.
"""
