"""People as imports write them: without an invitation, and with no way to sign in until they are invited."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from crm.commands.grants import require_administrator
from crm.models import User
from crm.queries.organisation import get_organisation, get_zone

Kept = Literal["created", "updated", "unchanged"]


@transaction.atomic
def keep_person(*, user_id: int | None, values: Mapping[str, Any], by: User | None, at: datetime) -> tuple[User, Kept]:
    """Make a person, or bring one in line with `values`; say which.

    :raises NotPermitted: only an administrator may
    """
    require_administrator(by)
    if user_id is None:
        user = User(**{"locale": get_organisation().language, "time_zone": get_zone().key, "created_at": at, **values})
        user.set_unusable_password()
        user.save(force_insert=True)
        return user, "created"
    user = User.objects.select_for_update().get(pk=user_id)
    changed = [name for name, value in values.items() if getattr(user, name) != value]
    if not changed:
        return user, "unchanged"
    for name in changed:
        setattr(user, name, values[name])
    user.version += 1
    user.save(update_fields=[*changed, "version"])
    return user, "updated"
