"""SQL functions of ours as query expressions."""

from django.db import models


class Fold(models.Func):
    """`setpoint_fold(text)`: lower case without accents, i, İ, ı and I alike (D-6)."""

    function = "setpoint_fold"
    output_field = models.TextField()
