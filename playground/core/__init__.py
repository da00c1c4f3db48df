"""Values and pure functions in which everything else is said; standard library only.

Nothing in here reads a file, opens a socket or imports Qt or Flask, so all of it can be
used from any thread and tested in microseconds.
"""
