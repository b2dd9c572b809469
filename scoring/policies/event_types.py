"""What a type of event may be called (S-2)."""

import re

from crm.lib.values import Refusal

CODE = re.compile(r"[a-z][a-z0-9_]{1,99}")
LONGEST_NAME = 200


def refusals(*, code: str, name: str, is_taken: bool) -> list[Refusal]:
    """Return every reason there cannot be such a type of event."""
    found = []
    if not CODE.fullmatch(code):
        found.append(Refusal.of("not_a_code", field="code"))
    elif is_taken:
        found.append(Refusal.of("taken", field="code"))
    if not name or "\x00" in name:
        found.append(Refusal.of("required", field="name"))
    elif len(name) > LONGEST_NAME:
        found.append(Refusal.of("too_long", field="name", limit=LONGEST_NAME))
    return found
