"""Data files that installed packages carry."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import file_digest
from importlib import metadata
from pathlib import Path


@dataclass(frozen=True)
class PackagedFile:
    """A file of an installed distribution. Only its data is read: the package itself is never imported."""

    distribution: str
    path: str
    """Relative to the folder that the distribution is installed in."""
    size: int
    """Bytes."""
    sha256: str

    def locate(self) -> Path:
        """Where the file is.

        Raises:
            FileNotFoundError: the package is not installed, or lacks the file; the message says what to install.
        """
        return locate(self.distribution, self.path)

    def verify(self) -> Path:
        """As `locate`, and every byte is checked (a moment for a large file; the installer checked it once already).

        Raises:
            ValueError: the file differs from the one this code was written for.
        """
        path = self.locate()
        with path.open("rb") as file:
            if path.stat().st_size != self.size or file_digest(file, "sha256").hexdigest() != self.sha256:
                raise ValueError(f"{path} is not the file of {self.distribution} that is expected here")
        return path


def locate(distribution: str, path: str) -> Path:
    """The file or folder `path` of an installed distribution. Raises FileNotFoundError, saying what to install."""
    try:
        found = Path(str(metadata.distribution(distribution).locate_file(path)))
    except metadata.PackageNotFoundError as error:
        raise FileNotFoundError(f"the package {distribution} is missing: pip install {distribution}") from error
    if not found.exists():
        raise FileNotFoundError(f"the installed {distribution} has no {path}: install the pinned version")
    return found
