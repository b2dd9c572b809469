"""Static files with hashed names, ES modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Rewrites `import` in our modules too, so that no inline import map is needed (D-11)."""

    support_js_module_import_aggregation = True
