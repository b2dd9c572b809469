"""Filters of lists: query parameters named like the fields, strict about their values."""

from typing import Any

import django_filters as filters
from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from crm.api.fields import Instant
from crm.lib.moments import EARLIEST, LATEST

WHOLE_ID = RegexValidator(r"^[0-9]{1,18}$", _("An id is a text of digits."))


class IdFilter(filters.CharFilter):
    """Equal to the id of a record; one that is not there finds nothing and says nothing."""

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        super().__init__(field_name=field_name, validators=[WHOLE_ID], **kwargs)


class TextFilter(filters.CharFilter):
    """Equal to a text."""

    def __init__(self, field_name: str, **kwargs: Any) -> None:
        super().__init__(field_name=field_name, max_length=300, **kwargs)


class ChoiceFilter(filters.ChoiceFilter):
    """One of a closed list."""

    def __init__(self, field_name: str, choices: Any, **kwargs: Any) -> None:
        super().__init__(
            field_name=field_name, choices=[(choice, choice) for choice in choices], empty_label=None, **kwargs
        )


class WholeFilter(filters.Filter):
    """Compared with a whole number a column can hold."""

    field_class = forms.IntegerField

    def __init__(self, field_name: str, lookup_expr: str = "exact", **kwargs: Any) -> None:
        super().__init__(
            field_name=field_name, lookup_expr=lookup_expr, min_value=-2_147_483_648, max_value=2_147_483_647, **kwargs
        )


class FlagFilter(filters.ChoiceFilter):
    """`true` or `false`."""

    def __init__(self, method: str, **kwargs: Any) -> None:
        super().__init__(method=method, choices=[("true", "true"), ("false", "false")], empty_label=None, **kwargs)


class _Day(forms.DateField):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, input_formats=["%Y-%m-%d"], **kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day is not None and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(_("A year from 1900 to 2199."))
        return day


class DayFilter(filters.Filter):
    """Compared with a date."""

    field_class = _Day

    def __init__(self, field_name: str, lookup_expr: str = "exact", **kwargs: Any) -> None:
        super().__init__(field_name=field_name, lookup_expr=lookup_expr, **kwargs)


class _Moment(forms.CharField):
    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Instant().run_validation(text)
        except serializers.ValidationError as error:
            raise forms.ValidationError([str(why) for why in error.detail]) from error


class InstantFilter(filters.Filter):
    """Compared with a moment in ISO 8601."""

    field_class = _Moment

    def __init__(self, field_name: str, lookup_expr: str, **kwargs: Any) -> None:
        super().__init__(field_name=field_name, lookup_expr=lookup_expr, **kwargs)


def between_days(field_name: str) -> tuple[filters.Filter, filters.Filter]:
    """Return the filters `<field>__gte` and `<field>__lt` of a date: a half-open range."""
    return DayFilter(field_name, "gte"), DayFilter(field_name, "lt")


def between_moments(field_name: str) -> tuple[filters.Filter, filters.Filter]:
    """Return the filters `<field>__gte` and `<field>__lt` of a moment: a half-open range."""
    return InstantFilter(field_name, "gte"), InstantFilter(field_name, "lt")


class RecordFilters(filters.FilterSet):
    """Filters every list of records has."""

    external_id = TextFilter("external_id")
    archived = FlagFilter("by_archived", help_text=_("Archived records alone; without it, those in use."))
    created_at__gte, created_at__lt = between_moments("created_at")

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Leave archived records out unless they are asked for."""
        if not self.form.cleaned_data.get("archived"):
            queryset = queryset.filter(archived_at=None)
        narrowed: QuerySet[Any] = super().filter_queryset(queryset)
        return narrowed

    def by_archived(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Return archived records, or those in use."""
        return queryset.filter(archived_at__isnull=value == "false")
