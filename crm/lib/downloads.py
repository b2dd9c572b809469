"""What is handed out to be kept, never to be shown: no type, name or content makes a browser run it (reliability.md 32 to 36)."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

# Whoever opens it by its address gets a download that may do nothing.
HARMLESS = "default-src 'none'; sandbox"


def download(content: Any, *, name: str, media_type: str) -> HttpResponseBase:
    """Return bytes, or an open file, under a name as headers may have it."""
    headers = {"Content-Security-Policy": HARMLESS, "Cache-Control": "private, no-store"}
    if not isinstance(content, bytes):
        return FileResponse(content, as_attachment=True, filename=name, content_type=media_type, headers=headers)
    headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=media_type, headers=headers)
