"""The address of the static files names their content."""

from pathlib import Path

import pytest
from django.conf import settings
from django.templatetags.static import static
from django.test import Client

from config.static_version import content_digest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "one.js").write_text("one")
    return tmp_path


def test_equal_content_has_an_equal_version_wherever_it_lies(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "js").mkdir()
    (other / "js" / "one.js").write_text("one")
    assert content_digest([folder]) == content_digest([other])


def test_changed_moved_and_new_files_change_the_version(folder: Path) -> None:
    seen = {content_digest([folder]), content_digest([("lesson", folder)])}
    (folder / "js" / "one.js").write_text("two")
    seen.add(content_digest([folder]))
    (folder / "js" / "one.js").rename(folder / "js" / "two.js")
    seen.add(content_digest([folder]))
    (folder / "empty.css").touch()
    seen.add(content_digest([folder]))
    assert len(seen) == 5


def test_browsers_may_keep_static_files_for_ever(client: Client) -> None:
    address = static("css/tokens.css")
    assert address.startswith(settings.STATIC_URL)
    response = client.get(address)
    assert response.status_code == 200
    assert "immutable" in response["Cache-Control"]
