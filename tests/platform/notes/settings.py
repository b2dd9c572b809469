"""The settings of a real installation, and the app of the kill tests."""

from crm.settings.base import *  # noqa: F403
from crm.settings.base import INSTALLED_APPS, PASSWORD_HASHERS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.platform.notes"]
# The demo company of the test run is copied into it, with the passwords of the test settings.
PASSWORD_HASHERS = [*PASSWORD_HASHERS, "django.contrib.auth.hashers.MD5PasswordHasher"]
