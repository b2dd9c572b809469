"""Static files with hashed names, ES modules included."""

import re
from collections.abc import Callable
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Their extensions name a type of theirs in a comment, which looks like an import of a missing file.
WITHOUT_IMPORTS = "django_htmx/"


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Rewrites `import` in our modules too, so that no inline import map is needed (D-11)."""

    support_js_module_import_aggregation = True

    def url_converter(self, name: str, *args: Any, **kwargs: Any) -> Callable[[re.Match[str]], str]:
        """Leave what is in packages' files without imports as it is."""
        if name.startswith(WITHOUT_IMPORTS):
            return lambda match: match[0]
        converter: Callable[[re.Match[str]], str] = super().url_converter(name, *args, **kwargs)
        return converter
