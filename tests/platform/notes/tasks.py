"""Jobs that leave one row in `notes` each time they are done, and one that never is."""

import os
import time

from django.db import connection, transaction

from crm.lib.jobs import job


@job("notes.write")
def write_note(*, note, seconds, at):
    """Write, and take so long to finish that a kill comes in between."""
    _insert(note)
    time.sleep(seconds)


@job("notes.write_in_steps", atomic=False)
def write_notes_in_steps(*, notes, seconds, at, lease):
    """Write each note in a transaction of its own, those that are there left out."""
    for note in notes:
        with transaction.atomic():
            lease.renew()
            _insert(note, unless_there=True)
            time.sleep(seconds)


@job("notes.die")
def die(*, at):
    """End the process in the middle, as a fault in a library or the kernel's memory killer does."""
    os._exit(1)


def _insert(note, *, unless_there=False):
    condition = "WHERE NOT EXISTS (SELECT 1 FROM notes WHERE note = %s)" if unless_there else "WHERE %s IS NOT NULL"
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO notes (note) SELECT %s {condition}", [note, note])
