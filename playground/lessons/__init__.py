"""Lesson packs and their checks: the room is kept for them, nothing lives here yet."""
