"""Addresses that open one thing to whoever has them, without signing in.

Their key is random and signed: it cannot be guessed, and a copy of the database without the installation's secret opens
nothing. What such an address answers is kept from search engines, caches, scripts and the pages it links to.
"""

from django.core.signing import BadSignature, Signer
from django.http import HttpResponseBase

HEADERS = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'", "style-src 'self'", "font-src 'self'", "img-src 'self' data:", "base-uri 'none'",
            "form-action 'none'", "frame-ancestors 'none'",
        )
    ),
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}  # fmt: skip


def sign_key(key: str, *, what: str) -> str:
    """Return the text that stands in the address; `what` keeps the keys of one kind of thing from opening another."""
    return Signer(sep=".", salt=f"shared:{what}").sign(key)


def read_key(token: str, *, what: str) -> str | None:
    """Return the key of an address that was signed here, None for any other."""
    try:
        return Signer(sep=".", salt=f"shared:{what}").unsign(token)
    except BadSignature:
        return None


def close_to_others(response: HttpResponseBase) -> HttpResponseBase:
    """Set the headers of what a shared address answers."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
