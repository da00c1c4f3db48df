"""Failures in plain words: pure rules over the facts of a request, the most telling first.

Each module holds the rules of one matter; ``rules`` asks them in their order.
"""
