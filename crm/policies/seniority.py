"""The level of a person, read from the job title (C-4)."""

import re

from crm.enums import Seniority

# The first line that matches decides, so the order is from the top of a company down, with the exceptions first.
RULES: tuple[tuple[Seniority, str], ...] = (
    (Seniority.INDIVIDUAL, r"assistant to|executive assistant|\bpa to\b"),
    (Seniority.INDIVIDUAL, r"\b(product|process|data|system|application|code) owner\b"),
    (Seniority.INDIVIDUAL, r"\b(account|sales|customer success) (executive|representative)\b|\baccount manager\b"),
    (Seniority.VP, r"\b(vice[- ]president|[se]?vp|avp)\b"),
    (Seniority.OWNER, r"\b(co-?)?(owner|founder|proprietor)\b|\bmanaging partner\b|\bpresident\b|\bsole trader\b"),
    (
        Seniority.C_LEVEL,
        r"\bc[aefhimoprst]o\b|\bc(is|mk|ri|si|te)o\b|\bchief\b|\bmanaging director\b|\bgeneral manager\b",
    ),
    (Seniority.C_LEVEL, r"\bgeneral director\b|\bpartner$"),
    (Seniority.DIRECTOR, r"\bdirector\b|\bhead\b|\bprincipal\b|\bgroup controller\b"),
    (Seniority.MANAGER, r"\b(manager|mgr|supervisor|controller|team lead(er)?|foreman|superintendent)\b|\blead$"),
    (Seniority.INDIVIDUAL, r"\S"),
)
COMPILED = tuple((level, re.compile(pattern)) for level, pattern in RULES)


def seniority_of(job_title: str) -> Seniority:
    """Return the level a title speaks of; no title is unknown, a title without a mark of rank is an individual."""
    title = " ".join(job_title.lower().replace(".", "").split())
    for level, pattern in COMPILED:
        if pattern.search(title):
            return level
    return Seniority.UNKNOWN
