"""What is ours and not the project's: settings, recent projects and trust, in the user's data folder.

Nothing of it ever lies in a project's folder. A file that can't be read is put aside, not lost.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from json import dumps, loads  # bound here: an app may put its own in their place
from pathlib import Path
from typing import Any

import platformdirs

from playground.core.bundle import portable_home
from playground.project.files import write_file, write_problem
from playground.session.trust import is_trusted, with_trust, without_trust

_MOST_RECENT = 12
_MOST_BYTES = 5_000_000
"""A file of ours that is larger was not written by us."""


@dataclass(frozen=True, slots=True)
class Recent:
    """One project that was open: ``when`` in seconds since the epoch, ``routes`` how many it had."""

    name: str
    folder: str
    when: float
    routes: int = 0


class Home:
    """The user's data folder. ``note`` is what a person should be told about it, if anything.

    Every read looks at the disk, so that several windows can share it. From any thread: what is read to be
    written again is read and written under a lock.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or _default_folder()
        self.note = ""
        self._lock = threading.RLock()
        self._said: dict[str, bool] = {}  # of trust, since we began: holds even where it can't be written

    @property
    def is_for_now(self) -> bool:
        """Whether it is forgotten with this program: the system knows no home of who runs it."""
        return _for_the_homeless.cache_info().currsize > 0 and self.folder == _for_the_homeless()

    @property
    def projects(self) -> Path:
        """Where projects go: beside the person's documents, or with all else that is portable or named."""
        is_own = bool(os.environ.get("PLAYGROUND_HOME")) or portable_home() is not None
        if self.folder == _default_folder() and not is_own:
            with suppress(RuntimeError):  # nobody who has a home
                return platformdirs.user_documents_path() / "Flask projects"
        return self.folder / "projects"

    def get(self, key: str, default: Any = None) -> Any:
        """A setting, or ``default`` where it was never set."""
        return self._load("settings.json", dict).get(key, default)

    def number(self, key: str, default: float, least: float, most: float) -> float:
        """A setting that is a number within bounds; ``default`` where the file says anything else."""
        kept = self.get(key, default)
        is_number = isinstance(kept, int | float) and not isinstance(kept, bool)
        return kept if is_number and least <= kept <= most else default

    def choice(self, key: str, default: str, among: Collection[str]) -> str:
        """A setting that is one of some words; ``default`` where the file says anything else."""
        kept = self.get(key, default)
        return kept if isinstance(kept, str) and kept in among else default

    def set(self, key: str, value: Any) -> None:
        """Keep a setting (anything that JSON can say); raises ``ProblemError`` when it can't be written."""
        with self._lock:
            settings = self._load("settings.json", dict)
            if key not in settings or settings[key] != value:
                self._save("settings.json", {**settings, key: value})

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts that is kept in a file of that name; none where it was never kept."""
        return tuple(one for one in self._load(name, list) if isinstance(one, str))

    def change_texts(self, name: str, change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> None:
        """Keep what ``change`` makes of such a list; raises ``ProblemError`` when it can't be written."""
        with self._lock:
            before = self.texts(name)
            after = change(before)
            if after != before:
                self._save(name, list(after))

    def recent(self) -> tuple[Recent, ...]:
        """The projects that were open and are still there, the newest first."""
        return tuple(known for known in self._recent() if Path(known.folder).is_dir())

    def remember(self, folder: Path, routes: int) -> None:
        """Put a project at the head of the recent ones."""
        path = str(folder.resolve())
        newest = Recent(Path(path).name, path, time.time(), routes)
        with self._lock:
            others = [known for known in self.recent() if known.folder != path]
            self._save("recent.json", [asdict(known) for known in (newest, *others)[:_MOST_RECENT]])

    def trusts(self, folder: Path) -> bool:
        """Whether what lies in a folder may run: the person said so of it, or of a folder around it."""
        return is_trusted(self._trusted(), folder)

    def trust(self, folder: Path) -> None:
        """Let what lies in a folder run, from now on.

        Raises:
            ProblemError: it can't be kept; it holds as long as this program runs.
        """
        with self._lock:
            self._keep_trust(with_trust(self._trusted(), folder))

    def distrust(self, folder: Path) -> None:
        """Take trust back from a folder and all that lies inside it; raises as ``trust``."""
        with self._lock:
            self._keep_trust(without_trust(self._trusted(), folder))

    def _keep_trust(self, trusted: dict[str, bool]) -> None:
        before = self._trusted()
        if trusted == before:
            return
        self._said.update({path: trusted.get(path, False) for path in before.keys() | trusted.keys()})
        self._save("trusted.json", trusted)
        self._said.clear()

    def _trusted(self) -> dict[str, bool]:
        with self._lock:
            kept = self._load("trusted.json", dict)
            return {path: said is True for path, said in kept.items()} | self._said

    def _recent(self) -> list[Recent]:
        found = []
        for row in self._load("recent.json", list):
            with suppress(TypeError, ValueError, KeyError):  # a row of another version is left out
                found.append(
                    Recent(str(row["name"]), str(row["folder"]), float(row["when"]), int(row["routes"]))
                )
        return sorted(found, key=lambda known: known.when, reverse=True)

    def _load(self, name: str, kind: type) -> Any:
        path = self.folder / name
        try:
            if path.stat().st_size > _MOST_BYTES or not path.is_file():
                raise ValueError("not a file of ours")
            value = loads(path.read_bytes())
            if not isinstance(value, kind):
                raise ValueError(f"a {kind.__name__} was expected")
        except OSError:  # never written, or not readable: the defaults serve
            return kind()
        except (ValueError, RecursionError):
            self._put_aside(path)
            return kind()
        return value

    def _put_aside(self, path: Path) -> None:
        names = (f"{path.name}.broken{number}" for number in ("", *(f"-{n}" for n in range(2, 100))))
        broken = next((path.with_name(name) for name in names if not path.with_name(name).is_dir()), path)
        with suppress(OSError):  # where it can't be moved, it is simply not used
            path.replace(broken)
        self.note = f"{path.name} could not be read, so it was put aside as {broken.name}."

    def _save(self, name: str, value: Any) -> None:
        path = self.folder / name
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_file(path, dumps(value, indent=2, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        except OSError as error:
            raise write_problem(str(path), error) from error


def _default_folder() -> Path:
    named = os.environ.get("PLAYGROUND_HOME")
    if named:
        return Path(os.path.expanduser(named)).absolute()  # noqa: PTH111  (pathlib's fails without a home)
    if (portable := portable_home()) is not None:
        return portable
    try:
        return platformdirs.user_data_path("route-playground", appauthor=False)
    except RuntimeError:
        return _for_the_homeless()


@cache
def _for_the_homeless() -> Path:
    """Where the system knows no home for this user: a new folder that nobody else can have prepared."""
    import tempfile

    return Path(tempfile.mkdtemp(prefix="route-playground-"))
