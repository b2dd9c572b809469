"""Settings of the test run, which brings its own engines where DATABASE_URL and REDIS_URL name none.

They are started here because a conftest is too late: pytest-django reads the settings first.
"""

import atexit
import os
import sys
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

if "pytest" in sys.modules:
    from crm.embedded.testing import start_for_tests

    start_for_tests()
# mypy's plugin only reads the models; it needs no database that answers.
os.environ.setdefault("DATABASE_URL", "postgres://setpoint@127.0.0.1:1/setpoint")
os.environ.setdefault("SECRET_KEY", "only for tests; nothing it signs leaves the run")

from crm.settings.base import *  # noqa: F403
from crm.settings.base import BASE_DIR, DATABASES, LOGGING, REDIS_URL, STORAGES, TEMPLATES
from crm.settings.strict_templates import FailOnUndefined

TESTING = True
DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]

# Each pytest process has its own database (tests/conftest.py) and its own broker database.
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_base, _, _number = REDIS_URL.rpartition("/")
REDIS_URL = f"{_base}/{(int(_number or 0) + 8 + _worker) % 16}" if _base.startswith("redis:/") else REDIS_URL
CELERY_BROKER_URL = REDIS_URL

# Files of this process alone, gone with it.
MEDIA_ROOT = Path(mkdtemp(prefix="setpoint-files-"))
atexit.register(rmtree, MEDIA_ROOT, ignore_errors=True)
FILE_LIMIT = 2_000_000

# Fast where the tests look at something else.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# Nothing is collected: files come straight from where they lie.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# A failure shows what was captured: without the lines of every request and sign-in that went well.
QUIET = ("django_structlog", "crm.subscribers")
_loggers: Any = LOGGING["loggers"]
_loggers |= {name: {"level": "WARNING"} for name in QUIET}
DATABASES["default"]["CONN_MAX_AGE"] = 0
# A test database is locked for longer than a request may wait while it is cloned.
_plans = "-c jit=off -c join_collapse_limit=3 -c lock_timeout=5s"
DATABASES["default"]["OPTIONS"] = DATABASES["default"]["OPTIONS"] | {"options": _plans}
_options: Any = TEMPLATES[0]["OPTIONS"]
_options["string_if_invalid"] = FailOnUndefined(str(BASE_DIR / "templates"))
