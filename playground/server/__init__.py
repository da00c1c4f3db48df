"""Serving the user's app: importing it, swapping it live, the server thread, what the router says."""
