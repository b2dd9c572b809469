"""The words for what comes in: events, and the sentences for what is refused about forms and sites."""

from django.utils.translation import gettext_lazy as _

from crm.lib.labels import register
from scoring.enums import NotCounted

NOT_COUNTED = register(
    "not_counted",
    {
        NotCounted.BOT: _("Not counted: a program did it, by what it calls itself"),
        NotCounted.SCANNER: _("Not counted: a mail scanner, which followed several links within two seconds"),
    },
)
