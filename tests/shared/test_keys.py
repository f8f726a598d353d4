"""A key file is on the disk before anything is sealed with it."""

import os
from pathlib import Path

import pytest

from shared import keys


def test_a_new_key_is_on_the_disk_before_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[str, bool]] = []
    fsync, replace = os.fsync, os.replace
    path = tmp_path / "referral.fields.json"

    def syncing(opened: int) -> None:
        done.append((os.readlink(f"/proc/self/fd/{opened}"), os.fstat(opened).st_size > 0))
        fsync(opened)

    def replacing(draft: Path, final: Path) -> None:
        done.append(("renamed", True))
        replace(draft, final)

    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(os, "replace", replacing)
    keys.rotate_fields(path)
    draft = str(path.with_suffix(".new"))
    assert [name for name, _ in done] == [draft, "renamed", str(tmp_path)]
    assert done[0] == (draft, True), "written out, not an empty file"
