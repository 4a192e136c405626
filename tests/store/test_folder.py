"""Content on disk: whole or not there, never written over, never believed unread."""

import os
from pathlib import Path

import pytest

from govern.store.blobs import Corrupt, digest_of
from govern.store.folder import Folder

CONTENT = b"The case."
DIGEST = digest_of(CONTENT)


def test_content_comes_back_as_it_was_put(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "kept")
    assert folder.put(CONTENT) == DIGEST
    assert folder.get(DIGEST) == CONTENT
    assert folder.holds(DIGEST) is True
    digits = DIGEST.removeprefix("sha256:")
    assert folder.path_of(DIGEST) == tmp_path / "kept" / digits[:2] / digits[2:]
    assert [each.name for each in folder.path_of(DIGEST).parent.iterdir()] == [digits[2:]]


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.put(CONTENT)
    before = folder.path_of(DIGEST).stat()
    folder.put(CONTENT)
    after = folder.path_of(DIGEST).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    path = folder.path_of(DIGEST)
    path.parent.mkdir()
    path.write_bytes(b"Something else.")
    with pytest.raises(Corrupt):
        folder.put(CONTENT)
    assert path.read_bytes() == b"Something else."


def test_what_was_changed_or_is_gone_is_told(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.put(CONTENT)
    path = folder.path_of(DIGEST)
    path.chmod(0o600)
    path.write_bytes(CONTENT + b" ")
    assert folder.holds(DIGEST) is False
    with pytest.raises(Corrupt):
        folder.get(DIGEST)
    path.unlink()
    assert folder.holds(DIGEST) is None
    assert folder.get(DIGEST) is None


def test_a_crash_leaves_nothing_under_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path)

    def broken(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="No space"):
        folder.put(CONTENT)
    assert folder.get(DIGEST) is None
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


@pytest.mark.parametrize(
    "digest",
    ["", "sha256:", "sha256:../../etc/passwd", "md5:" + "a" * 64, "sha256:" + "A" * 64, "a" * 64],
)
def test_only_a_digest_makes_a_path(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="no digest"):
        Folder(tmp_path).path_of(digest)
