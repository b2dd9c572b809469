"""Tokens of the API."""

import hashlib

from django.db.models import QuerySet

from crm.models import ApiToken, User


def digest_of(secret: str) -> str:
    """Return what is kept of a secret: its SHA-256. It is random, so a slow hash would add nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_token(secret: str) -> ApiToken | None:
    """Return the token with this secret, with its person, whether it still counts or not."""
    return ApiToken.objects.select_related("user").filter(digest=digest_of(secret)).first()


def tokens_visible_to(user: User) -> QuerySet[ApiToken]:
    """Return the person's own tokens in force; nobody sees another person's."""
    return ApiToken.objects.filter(user=user, revoked_at=None)
