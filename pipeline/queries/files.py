"""Files of deals, where the deals may be seen."""

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db.models import QuerySet

from crm.models import User
from pipeline.models import OpportunityFile
from pipeline.queries.opportunities import opportunities_visible_to


def files_visible_to(user: User) -> QuerySet[OpportunityFile]:
    """Return the files of the deals the person may see, those taken away left out."""
    return OpportunityFile.objects.filter(opportunity__in=opportunities_visible_to(user), removed_at=None)


def open_bytes(file: OpportunityFile) -> File | None:
    """Return the bytes of a file, open to be read; None where they cannot be had."""
    try:
        return default_storage.open(file.key)
    except OSError:
        return None
