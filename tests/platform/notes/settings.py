"""The settings of a real installation, and the app of the kill tests."""

from crm.settings.base import *  # noqa: F403
from crm.settings.base import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.platform.notes"]
