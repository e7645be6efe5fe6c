"""Static files by what is in them, scripts that import each other too."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]  # no stubs


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # no stubs
    """A script names the very version of another it was written with: none meets an older one."""

    support_js_module_import_aggregation = True
