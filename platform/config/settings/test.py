"""Settings of the tests: the same servers as everywhere, on a data folder that is thrown away."""

import atexit
import os
import tempfile
from pathlib import Path

from config import embedded

# What a developer has set up for their own Unroll must not change a test.
os.environ["ENV_FILE"] = os.devnull
_data_dir = Path(tempfile.mkdtemp(prefix="unroll-test-")).resolve()
_data_dir.chmod(embedded.data_dir_mode())
atexit.register(embedded.remove, _data_dir)  # runs after the servers have stopped: they register later
os.environ["DATA_DIR"] = str(_data_dir)

from config.settings.base import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Files are looked up when asked for, instead of all of them being read for each test client.
WHITENOISE_AUTOREFRESH = True
