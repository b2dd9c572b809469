"""Writing the organisation's settings (D-1, D-43, D-45)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction

from crm.commands.grants import require_administrator
from crm.lib.errors import CommandRefused, StaleRecord
from crm.lib.values import Refusal
from crm.models import FeatureSwitch, Organisation, OrganisationTimeZone, User
from crm.policies.contact_details import normal_text
from crm.policies.edits import conflicts
from crm.policies.organisation import organisation_refusals
from crm.queries.organisation import get_local_date


class OrganisationRefused(CommandRefused):
    """The settings were not changed; each refusal names its field."""


@transaction.atomic
def edit_organisation(
    *, changes: Mapping[str, Any], by: User | None, at: datetime, seen: Mapping[str, Any] | None = None
) -> Organisation:
    """Change name, currency, fiscal year, language, working days, what makes a deal qualified, and `zone` from today.

    :raises NotPermitted: only an administrator may
    :raises OrganisationRefused: a value is not possible
    :raises StaleRecord: the same field changed since it was seen
    """
    require_administrator(by)
    wanted = {name: normal_text(value) if name == "name" else value for name, value in changes.items()}
    zone = wanted.pop("zone", None)
    if "working_days" in wanted:
        wanted["working_days"] = sorted(set(wanted["working_days"]))
    if refusals := organisation_refusals(wanted, languages=[code for code, _ in settings.LANGUAGES]):
        raise OrganisationRefused(refusals, field=dict(refusals[0].params)["field"])
    organisation = Organisation.objects.select_for_update().get(pk=1)
    if zone is not None:
        set_time_zone(zone=zone, by=by, at=at)
    current = {name: getattr(organisation, name) for name in wanted}
    if stale := conflicts(current, seen=seen or {}, wanted=wanted):
        raise StaleRecord(seen=organisation.version, now=organisation.version, current=stale)
    changed = [name for name, value in wanted.items() if current[name] != value]
    if changed:
        for name in changed:
            setattr(organisation, name, wanted[name])
        organisation.version += 1
        organisation.save(update_fields=[*changed, "version"])
    return organisation


@transaction.atomic
def set_time_zone(*, zone: str, by: User | None, at: datetime, from_on: date | None = None) -> OrganisationTimeZone:
    """Let another zone bound the organisation's days from a day on, by default today; days before keep theirs.

    :raises NotPermitted: only an administrator may
    :raises OrganisationRefused: there is no such zone
    """
    require_administrator(by)
    if zone not in available_timezones():
        raise OrganisationRefused(Refusal.of("unknown_value", field="zone", value=zone[:60]), field="zone")
    day = from_on or get_local_date(at)
    dated = OrganisationTimeZone.objects.select_for_update().filter(valid_from__lte=day).order_by("-valid_from").first()
    if dated is not None and dated.zone == zone:
        return dated
    if dated is not None and dated.valid_from == day:
        dated.zone = zone
        dated.save(update_fields=["zone"])
        return dated
    return OrganisationTimeZone.objects.create(zone=zone, valid_from=day)


@transaction.atomic
def switch_feature(*, module: str, is_on: bool, by: User | None, at: datetime) -> None:
    """Switch a module on or off for everybody (D-45).

    :raises NotPermitted: only an administrator may
    """
    require_administrator(by)
    FeatureSwitch.objects.update_or_create(module=module, defaults={"is_on": is_on})
