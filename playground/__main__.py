"""``python -m playground``: the same as the ``playground`` command.

Python looks for modules first in the folder that one stands in. That may be a project that nobody trusts yet,
with a ``flask.py`` or a ``json.py`` in it: nothing of ours is taken from there.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]

    from playground.cli import main

    sys.exit(main())
