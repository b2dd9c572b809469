"""Remembering when a token was last used, so that an old one can be told from one in use."""

from datetime import datetime, timedelta

from django.db.models import Q

from crm.models import ApiToken

USE_NOTED_EVERY = timedelta(minutes=1)


def note_token_use(*, token_id: int, at: datetime) -> None:
    """Remember that the token was used; once a minute is enough, so that reading stays cheap."""
    stale = Q(last_used_at=None) | Q(last_used_at__lt=at - USE_NOTED_EVERY)
    ApiToken.objects.filter(stale, pk=token_id).update(last_used_at=at)
