"""The board of leads marketing and sales see alike, with goals beside what is (LT-067, LT-139)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from crm.models import Campaign, Source, User
from reports.views.together import goals, judge
from scoring.commands.events import record_events
from scoring.commands.handoffs import accept_lead, reject_lead
from scoring.commands.scores import refresh_scores
from scoring.commands.together import add_comment, set_goal
from scoring.models import Lead
from tests.factories.scoring import LeadFactory, sent
from tests.scoring.examples import DEMO, PRICING, WEBINAR
from tests.testing import assert_same_after_reload, element, htmx_get, signed_in, text

NOW = timezone.now()
THEN = NOW - timedelta(days=3)
D = Decimal


@pytest.mark.parametrize(
    ("real", "wanted", "verdict"),
    [
        (D("0.35"), D("0.35"), ("On goal", "ok")),
        (D("0.344"), D("0.35"), ("1 point short", "warn")),
        (D("0.20"), D("0.35"), ("15 points short", "warn")),
        (D("0.20"), None, ("", "")),
        (None, D("0.35"), ("", "")),
    ],
)
def test_how_far_a_figure_is_from_its_goal(real: Decimal | None, wanted: Decimal | None, verdict: Any) -> None:
    assert judge(real, wanted) == verdict


def handed(owner: User, at: datetime = THEN, **fields: Any) -> Lead:
    """Make a lead that crossed then, three days ago, and is this person's to answer."""
    lead = LeadFactory(owner=owner, **fields)
    record_events(events=[sent(lead, kind, at) for kind in (DEMO, WEBINAR, PRICING)], by=None, at=at)
    return lead


@pytest.mark.django_db
class TestBoard:
    def test_everybody_reads_the_same_counts_and_only_their_own_names(
        self, rep: User, stranger: User, marketer: User
    ) -> None:
        handed(rep, last_name="Oja")
        accept_lead(lead_id=handed(rep, last_name="Kask").pk, by=rep, at=THEN)
        reject_lead(lead_id=handed(rep, last_name="Mets").pk, reason_code="wrong_fit", by=rep, at=THEN)
        pages = {user: signed_in(user).get("/reports/leads/board/") for user in (rep, stranger, marketer)}
        for page in pages.values():
            shown = {column.name: (column.count, column.note) for column in page.context["columns"]}
            assert shown == {
                "known": (0, ""), "handed_over": (1, "1 late"), "accepted": (1, ""), "qualified": (0, ""),
                "deals": (0, ""), "sent_back": (1, ""),
            }  # fmt: skip
        for name in ("Oja", "Kask", "Mets"):
            assert [name in text(pages[user]) for user in (rep, stranger, marketer)] == [True, False, True]
        assert "1 lead whose name you do not see" in str(element(pages[stranger], "leads-accepted"))

    def test_goals_stand_beside_the_figures_of_the_whole_company(
        self, rep: User, stranger: User, marketer: User
    ) -> None:
        """Five leads of one team, all unanswered on the Monday after."""
        friday, monday = datetime(2026, 3, 6, 9, tzinfo=UTC), datetime(2026, 3, 9, 20, tzinfo=UTC)
        for _ in range(5):
            handed(rep, friday)
        set_goal(measure="sla", share=D("0.9"), by=marketer, at=friday)
        goal = next(goal for goal in goals(monday) if goal.measure == "sla")
        assert (goal.wanted, goal.real, goal.verdict) == (D("0.9000"), D("0"), "90 points short")
        for user in (stranger, marketer):
            page = signed_in(user).get("/reports/leads/board/")
            assert "of 90% wanted" in str(element(page, "goal-sla"))
            assert ("/leads/goals/sla/" in text(page)) == (user == marketer)

    def test_it_is_narrowed_by_what_a_lead_came_from(self, rep: User, marketer: User) -> None:
        webinar = Source.objects.create(code="webinar", name="Webinars", channel="inbound", content_type="webinar")
        leaks = Campaign.objects.create(code="leaks", name="Leaks", source=webinar, content_type="case_study")
        oja = LeadFactory(source=webinar, last_name="Oja")
        kask = LeadFactory(source=webinar, campaign=leaks, last_name="Kask")
        refresh_scores(lead_ids=[oja.pk, kask.pk], at=NOW)
        client = signed_in(marketer)
        for query, names in (
            (f"source_id={webinar.pk}", ["Oja", "Kask"]),
            (f"campaign_id={leaks.pk}", ["Kask"]),
            ("content_type=webinar", ["Oja"]),
            ("content_type=case_study", ["Kask"]),
            ("channel=outbound", []),
            ("source_id=x&channel=mood", ["Oja", "Kask"]),
        ):
            url = f"/reports/leads/board/?{query}"
            known = client.get(url).context["columns"][0]
            assert [card["lead"].last_name for card in known.cards] == names, query
            assert known.count == len(names)
        fragment = htmx_get(client, url, target="lead-board")
        assert_same_after_reload(fragment, client.get(url), "lead-board")

    def test_it_costs_the_same_for_one_and_for_three(self, rep: User, django_assert_num_queries: Any) -> None:
        client = signed_in(rep)
        for count in (1, 2):
            for _ in range(count):
                handed(rep)
                add_comment(text=f"Comment {Lead.objects.count()}", by=rep, at=NOW)
            client.get("/reports/leads/board/")
            with django_assert_num_queries(20):
                client.get("/reports/leads/board/")

    def test_what_was_said_stands_beside_it(self, rep: User, marketer: User) -> None:
        client = signed_in(rep)
        assert client.post("/leads/comments/new/", {"text": "  "}).status_code == 422
        assert client.post("/leads/comments/new/", {"text": "Webinars bring <b>good</b> ones"}).status_code == 302
        page = signed_in(marketer).get("/reports/leads/board/")
        assert "Webinars bring &lt;b&gt;good" in text(page)
        assert "/remove/" not in text(page)
        assert "/remove/" in text(client.get("/reports/leads/board/"))
