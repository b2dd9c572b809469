"""Writing when people do not work (D-27)."""

from datetime import date, datetime

from django.db import transaction

from crm import registries
from crm.commands.grants import require_administrator
from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import Absence, Holiday, User
from crm.permissions import can_note_absence
from crm.policies.calendars import absence_refusals, read_holidays
from crm.policies.contact_details import normal_text
from crm.queries.access import get_access


class CalendarRefused(CommandRefused):
    """Nothing was written; each refusal names its field."""


@transaction.atomic
def add_holidays(*, country: str, days: str, by: User | None, at: datetime) -> int:
    """Add the holidays of a country from a pasted list, all or none; return how many are new or named anew.

    Deadlines given before stay what they were.

    :raises NotPermitted: only an administrator may
    :raises CalendarRefused: a line is no day and name, or the country is no code of two letters
    """
    require_administrator(by)
    country = country.strip().upper()
    found, refusals = read_holidays(days)
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        refusals.insert(0, Refusal.of("unknown_value", field="country", value=country[:20]))
    if refusals:
        raise CalendarRefused(refusals, field=dict(refusals[0].params)["field"])
    known = dict(Holiday.objects.filter(country=country, on__in=found).values_list("on", "name"))
    rows = [Holiday(country=country, on=on, name=name) for on, name in sorted(found.items()) if known.get(on) != name]
    Holiday.objects.bulk_create(rows, update_conflicts=True, unique_fields=["country", "on"], update_fields=["name"])
    return len(rows)


@transaction.atomic
def remove_holiday(*, holiday_id: int, by: User | None, at: datetime) -> None:
    """Let people work on that day. Removed already: nothing happens.

    :raises NotPermitted: only an administrator may
    """
    require_administrator(by)
    for holiday in Holiday.objects.select_for_update().filter(pk=holiday_id):
        holiday.delete()


@transaction.atomic
def note_absence(*, user_id: int, from_on: date, to_on: date, note: str = "", by: User | None, at: datetime) -> Absence:
    """Note that somebody is away, both days included. Noted already for the same days: nothing new.

    :raises NotPermitted: it is neither their own absence, nor of somebody they manage, nor are they an administrator
    :raises CalendarRefused: the days make no absence
    """
    _require(by, user_id)
    note = normal_text(note)
    if refusals := absence_refusals(from_on=from_on, to_on=to_on, note=note):
        raise CalendarRefused(refusals, field=dict(refusals[0].params)["field"])
    User.objects.select_for_update(no_key=True).get(pk=user_id)
    noted = Absence.objects.filter(user_id=user_id, from_on=from_on, to_on=to_on).first()
    if noted is None:
        noted = Absence.objects.create(user_id=user_id, from_on=from_on, to_on=to_on, note=note)
        _tell(user_id, by=by, at=at)
    return noted


@transaction.atomic
def remove_absence(*, absence_id: int, by: User | None, at: datetime) -> None:
    """Take an absence back. Taken back already: nothing happens.

    :raises NotPermitted: as for noting it
    """
    absence = Absence.objects.select_for_update().filter(pk=absence_id).first()
    if absence is not None:
        _require(by, absence.user_id)
        User.objects.select_for_update(no_key=True).get(pk=absence.user_id)
        absence.delete()
        _tell(absence.user_id, by=by, at=at)


def _tell(user_id: int, *, by: User | None, at: datetime) -> None:
    for follow in registries.absences_changed.values():
        follow(user_id=user_id, by=by, at=at)


def _require(by: User | None, user_id: int) -> None:
    if by is not None and not can_note_absence(get_access(by), user_id):
        raise NotPermitted(Refusal.of("may_not_note_absence"))
