"""Make the bundle and its packages: run by `python3 packaging/dev.py bundle`, with the environment's Python.

What comes out lies in `build/`: the folder, its archive, and what the system at hand calls a package.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "packaging"))  # python -P leaves it out

from bundle import assemble  # noqa: E402  (found by the line above)


def main(words: list[str]) -> int:
    """Build; 0 when all is there."""
    parser = argparse.ArgumentParser(
        prog="dev.py bundle", description="Make what is started by double click."
    )
    parser.add_argument(
        "--folder-only", action="store_true", help="the folder, without archives and packages"
    )
    parser.add_argument(
        "--repack", action="store_true", help="archives and packages of the folder that is there"
    )
    asked = parser.parse_args(words)
    build = assemble.Build(ROOT, ROOT / "build")
    if not asked.repack:
        build.folder()
    if not asked.folder_only:
        build.packages()
    build.report()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
