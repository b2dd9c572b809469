"""Static files with hashed names, ES modules included."""

import re
from collections.abc import Callable, Iterable, Iterator
from posixpath import dirname, join
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Their extensions name a type of theirs in a comment, which looks like an import of a missing file.
WITHOUT_IMPORTS = "django_htmx/"


# Rarely asked for, and large: compressing them takes longer than everything else of a first start.
UNCOMPRESSED = ("admin/", "drf_spectacular_sidecar/", "rest_framework/")


IMPORTED_SHEET = re.compile(r'@import "([\w./-]+)";')


class BundledSheets:
    """Reads our style sheets with what they import in its place: a first visit asks once instead of thirty times."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def open(self, name: str) -> ContentFile:
        """Return a sheet without imports of its own."""
        text = IMPORTED_SHEET.sub(lambda found: self._read(join(dirname(name), found[1])), self._read(name))
        return ContentFile(text.encode())

    def _read(self, name: str) -> str:
        with self.storage.open(name) as sheet:
            return str(sheet.read().decode())


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Rewrites `import` in our modules too, so that no inline import map is needed (D-11)."""

    support_js_module_import_aggregation = True

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Hash what was collected, our sheets bundled."""
        ours = {name for name in paths if name.startswith("css/") and name.endswith(".css")}
        bundled = {name: (BundledSheets(each[0]) if name in ours else each[0], each[1]) for name, each in paths.items()}
        yield from super().post_process(bundled, dry_run, **options)

    def url_converter(self, name: str, *args: Any, **kwargs: Any) -> Callable[[re.Match[str]], str]:
        """Leave what is in packages' files without imports as it is."""
        if name.startswith(WITHOUT_IMPORTS):
            return lambda match: match[0]
        converter: Callable[[re.Match[str]], str] = super().url_converter(name, *args, **kwargs)
        return converter

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compress what pages load."""
        yield from super().compress_files(path for path in paths if not path.startswith(UNCOMPRESSED))
