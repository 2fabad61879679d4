#!/usr/bin/env python3
"""Makes .venv with everything that Unroll needs, from a bare Python 3.11–3.13; does nothing where it is there already.

    python3 bin/bootstrap.py                     what `make run` needs
    python3 bin/bootstrap.py dev chromium node   what `make test` and `make lint` need besides

Only the standard library is used, because nothing else is there yet. Packages come from wherever pip and uv are set up
to get them, and each is checked against the hash in the requirements file.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "unroll.json"  # written last: a .venv without it is half made
PYTHONS = [(3, 13), (3, 12), (3, 11)]
ROOM_NEEDED = {"run": 3_000_000_000, "dev": 4_000_000_000}  # bytes: the packages, and the same again while downloading
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def main() -> None:
    wanted = set(sys.argv[1:])
    if unknown := wanted - {"dev", "chromium", "node"}:
        fail(f"unknown: {', '.join(sorted(unknown))}; possible are dev, chromium and node")
    use_suitable_python()
    with open(__file__) as lock:  # the file that is certainly there
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another start is installing the packages; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        install("dev" if "dev" in wanted else "run")
        if "chromium" in wanted:
            need_program(CHROMIUMS, "chromium", "the browser tests need Chromium")
        if "node" in wanted:
            need_program(("node",), "nodejs", "the checks of the JavaScript need Node 20 or newer")
            need_program(("npm",), "npm", "the checks of the JavaScript need npm")
            install_javascript()


def use_suitable_python() -> None:
    """Go on in a Python that Unroll runs on, and not in the .venv that may be made anew."""
    if sys.platform == "win32":
        fail("Unroll runs on Linux and macOS, and on Windows inside WSL")
    inside = Path(sys.prefix) == VENV
    if sys.version_info[:2] in PYTHONS and not inside:
        return
    if "UNROLL_BOOTSTRAP" not in os.environ:
        for version in PYTHONS:
            name = "python{}.{}".format(*version)
            path = os.pathsep.join(p for p in os.environ.get("PATH", "").split(os.pathsep) if Path(p) != VENV / "bin")
            found = shutil.which(name, path=path)
            # A shim of a version manager can be there without the Python behind it.
            if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
                os.execve(found, [found, *sys.argv], {**os.environ, "UNROLL_BOOTSTRAP": "1"})
    fail(f"Unroll needs Python 3.11, 3.12 or 3.13, and found only {sys.version.split()[0]}; install one of them")


def install(kind: str) -> None:
    """Bring .venv to what the requirements file says; returns at once where it is so already."""
    stamp = {
        "folder": str(VENV),  # programs in .venv/bin carry it, so a moved folder needs a new one
        "python": sys.version.split()[0],
        "run": digest("requirements.txt"),
        "dev": digest("requirements-dev.txt"),
    }
    try:
        present = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        present = {}
    there = present.get("folder") == stamp["folder"] and (VENV / "bin" / "python").exists()
    if there and present.get(kind) == stamp[kind]:
        return
    check_room(kind)
    if not there:
        make_venv()
    elif present.get("dev"):
        kind = "dev"  # never take a developer's tools away
    STAMP.unlink(missing_ok=True)
    if kind == "run":
        stamp["dev"] = ""
    python = str(VENV / "bin" / "python")
    environment = configured_as_pip(python)
    pip_install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip_install, "--no-deps", "--require-hashes", "--requirement", "requirements-uv.txt"], environment)
    requirements = "requirements-dev.txt" if kind == "dev" else "requirements.txt"
    say(f"installing what {requirements} lists; the first time that takes a few minutes")
    run([str(VENV / "bin" / "uv"), "pip", "sync", "--python", python, requirements], environment)
    STAMP.write_text(json.dumps(stamp))


def make_venv() -> None:
    try:
        import ensurepip
        import venv
    except ImportError:
        fail("this Python has no venv; on Debian and Ubuntu: apt install python3-venv")
    del ensurepip
    if VENV.exists():
        say("a half-made or moved .venv is there; making it anew")
        shutil.rmtree(VENV)
    say(f"making .venv with Python {sys.version.split()[0]}")
    try:
        venv.create(VENV, with_pip=True, symlinks=True)
    except (OSError, subprocess.CalledProcessError) as error:
        fail_installing(f"the folder .venv could not be made: {error}")


def configured_as_pip(python: str) -> dict[str, str]:
    """The environment for pip and uv; uv does not read pip's configuration, so a mirror set there is passed on."""
    environment = {"UV_HTTP_TIMEOUT": "180", **os.environ}
    for option, variable in (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
        for section in ("global", "install"):
            command = [python, "-m", "pip", "config", "get", f"{section}.{option}"]
            said = subprocess.run(command, capture_output=True, text=True, check=False)
            if said.returncode == 0 and said.stdout.strip():
                environment.setdefault(variable, said.stdout.strip())
    return environment


def run(command: list[str], environment: dict[str, str]) -> None:
    try:
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    except KeyboardInterrupt:
        fail("interrupted; the next start goes on with what is downloaded already")
    except OSError as error:
        fail_installing(str(error))
    if code != 0:
        fail_installing("the packages could not be installed (the reason stands above)")


def fail_installing(what: str) -> NoReturn:
    free = shutil.disk_usage(ROOT).free
    if free < 100_000_000 or "No space left" in what:
        fail(f"the disk is full ({free // 1_000_000} MB are free); make room and start again")
    fail(f"{what}; without a network nothing can be downloaded: connect and start again, what is there already is kept")


def check_room(kind: str) -> None:
    free = shutil.disk_usage(ROOT).free
    if free < ROOM_NEEDED[kind] and not STAMP.exists():
        gigabytes = ROOM_NEEDED[kind] // 1_000_000_000
        fail(f"{free / 1e9:.1f} GB are free here, and installing the packages needs {gigabytes} GB; make room first")


def need_program(names: tuple[str, ...], package: str, why: str) -> None:
    """Install a program with apt where that is possible without asking anybody, else say how to get it."""
    if any(shutil.which(name) for name in names) or (package == "chromium" and "CHROMIUM" in os.environ):
        return
    apt = shutil.which("apt-get")
    if not apt or os.geteuid() != 0:
        how = f"apt install {package}" if apt else f"install {package}"
        hint = ", or set CHROMIUM to a Chrome or Chromium that is there" if package == "chromium" else ""
        fail(f"{why}: {how}{hint}")
    say(f"{why}: installing {package} with apt-get")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        command = [apt, *arguments]
        done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr, check=False)
        if done.returncode != 0 and arguments[0] == "install":
            fail(f"{package} could not be installed (the reason stands above)")


def install_javascript() -> None:
    """What the tests and checks of the JavaScript need; npm writes its own note of what is there last."""
    note = ROOT / "node_modules" / ".package-lock.json"
    if note.exists() and note.stat().st_mtime >= (ROOT / "package-lock.json").stat().st_mtime:
        return
    say("installing what package-lock.json lists")
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], dict(os.environ))


def digest(name: str) -> str:
    return hashlib.sha256((ROOT / name).read_bytes()).hexdigest()


def say(what: str) -> None:
    print(f"unroll: {what}", flush=True)


def fail(what: str) -> NoReturn:
    sys.exit(f"unroll: {what}.")


if __name__ == "__main__":
    main()
