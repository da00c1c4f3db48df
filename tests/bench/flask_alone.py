"""``flask`` as in an environment that knows nothing of this checkout.

Its reloader looks at every Python file under ``sys.path``: with ours on it, it would be slower than it is.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = Path(sys.prefix).resolve()


def is_ours(entry: str) -> bool:
    """Whether a place where modules are looked for is in this checkout, and not of its environment."""
    path = Path(entry).resolve()
    return ROOT in (path, *path.parents) and ENVIRONMENT not in (path, *path.parents)


if __name__ == "__main__":
    sys.path[:] = [entry for entry in sys.path if not is_ours(entry)]
    from flask.cli import main

    main()
