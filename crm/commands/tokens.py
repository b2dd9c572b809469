"""API tokens: the secret is shown once, only its digest is kept (X-6, D-49)."""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from crm.enums import TokenScope
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import ApiToken, User
from crm.policies.contact_details import normal_text
from crm.policies.people import NAME_LENGTH
from crm.policies.tokens import scopes_beyond
from crm.queries.access import get_access
from crm.queries.tokens import digest_of

PREFIX = "sp_"


class TokenRefused(CommandRefused):
    """The token was not made; `field` says what was wrong."""


@transaction.atomic
def create_token(
    *, name: str, scopes: Collection[str], by: User, at: datetime, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Make a token for oneself; return it with its secret, which nobody can read again.

    :raises NotPermitted: a scope is above the person's own rights
    :raises TokenRefused: no name, no scope, an unknown scope, or an end in the past
    """
    access = get_access(by)
    if not access.reads_company:
        raise NotPermitted(Refusal.of("may_not_have_token"))
    title = normal_text(name)
    if not 0 < len(title) <= NAME_LENGTH:
        raise TokenRefused(Refusal.of("required", field="name"), field="name")
    if not scopes:
        raise TokenRefused(Refusal.of("required", field="scopes"), field="scopes")
    if unknown := [scope for scope in scopes if scope not in list(TokenScope)]:
        raise TokenRefused(Refusal.of("unknown_value", field="scopes", value=unknown[0][:50]), field="scopes")
    wanted = sorted({TokenScope(scope) for scope in scopes})
    if beyond := scopes_beyond(access, wanted):
        raise NotPermitted(Refusal.of("scope_above_rights", scope=beyond[0]), field="scopes")
    if expires_at is not None and expires_at <= at:
        raise TokenRefused(Refusal.of("expired_already", field="expires_at"), field="expires_at")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=by, name=title, digest=digest_of(secret), scopes=wanted, created_at=at, expires_at=expires_at
    )
    return token, secret


@transaction.atomic
def revoke_token(*, token_id: int, by: User, at: datetime) -> ApiToken:
    """Make a token worthless at once, one's own or as administrator anybody's; twice is once.

    :raises NotPermitted: it is somebody else's
    """
    token = ApiToken.objects.select_for_update().get(pk=token_id)
    if token.user_id != by.pk and not get_access(by).is_admin:
        raise NotPermitted(Refusal.of("not_your_token"))
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
    return token


def revoke_tokens_of(*, user_id: int, at: datetime) -> int:
    """Make all tokens of a person worthless at once, and return how many there were."""
    return ApiToken.objects.filter(user_id=user_id, revoked_at=None).update(revoked_at=at)
