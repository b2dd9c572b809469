"""SQL functions of ours as query expressions."""

from django.db import models


class Fold(models.Func):
    """`setpoint_fold(text)`: lower case without accents, i, İ, ı and I alike (D-6)."""

    function = "setpoint_fold"
    output_field = models.TextField()


class ClockTimestamp(models.Func):
    """The database's own clock, now and not at the start of the transaction: what leases are measured by."""

    template = "clock_timestamp()"
    output_field = models.DateTimeField()
