"""The source root is called platform/, like a module of the standard library, and must never take its place."""

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"tensorflow", "keras", "gensim", "sklearn", "scipy", "numpy", "pyarrow"}


def test_platform_folder_is_no_package() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()


def test_standard_library_module_platform_is_found_with_our_path() -> None:
    assert platform.python_version() == sys.version.split()[0]
    assert Path(platform.__file__).parent != ROOT / "platform"


@pytest.mark.parametrize("cwd", [ROOT, ROOT / "platform"])
def test_standard_library_module_platform_is_found_from_a_folder_of_ours(cwd: Path) -> None:
    code = "import platform; print(platform.python_version())"
    said = subprocess.run([sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == sys.version.split()[0]


def test_web_process_loads_no_heavy_library() -> None:
    code = "import sys, config.asgi; print(*{name.split('.')[0] for name in sys.modules})"
    said = subprocess.run([sys.executable, "-c", code], env=_environment(), capture_output=True, text=True, check=True)
    assert not HEAVY & set(said.stdout.split())


def _environment() -> dict[str, str]:
    path = os.pathsep.join([str(ROOT / "platform"), str(ROOT)])
    return {**os.environ, "PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "config.settings.base"}


def test_every_setting_is_explained_in_the_example() -> None:
    source = "".join(path.read_text() for path in (ROOT / "platform" / "config").rglob("*.py"))
    settings = set(re.findall(r'\benv(?:\.\w+)?\(\s*"([A-Z_]+)"', source)) - {"ENV_FILE"}
    explained = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert settings - explained == set()
    assert explained - settings - {"CHROMIUM"} == set()
