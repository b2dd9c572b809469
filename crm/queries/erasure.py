"""What is known of an erasure."""

from crm.facts import LeftFile
from crm.models import Contact, Erasure
from crm.registries import erasures


def get_erasure(contact: Contact) -> Erasure | None:
    """Return who erased the contact, when and why."""
    return Erasure.objects.select_related("by").filter(contact=contact).first()


def get_left_files(contact: Contact) -> list[LeftFile]:
    """Return the files that may name the contact, of every app."""
    return [file for eraser in erasures.values() if eraser.files for file in eraser.files([contact.pk])]
