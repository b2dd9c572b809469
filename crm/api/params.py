"""Query parameters of single questions: moments, numbers, records."""

import re
from datetime import date, datetime

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from crm.api.fields import Instant
from crm.api.problems import Problem
from crm.lib.moments import EARLIEST, LATEST
from crm.lib.periods import end_of_day
from crm.queries.organisation import get_zone

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_moment(request: Request, name: str) -> datetime | None:
    """Return a moment, or the end of a day in the organisation's zone (D-46); None where it was not asked for.

    :raises Problem: it is neither
    """
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        if DAY.fullmatch(text):
            day = date.fromisoformat(text)
            if not EARLIEST <= day < LATEST:
                raise ValueError(day)
            return end_of_day(day, get_zone(day))
        moment: datetime = Instant().run_validation(text)
    except (ValueError, serializers.ValidationError):
        raise refused(name, _("A day such as 2026-09-30, or a moment such as 2026-09-30T12:00:00Z.")) from None
    return moment


def read_whole(request: Request, name: str) -> int | None:
    """Return a whole number from 1, None where it was not asked for.

    :raises Problem: it is none
    """
    text = request.query_params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) > 0):
        raise refused(name, _("A whole number from 1."))
    return int(text)


def refused(name: str, why: str) -> Problem:
    """Return the problem of one parameter."""
    return Problem(400, "invalid", _("See errors for each field."), errors={name: [why]})
