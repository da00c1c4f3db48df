"""``flask`` as in an environment that knows nothing of this checkout.

Its reloader looks at every Python file under ``sys.path``: with ours on it, it would be slower than it is.
Our command of its command line is not to be had then.
"""

import importlib.metadata
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = Path(sys.prefix).resolve()


def is_ours(entry: str) -> bool:
    """Whether a place where modules are looked for is in this checkout, and not of its environment."""
    path = Path(entry).resolve()
    return ROOT in (path, *path.parents) and ENVIRONMENT not in (path, *path.parents)


def offered(*, group: str) -> list[importlib.metadata.EntryPoint]:
    """What packages offer, as far as they can be found."""
    return [one for one in importlib.metadata.EntryPoints(everything(group=group)) if find_spec(one.module)]


everything = importlib.metadata.entry_points

if __name__ == "__main__":
    sys.path[:] = [entry for entry in sys.path if not is_ours(entry)]
    importlib.metadata.entry_points = offered  # type: ignore[assignment]  # flask asks for one group alone
    from flask.cli import main

    main()
