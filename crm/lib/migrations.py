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
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]


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
    """Add a field that is not a key; the models it points to learn of it, and stay."""

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Add the field to the model's state, and to the rendered model alone."""
        field = self.field
        if not self.preserve_default:
            field = field.clone()
            field.default = NOT_PROVIDED
        state.models[app_label, self.model_name_lower].fields[self.name] = field
        state._relations = None
        if "apps" in state.__dict__:
            field.clone().contribute_to_class(state.apps.get_model(app_label, self.model_name), self.name)
            state.apps.clear_cache()
