"""Sending requests, to this server or any other, and making their answers readable."""
