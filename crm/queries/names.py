"""How statements name people: as the `__str__` of their models does, and empty for nobody."""


def contact_name(table: str) -> str:
    """Return the SQL for the name of a contact, of a table or its alias."""
    return (
        f"COALESCE(NULLIF(trim({table}.first_name || ' ' || {table}.last_name), ''), NULLIF({table}.job_title, ''), "
        f"NULLIF({table}.email, ''), '#' || {table}.id, '')"
    )


def user_name(table: str) -> str:
    """Return the SQL for the name of a user, of a table or its alias."""
    return f"COALESCE(NULLIF({table}.name, ''), {table}.email, '')"
