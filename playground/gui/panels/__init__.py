"""The parts of the window that a person sees; each shows values and says by signals what was asked of it."""
