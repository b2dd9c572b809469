"""What the demo company's campaigns belong to, are made of, and since when they run."""

from datetime import timedelta

from crm.commands.origins import edit_origin
from crm.models import Campaign, Source, User
from reports.management.demo import words
from reports.management.demo.clockwork import Dice
from reports.management.demo.company import mail

MADE_OF = {"white-paper": ("white_paper", words.PAPERS), "webinar": ("webinar", words.WEBINARS)}


def place_campaigns(dice: Dice) -> None:
    """Put each campaign under its source, the later ones begun later."""
    by = User.objects.get(email=mail("sofia"))
    sources = dict(Source.objects.values_list("code", "pk"))
    for code, (content_type, names) in MADE_OF.items():
        for number, campaign in enumerate(Campaign.objects.filter(name__in=names).order_by("name")):
            starts_on = dice.today - timedelta(days=540 - 170 * number)
            changes = {"source_id": sources[code], "content_type": content_type, "starts_on": starts_on}
            edit_origin(Campaign, origin_id=campaign.pk, changes=changes, by=by, at=dice.now)
