from django.db import migrations
from django.utils import timezone

EVENT_TYPES = [
    # code, name, whether it ends a spell of silence (D-47)
    ("pricing_page_viewed", "Visited the pricing page", True),
    ("whitepaper_downloaded", "Downloaded a white paper", True),
    ("webinar_attended", "Attended a webinar", True),
    ("demo_requested", "Asked for a product demo", True),
    ("page_viewed", "Visited a page", True),
    ("form_submitted", "Sent a form", True),
    ("email_opened", "Opened an e-mail", False),
    ("email_clicked", "Followed a link in an e-mail", True),
    ("email_replied", "Replied to an e-mail", True),
    ("newsletter_subscribed", "Subscribed to the newsletter", True),
    ("unsubscribed", "Unsubscribed", False),
    ("event_attended", "Attended an event", True),
    ("meeting_booked", "Booked a meeting", True),
    ("call_connected", "Talked on the phone", True),
]
RULES = [
    ("pricing_page", "Visits the pricing page", "pricing_page_viewed", 10),
    ("whitepaper", "Downloads a white paper", "whitepaper_downloaded", 15),
    ("webinar", "Attends a webinar", "webinar_attended", 20),
    ("demo_request", "Asks for a product demo", "demo_requested", 25),
]


def seed(apps, schema_editor):
    LeadEventType = apps.get_model("scoring", "LeadEventType")
    ScoringModel = apps.get_model("scoring", "ScoringModel")
    ScoringRule = apps.get_model("scoring", "ScoringRule")
    LeadEventType.objects.bulk_create(
        LeadEventType(code=code, name=name, qualifies=qualifies) for code, name, qualifies in EVENT_TYPES
    )
    now = timezone.now()
    model = ScoringModel.objects.create(number=1, state="published", created_at=now, published_at=now)
    ScoringRule.objects.bulk_create(
        ScoringRule(model=model, code=code, name=name, event_types=[event], points=points, order=order)
        for order, (code, name, event, points) in enumerate(RULES)
    )


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_leads_and_scores")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
