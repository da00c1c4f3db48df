"""The user's data folder: settings and recent projects."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from playground.core.problems import ProblemError
from playground.session.home import Home


def test_it_lies_where_the_environment_says(home: Path) -> None:
    Home().set("theme", "dark")

    assert json.loads((home / "settings.json").read_text()) == {"theme": "dark"}


def test_without_the_environment_it_lies_in_the_users_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLAYGROUND_HOME")

    assert Home().folder.name == "route-playground"


def test_a_portable_program_keeps_all_beside_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLAYGROUND_HOME")
    (tmp_path / "portable").touch()
    monkeypatch.setattr("sys.frozen", True, raising=False)
    monkeypatch.setattr("sys.executable", str(tmp_path / "playground"))

    assert Home().folder == tmp_path / "data"
    assert Home().projects == tmp_path / "data" / "projects"


def test_settings_are_there_the_next_time(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "yet" / "there"
    first = Home(folder)
    assert first.get("zoom", 1.0) == 1.0
    first.set("zoom", 1.5)
    first.set("name", "Zoë")

    second = Home(folder)

    assert (second.get("zoom"), second.get("name"), second.get("other")) == (1.5, "Zoë", None)
    assert second.note == ""
    assert [path.name for path in folder.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("junk", [b"{not json", b"\x00\xff\xfe", b"[1, 2]", b"", b"[" * 100_000])
def test_a_broken_file_is_put_aside_and_said_once(tmp_path: Path, junk: bytes) -> None:
    (tmp_path / "settings.json").write_bytes(junk)
    first = Home(tmp_path)

    assert first.get("theme", "system") == "system"
    assert "settings.json.broken" in first.note
    assert (tmp_path / "settings.json.broken").read_bytes() == junk

    first.set("theme", "light")
    second = Home(tmp_path)
    assert (second.get("theme"), second.note) == ("light", "")


def test_a_home_that_cannot_be_written_refuses_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    broken = Home(tmp_path / "file" / "home")

    assert broken.get("theme", "system") == "system"
    with pytest.raises(ProblemError, match="can't be written"):
        broken.set("theme", "dark")


def _projects(root: Path, count: int) -> list[Path]:
    folders = [root / f"project{number}" for number in range(count)]
    for folder in folders:
        folder.mkdir()
    return folders


def test_recent_projects_come_newest_first_and_once(tmp_path: Path) -> None:
    home, (one, two) = Home(tmp_path / "home"), _projects(tmp_path, 2)
    home.remember(one, 3)
    home.remember(two, 1)
    home.remember(one, 4)

    found = home.recent()

    assert [(known.name, known.folder, known.routes) for known in found] == [
        ("project0", str(one), 4),
        ("project1", str(two), 1),
    ]
    assert found[0].when >= found[1].when > 0


def test_at_most_twelve_are_kept(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    for folder in _projects(tmp_path, 14):
        home.remember(folder, 0)

    assert [known.name for known in home.recent()] == [f"project{number}" for number in range(13, 1, -1)]


def test_folders_that_are_gone_are_not_listed(tmp_path: Path) -> None:
    home, (one, two) = Home(tmp_path / "home"), _projects(tmp_path, 2)
    home.remember(one, 0)
    home.remember(two, 0)
    two.rmdir()

    assert [known.name for known in home.recent()] == ["project0"]


def test_rows_of_another_version_are_left_out(tmp_path: Path) -> None:
    home, (one,) = Home(tmp_path / "home"), _projects(tmp_path, 1)
    home.remember(one, 2)
    file = home.folder / "recent.json"
    file.write_text(json.dumps([{"title": "from tomorrow"}, "what", *json.loads(file.read_text())]))

    assert [known.name for known in home.recent()] == ["project0"]


WRONG = ["abc", None, True, [], {}, "1.5", -5, 0, 1e400, float("nan"), 10**400]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_number_that_is_none_is_as_if_it_was_never_set(tmp_path: Path, wrong: object) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"zoom": wrong}))
    assert Home(tmp_path).number("zoom", 1.0, 0.8, 3.0) == 1.0


def test_a_number_and_a_word_are_there_the_next_time(tmp_path: Path) -> None:
    first = Home(tmp_path)
    first.set("zoom", 2)
    first.set("theme", "dark")
    assert Home(tmp_path).number("zoom", 1.0, 0.8, 3.0) == 2
    assert Home(tmp_path).choice("theme", "system", ("system", "dark")) == "dark"


@pytest.mark.parametrize("wrong", ["purple", None, 3, ["dark"], {}])
def test_a_word_that_is_none_of_them_is_as_if_it_was_never_set(tmp_path: Path, wrong: object) -> None:
    Home(tmp_path).set("theme", wrong)
    assert Home(tmp_path).choice("theme", "system", ("system", "dark")) == "system"


def test_a_folder_in_the_place_of_a_file_is_put_aside_each_time(tmp_path: Path) -> None:
    for aside in ("settings.json.broken", "settings.json.broken-2"):
        (tmp_path / "settings.json" / "kept").mkdir(parents=True)
        home = Home(tmp_path)
        home.set("theme", "dark")
        assert aside in home.note
        assert (tmp_path / aside / "kept").is_dir()
        assert Home(tmp_path).get("theme") == "dark"
        (tmp_path / "settings.json").unlink()


def test_a_file_too_large_to_be_ours_is_put_aside_unread(tmp_path: Path) -> None:
    with (tmp_path / "settings.json").open("wb") as stream:
        stream.truncate(2_000_000_000)  # no bytes of it are on the disk
    home = Home(tmp_path)
    assert home.get("theme", "system") == "system"
    assert "settings.json.broken" in home.note


def test_without_a_home_folder_nothing_is_written_into_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLAYGROUND_HOME")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv("XDG_DOCUMENTS_DIR", raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)  # as it is where nobody has a home
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()

    home = Home()
    home.set("theme", "dark")

    assert home.folder.is_absolute() and home.projects.is_relative_to(home.folder)
    assert Home().get("theme") == "dark"
    assert [path.name for path in tmp_path.iterdir()] == ["temporary"]


def test_an_app_that_replaces_json_does_not_reach_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("json.loads", lambda *_: [])
    monkeypatch.setattr("json.dumps", lambda *_, **__: "spoilt")
    Home(tmp_path).set("theme", "dark")
    assert Home(tmp_path).get("theme", "") == "dark"
