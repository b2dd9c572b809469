"""Static files with hashed names, ES modules included."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Their extensions name a type of theirs in a comment, which looks like an import of a missing file.
WITHOUT_IMPORTS = "django_htmx/"


# Rarely asked for, and large: compressing them takes longer than everything else of a first start.
UNCOMPRESSED = ("admin/", "drf_spectacular_sidecar/", "rest_framework/")


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Rewrites `import` in our modules too, so that no inline import map is needed (D-11)."""

    support_js_module_import_aggregation = True

    def url_converter(self, name: str, *args: Any, **kwargs: Any) -> Callable[[re.Match[str]], str]:
        """Leave what is in packages' files without imports as it is."""
        if name.startswith(WITHOUT_IMPORTS):
            return lambda match: match[0]
        converter: Callable[[re.Match[str]], str] = super().url_converter(name, *args, **kwargs)
        return converter

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compress what pages load."""
        yield from super().compress_files(path for path in paths if not path.startswith(UNCOMPRESSED))
