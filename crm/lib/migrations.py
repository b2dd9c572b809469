"""What migrations of ours use instead of operations that take too long.

Django renders every model related to one that changes anew, and ours are all related: with an audit table beside each,
that is nearly all the time a first migration takes. What only adds can be added to the models as they are rendered.
"""

from typing import Any

import pgtrigger.migrations
from django.db import migrations
from django.db.migrations.state import ModelState
from django.db.models.fields import NOT_PROVIDED


class AddTrigger(pgtrigger.migrations.AddTrigger):
    """Add a trigger, which changes no model."""

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Note the trigger in the model's state."""
        _add(state, app_label, self.model_name, triggers=self.trigger)


class RemoveTrigger(pgtrigger.migrations.RemoveTrigger):
    """Remove a trigger, which changes no model."""

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Strike the trigger from the model's state."""
        _remove(state, app_label, self.model_name, triggers=self.name)


class AddConstraint(migrations.AddConstraint):
    """Add a constraint, of which a rendered model need not know."""

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Note the constraint in the model's state."""
        _add(state, app_label, self.model_name, constraints=self.constraint)


class AddIndex(migrations.AddIndex):
    """Add an index, of which a rendered model need not know."""

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Note the index in the model's state."""
        _add(state, app_label, self.model_name, indexes=self.index)


class RemoveIndex(migrations.RemoveIndex):
    """Remove an index, of which a rendered model need not know."""

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Strike the index from the model's state."""
        _remove(state, app_label, self.model_name, indexes=self.name)


class CreateModel(migrations.CreateModel):
    """Create a model; the ones it points to learn of it, and stay."""

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Add the model to the state, and to the rendered models alone."""
        model = ModelState(
            app_label,
            self.name,
            list(self.fields),
            dict(self.options),
            tuple(self.bases or ()),
            list(self.managers or ()),
        )
        state.models[app_label, model.name_lower] = model
        state._relations = None  # found out again when asked for
        if "apps" in state.__dict__:
            state.apps.render_multiple([model])


class AddField(migrations.AddField):
    """Add a field; the models a key points to learn of it, and stay."""

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Add the field to the model's state, and to the rendered model alone.

        Where some migrations had run before, models were rendered for another state: a key would look there for what
        was made since, so Django renders them anew.
        """
        model = state.apps.get_model(app_label, self.model_name) if "apps" in state.__dict__ else None
        if model is not None and self.field.is_relation and model._meta.apps is not state.apps:
            super().state_forwards(app_label, state)
            return
        field = self.field
        if not self.preserve_default:
            field = field.clone()
            field.default = NOT_PROVIDED
        state.models[app_label, self.model_name_lower].fields[self.name] = field
        state._relations = None
        if model is not None:
            field.clone().contribute_to_class(model, self.name)
            state.apps.clear_cache()


def _add(state: Any, app_label: str, model_name: str, **added: Any) -> None:
    options = state.models[app_label, model_name.lower()].options
    for option, each in added.items():
        options[option] = [*options.get(option, []), each]


def _remove(state: Any, app_label: str, model_name: str, **removed: Any) -> None:
    options = state.models[app_label, model_name.lower()].options
    for option, name in removed.items():
        options[option] = [each for each in options.get(option, []) if each.name != name]
