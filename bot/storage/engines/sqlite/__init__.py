"""SQLite behind ``Storage``: one file, one writer, readers apart.

In comes a path, out goes an open storage; ``app`` calls ``engine.open_sqlite``, and holds
``lock.hold`` for as long as it runs. The scenes:

    engine      transactions, and reads beside them
    connection  one connection: its PRAGMAs with their reasons, its rows
    migrate     the file: is it ours, is it new enough
    search      the FTS5 index: what is asked, what is kept
    failures    SQLite's errors as sentences with a remedy
    lock        one running Mujaz a file
"""
