"""The first that runs in the bundle: lets Python find its library, gives children back their surroundings.

By `os.path`, as `pathlib` is not needed yet and would have to be found first.
"""

import os
import sys

_top = sys._MEIPASS  # type: ignore[attr-defined]  # set by what PyInstaller starts with
_kept = [entry for entry in sys.path if not entry.endswith(".zip")]
_zipped = [entry for entry in sys.path if entry.endswith(".zip")]
sys.path[:] = [os.path.join(_top, "python"), *_kept, os.path.join(_top, "site-packages"), *_zipped]

for _name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
    # What this process needs of it was read before it began; git, a browser or another Python would break.
    _before = os.environ.pop(f"{_name}_ORIG", None)
    os.environ.pop(_name, None)
    if _before:
        os.environ[_name] = _before
for _name in [name for name in os.environ if name.startswith("_PYI_")]:
    del os.environ[_name]
