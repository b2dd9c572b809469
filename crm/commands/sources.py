"""Sources and campaigns, as imports and events meet them."""

from collections.abc import Iterable, Mapping
from hashlib import sha256

from django.db import transaction
from django.utils.text import slugify

from crm.enums import Channel, ContentType
from crm.models import Campaign, Source

# What we go out with (LT-061 to LT-065).
OUTBOUND = frozenset(
    {
        ContentType.TARGETED_EMAIL,
        ContentType.COLD_CALL,
        ContentType.LINKEDIN,
        ContentType.CONFERENCE,
        ContentType.PARTNER,
    }
)


@transaction.atomic
def ensure_sources(*, wanted: Mapping[str, str | None]) -> dict[str, int]:
    """Return the source of each code or name, adding those never seen before; the values are their channels."""
    codes = {name: code_of(name) for name in wanted}
    Source.objects.bulk_create(
        [
            Source(
                code=code,
                name=readable(name),
                content_type=content_of(code),
                channel=wanted[name] or (Channel.OUTBOUND if content_of(code) in OUTBOUND else Channel.INBOUND),
            )
            for code, name in {code: name for name, code in codes.items()}.items()
        ],
        ignore_conflicts=True,
    )
    by_code = dict(Source.objects.filter(code__in=codes.values()).values_list("code", "id"))
    return {name: by_code[code] for name, code in codes.items()}


@transaction.atomic
def ensure_campaigns(*, names: Iterable[str]) -> dict[str, int]:
    """Return the campaign of each code or name, adding those never seen before."""
    codes = {name: code_of(name) for name in names}
    Campaign.objects.bulk_create(
        [
            Campaign(code=code, name=readable(name), content_type=content_of(code))
            for code, name in {code: name for name, code in codes.items()}.items()
        ],
        ignore_conflicts=True,
    )
    by_code = dict(Campaign.objects.filter(code__in=codes.values()).values_list("code", "id"))
    return {name: by_code[code] for name, code in codes.items()}


def code_of(name: str) -> str:
    """Return the code of a source or campaign that is named in passing."""
    code = slugify(name.replace("_", "-"), allow_unicode=False)[:100].strip("-")
    return code or f"source-{sha256(name.encode()).hexdigest()[:10]}"


def content_of(code: str) -> ContentType:
    """Return what a source or campaign is made of, where its code says so (D-41)."""
    named = code.replace("-", "_")
    return ContentType(named) if named in set(ContentType) else ContentType.OTHER


def readable(name: str) -> str:
    """Return a name to show for what came as a code."""
    return (name.replace("_", " ").strip().capitalize() if "_" in name or name.islower() else name)[:200]
