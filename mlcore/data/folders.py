"""Public data sets that no package carries: read, in the form they are published in, from the folder `UNROLL_DATA`.

They are for the models that the project ships and for measuring; nothing that runs in a lesson needs them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path


@dataclass(frozen=True)
class PublishedFile:
    """A file under `UNROLL_DATA`, and where to get it."""

    path: str
    """Relative to that folder."""
    sha256: str
    address: str

    def locate(self) -> Path:
        """Where the file is, once every byte was checked.

        Raises:
            FileNotFoundError: it is not there; the message says where to get it and where to put it.
            ValueError: it differs from the one this code was written for.
        """
        folder = os.environ.get("UNROLL_DATA", "")
        if not folder:
            raise FileNotFoundError(
                f"{Path(self.path).name} is not part of this project. Download {self.address}, put it at {self.path} "
                "in a folder, and name that folder in the environment: UNROLL_DATA=/path/to/folder"
            )
        found = Path(folder) / self.path
        if not found.is_file():
            raise FileNotFoundError(f"{found} is missing: download {self.address} and put it there")
        with found.open("rb") as file:
            if file_digest(file, "sha256").hexdigest() != self.sha256:
                raise ValueError(f"{found} is not the file that is expected here: download {self.address}")
        return found
