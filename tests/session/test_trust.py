"""Which folders may run: said by the person, kept outside the project, and not to be had by a trick."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from playground.core.problems import ProblemError
from playground.session.home import Home
from playground.session.trust import folder_around

pytestmark = pytest.mark.untrusted


@pytest.fixture
def mine() -> Home:
    return Home()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "class" / "shop"
    folder.mkdir(parents=True)
    return folder


def test_nothing_is_trusted_until_it_is_said_and_then_for_good(mine: Home, shop: Path) -> None:
    assert not mine.trusts(shop)

    mine.trust(shop)

    assert mine.trusts(shop)
    assert Home().trusts(shop)
    assert not mine.trusts(shop.parent)
    assert [path.name for path in shop.iterdir()] == []


def test_it_holds_for_the_folders_inside_and_not_for_those_of_a_like_name(mine: Home, shop: Path) -> None:
    mine.trust(shop)

    assert mine.trusts(shop / "api" / "v1")
    assert not mine.trusts(shop.with_name("shop2"))
    assert not mine.trusts(shop / ".." / "bakery")


def test_a_link_has_the_trust_of_what_it_leads_to(mine: Home, shop: Path, tmp_path: Path) -> None:
    stranger = tmp_path / "downloads" / "stranger"
    stranger.mkdir(parents=True)
    mine.trust(shop)
    (shop / "link").symlink_to(stranger)
    (tmp_path / "mine").symlink_to(shop)

    assert not mine.trusts(shop / "link")
    assert not mine.trusts(shop / "link" / "deeper")
    assert mine.trusts(tmp_path / "mine")


def test_trusting_a_link_trusts_what_it_leads_to_now(mine: Home, shop: Path, tmp_path: Path) -> None:
    link, stranger = tmp_path / "link", tmp_path / "stranger"
    link.symlink_to(shop)
    stranger.mkdir()
    mine.trust(link)
    link.unlink()
    link.symlink_to(stranger)

    assert mine.trusts(shop)
    assert not mine.trusts(link)


def test_a_trusted_folder_that_became_a_link_is_what_it_leads_to(
    mine: Home, shop: Path, tmp_path: Path
) -> None:
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    mine.trust(shop)
    shop.rmdir()
    shop.symlink_to(stranger)

    assert not mine.trusts(shop)


def test_taken_back_it_is_gone_with_all_that_lies_inside(mine: Home, shop: Path) -> None:
    mine.trust(shop)
    mine.trust(shop / "api")

    mine.distrust(shop)

    assert not Home().trusts(shop)
    assert not Home().trusts(shop / "api")
    mine.trust(shop)
    assert Home().trusts(shop / "api")


def test_taken_back_from_one_folder_the_others_around_it_keep_theirs(mine: Home, shop: Path) -> None:
    mine.trust(shop.parent)

    mine.distrust(shop)

    assert not Home().trusts(shop)
    assert not Home().trusts(shop / "api")
    assert Home().trusts(shop.with_name("bakery"))


def test_the_persons_own_home_may_be_trusted_but_not_all_that_is_in_it(
    mine: Home, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(shop.parent))
    monkeypatch.setenv("USERPROFILE", str(shop.parent))
    mine.trust(shop.parent)
    mine.trust(Path(shop.anchor))

    assert mine.trusts(shop.parent)
    assert not mine.trusts(shop)
    assert folder_around(shop) is None
    assert folder_around(shop / "api") == shop


@pytest.mark.parametrize("junk", [b"{not json", b"\xff\xfe", b"[]", b"", b'"/"', b"[" * 100_000])
def test_a_broken_file_is_put_aside_and_nothing_is_trusted(home: Path, shop: Path, junk: bytes) -> None:
    (home / "trusted.json").write_bytes(junk)
    mine = Home()

    assert not mine.trusts(shop)
    assert "trusted.json.broken" in mine.note
    assert (home / "trusted.json.broken").read_bytes() == junk
    mine.trust(shop)
    assert Home().trusts(shop)


@pytest.mark.parametrize("said", ["yes", 1, None, {}, "true", [True]])
def test_only_a_plain_yes_is_trust(home: Path, shop: Path, said: object) -> None:
    (home / "trusted.json").write_text(json.dumps({str(shop): said, "": True, ".": True, "..": True}))

    assert not Home().trusts(shop)


def test_where_it_cannot_be_kept_it_holds_until_the_end_and_says_so(tmp_path: Path, shop: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    broken = Home(tmp_path / "file" / "home")

    with pytest.raises(ProblemError, match="can't be written"):
        broken.trust(shop)
    assert broken.trusts(shop)
    with pytest.raises(ProblemError, match="can't be written"):
        broken.distrust(shop)
    assert not broken.trusts(shop)


@pytest.mark.skipif(os.name != "posix", reason="file modes")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_trusts_nothing(mine: Home, home: Path, shop: Path) -> None:
    mine.trust(shop)
    (home / "trusted.json").chmod(0)

    assert not Home().trusts(shop)
