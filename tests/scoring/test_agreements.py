"""What marketing and sales agree on, want to reach and tell each other, by page and API (LT-067, LT-068, LT-139)."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crm.lib.errors import CommandRefused, NotPermitted
from crm.lib.values import Refusal
from crm.models import User
from scoring.commands.agreements import AgreementRefused, agree_to_definition, propose_definition
from scoring.commands.routing import agree_on_terms
from scoring.commands.together import GoalRefused, add_comment, remove_comment, set_goal
from scoring.enums import AgreeingSide
from scoring.models import AgreedDefinition, LeadComment, LeadGoal
from scoring.policies.agreements import agreement_refusals, clean_words, goal_refusals
from scoring.queries.together import get_goals
from tests.api.client import Api, assert_problem
from tests.factories.crm import TeamFactory, UserFactory
from tests.testing import element, signed_in, text

AT = datetime(2026, 3, 6, 12, 0, tzinfo=UTC)
ODD = ["", "   ", "\x00", "x" * 1001]


class TestPolicies:
    @pytest.mark.parametrize("words", ODD)
    def test_odd_words_are_refused(self, words: str) -> None:
        assert clean_words(words)[1]

    def test_lines_stay_and_odd_characters_go(self) -> None:
        assert clean_words(" One\r\ntwo\x00 ") == ("One\ntwo", [])

    @pytest.mark.parametrize("share", ["0", "-0.1", "1.01", "NaN", "Infinity"])
    def test_a_goal_is_a_share(self, share: str) -> None:
        assert goal_refusals("sla", Decimal(share)) == [Refusal.of("out_of_range", field="share")]

    def test_it_takes_two_people_of_two_sides(self) -> None:
        marketing, both = frozenset({AgreeingSide.MARKETING}), frozenset(AgreeingSide)
        given: dict[str, Any] = {"missing": AgreeingSide.SALES, "proposed_by": 1}
        assert agreement_refusals(both, **given, user_id=1) == [Refusal("agreed_by_two")]
        assert agreement_refusals(marketing, **given, user_id=2) == [Refusal.of("other_side_agrees", side="sales")]
        assert agreement_refusals(both, **given, user_id=2) == []


@pytest.fixture
def marketer() -> User:
    return UserFactory(name="Sofia", marketing=True)


@pytest.fixture
def manager() -> User:
    team = TeamFactory()
    return UserFactory(name="Kaur", manages=team, team=team)


def propose(words: str, by: User, **given: Any) -> AgreedDefinition:
    """Propose what a qualified lead is."""
    return propose_definition(**{"term": "qualified", "text": words, "by": by, "at": AT, **given})


@pytest.mark.django_db
class TestDefinitions:
    def test_it_holds_once_the_other_side_agreed_and_every_wording_stays(self, marketer: User, manager: User) -> None:
        first = propose("Budget is known", marketer)
        assert propose("Budget is known", marketer).pk == first.pk
        agreed = agree_to_definition(definition_id=first.pk, by=manager, at=AT + timedelta(hours=1))
        assert (agreed.marketing_by, agreed.sales_by, agreed.agreed_at) == (marketer, manager, AT + timedelta(hours=1))
        assert agree_to_definition(definition_id=first.pk, by=marketer, at=AT).agreed_at == agreed.agreed_at

        second = propose("Budget and need are known", manager)
        third = propose("Need is known", manager)
        with pytest.raises(AgreementRefused, match="wording_withdrawn"):
            agree_to_definition(definition_id=second.pk, by=marketer, at=AT)
        with pytest.raises(AgreementRefused, match="agreed_by_two"):
            agree_to_definition(definition_id=third.pk, by=manager, at=AT)
        agree_to_definition(definition_id=third.pk, by=marketer, at=AT)
        with pytest.raises(AgreementRefused, match="same_wording"):
            propose("Need is known", marketer)

        page = signed_in(UserFactory(rep=True)).get("/leads/agreed/")
        shown = str(element(page, "term-qualified"))
        assert "Need is known" in shown
        assert "Budget is known" in shown
        assert "Budget and need" not in shown

    def test_who_sells_reads_and_does_not_agree(self, marketer: User) -> None:
        waiting, rep = propose("Budget is known", marketer), UserFactory(rep=True)
        for command in (
            lambda: propose("Mine", rep),
            lambda: agree_to_definition(definition_id=waiting.pk, by=rep, at=AT),
        ):
            with pytest.raises(NotPermitted):
                command()
        assert AgreedDefinition.objects.filter(agreed_at=None).count() == 1

    @pytest.mark.parametrize(("term", "words"), [*(("qualified", odd) for odd in ODD), ("mood", "Words")])
    def test_odd_wordings_are_refused(self, term: str, words: str, marketer: User) -> None:
        with pytest.raises(AgreementRefused):
            propose(words, marketer, term=term)
        assert not AgreedDefinition.objects.exists()

    def test_the_page_tells_what_holds_from_where_it_is_set(
        self, marketer: User, manager: User, django_assert_num_queries: Any
    ) -> None:
        client = signed_in(manager)
        assert "50 points, by version 1" in str(element(client.get("/leads/agreed/"), "term-threshold"))
        agree_on_terms(answer_minutes=120, remind_minutes=30, trial_percent=10, by=marketer, at=AT)
        assert "2 h" in str(element(client.get("/leads/agreed/"), "term-answer_time")).replace("\xa0", " ")
        for _ in range(2):
            with django_assert_num_queries(9):
                client.get("/leads/agreed/")
            waiting = propose(f"Wording {AgreedDefinition.objects.count()}", marketer)
            page = client.get("/leads/agreed/")
            assert f"/leads/agreed/{waiting.pk}/agree/" in text(page)
            assert client.post(f"/leads/agreed/{waiting.pk}/agree/").status_code == 302
        assert AgreedDefinition.objects.exclude(agreed_at=None).count() == 2

    def test_a_plain_form_proposes_and_keeps_what_was_typed(self, manager: User) -> None:
        client = signed_in(manager)
        refused = client.post("/leads/agreed/accepted/", {"text": "x" * 1001})
        assert (refused.status_code, "x" * 1001 in text(refused)) == (422, True)
        assert client.post("/leads/agreed/accepted/", {"text": "We called"}).status_code == 302
        assert client.get("/leads/agreed/accepted/").context["form"].initial == {"text": "We called"}
        assert client.get("/leads/agreed/mood/").status_code == 404


@pytest.mark.django_db
class TestGoalsAndComments:
    def test_the_latest_goal_holds_and_none_is_dropped_twice(self, marketer: User, manager: User) -> None:
        with pytest.raises(GoalRefused):
            set_goal(measure="sla", share=None, by=marketer, at=AT)
        first = set_goal(measure="sla", share=Decimal("0.9"), by=marketer, at=AT)
        assert set_goal(measure="sla", share=Decimal("0.90000"), by=manager, at=AT).pk == first.pk
        set_goal(measure="sla", share=Decimal("0.95"), by=manager, at=AT)
        assert {goal.share for goal in get_goals().values()} == {Decimal("0.9500")}
        set_goal(measure="sla", share=None, by=manager, at=AT)
        assert (get_goals(), LeadGoal.objects.count()) == ({}, 3)
        with pytest.raises(NotPermitted):
            set_goal(measure="sla", share=Decimal("0.5"), by=UserFactory(rep=True), at=AT)

    def test_a_comment_is_said_once_and_taken_back_by_who_said_it(self, marketer: User) -> None:
        rep = UserFactory(rep=True)
        said = add_comment(text="Webinar leads answer the phone", by=rep, at=AT)
        assert add_comment(text="Webinar leads answer the phone", by=rep, at=AT).pk == said.pk
        with pytest.raises(NotPermitted):
            remove_comment(comment_id=said.pk, by=marketer, at=AT)
        remove_comment(comment_id=said.pk, by=rep, at=AT)
        assert LeadComment.objects.get().removed_at == AT
        for odd in ODD:
            with pytest.raises(CommandRefused):
                add_comment(text=odd, by=rep, at=AT)
        with pytest.raises(NotPermitted):
            add_comment(text="Hello", by=UserFactory(contributor=True), at=AT)


@pytest.mark.django_db
class TestApi:
    def test_two_sides_agree(self, marketer: User, manager: User) -> None:
        made = Api(marketer).post("agreed-definitions/", {"term": "accepted", "text": "We called"})
        assert (made.status_code, made.json()["agreed_at"]) == (201, None)
        path = made["Location"]
        assert_problem(Api(manager).post(f"{path}agree/"), 428)
        assert_problem(Api(UserFactory(rep=True)).post(f"{path}agree/", if_match=made["ETag"]), 403)
        agreed = Api(manager).post(f"{path}agree/", if_match=made["ETag"])
        assert (agreed.json()["sales_by"], agreed.json()["version"]) == (str(manager.pk), 2)
        assert [row["text"] for row in Api(manager).get("agreed-definitions/?term=accepted").json()["results"]] == [
            "We called"
        ]

    @pytest.mark.parametrize("body", [{"term": 7, "text": []}, {"term": "accepted", "text": "\x00"}, {"text": "x"}])
    def test_odd_bodies(self, body: Any, marketer: User) -> None:
        assert Api(marketer).post("agreed-definitions/", body).status_code in (400, 422)

    def test_goals_and_comments(self, marketer: User) -> None:
        api, rep = Api(marketer), Api(UserFactory(rep=True))
        assert api.post("lead-goals/", {"measure": "mql-to-sql", "share": "0.3500"}).status_code == 201
        for share in ("1e400", "0", "2", "x", True):
            assert api.post("lead-goals/", {"measure": "sla", "share": share}).status_code in (400, 422)
        assert_problem(rep.post("lead-goals/", {"measure": "sla", "share": "0.5"}), 403)
        assert [goal["share"] for goal in rep.get("lead-goals/").json()["results"]] == ["0.3500"]

        said = rep.post("lead-comments/", {"text": "Fewer webinars"})
        assert_problem(api.delete(said["Location"]), 403)
        assert rep.delete(said["Location"]).status_code == 204
        assert rep.get("lead-comments/").json()["results"] == []
