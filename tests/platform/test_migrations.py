"""The operations of ours that render no model anew: states stay whole, whatever had run before."""

import pytest
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from crm.lib.migrations import AddField, CreateModel

KEY = [("id", models.BigAutoField(primary_key=True))]


@pytest.mark.parametrize("had_run_before", [False, True])
def test_a_key_finds_what_was_made_since(had_run_before: bool) -> None:
    state = ProjectState()
    state.add_model(ModelState("crm", "OldOne", KEY))
    assert state.apps.get_model("crm", "oldone")
    if had_run_before:
        state = state.clone()  # as `migrate` does with the state before it
    CreateModel("NewOne", KEY).state_forwards("crm", state)
    key = models.ForeignKey("crm.newone", models.CASCADE, null=True)
    AddField("oldone", "new_one", key).state_forwards("crm", state)
    new_one = state.apps.get_model("crm", "newone")
    assert state.apps.get_model("crm", "oldone")._meta.get_field("new_one").related_model is new_one
    assert [relation.name for relation in new_one._meta.related_objects] == ["oldone"]
