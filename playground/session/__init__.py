"""The whole product without a window: one method for each thing that a person can do; no Qt."""
