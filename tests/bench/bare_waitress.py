"""An app in waitress and nothing else: ``bare_waitress.py FOLDER PORT THREADS``."""

import sys

if __name__ == "__main__":
    folder, port, threads = sys.argv[1:]
    sys.path[0] = folder
    import logging

    import waitress
    from app import app

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    waitress.serve(app, host="127.0.0.1", port=int(port), threads=int(threads), connection_limit=1000)
