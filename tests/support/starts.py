"""Several cases in one window: before each, all is as it was before the first."""

from __future__ import annotations

from pathlib import Path

from window_driver import Driver


class Start:
    """The files of a project that was just opened, and what the window knows of them."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._bytes = {file: file.read_bytes() for file in self._files()}
        project = driver.window.workspace.snapshot.project
        self._routes, self._templates = project.routes, project.templates

    def again(self) -> None:
        """Close all pages, let another program write the files as they were, and wait until they are read."""
        pages = self._driver.window.workbench.pages
        self._driver.wait(lambda: not pages.pending, "what was typed to be written")
        self._driver.settled()
        assert not pages.wait_for_answer(), self._driver.wrong()
        while pages.count():
            pages.close_current()
        for file in set(self._files()) - set(self._bytes):
            file.unlink()
        for file, data in self._bytes.items():
            if not file.exists() or file.read_bytes() != data:
                file.write_bytes(data)
        self._driver.wait(self._is_read, "the files to be read as they were")
        self._driver.settled()

    def _is_read(self) -> bool:
        project = self._driver.window.workspace.snapshot.project
        return project is not None and (project.routes, project.templates) == (self._routes, self._templates)

    def _files(self) -> list[Path]:
        found = self._driver.folder().rglob("*")
        return [file for file in found if file.is_file() and "__pycache__" not in file.parts]
