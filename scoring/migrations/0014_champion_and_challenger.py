import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddField, AddTrigger, CreateModel


class Migration(migrations.Migration):
    """A second version of the rules is tried on a share of the leads."""

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("scoring", "0013_events_that_wait_to_be_confirmed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModel(
            name="Challenge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("percent", models.PositiveSmallIntegerField()),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("qualified_of_assigned", "qualified_of_assigned"),
                            ("qualified_of_handed_over", "qualified_of_handed_over"),
                        ],
                        max_length=30,
                    ),
                ),
                ("minimum", models.PositiveIntegerField()),
                ("seed", models.CharField(max_length=32)),
                ("reason", models.CharField(max_length=500)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_as",
                    models.CharField(
                        blank=True, choices=[("kept", "kept"), ("replaced", "replaced")], default="", max_length=10
                    ),
                ),
                ("end_reason", models.CharField(blank=True, default="", max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
        ),
        CreateModel(
            name="ChallengeAudit",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("percent", models.PositiveSmallIntegerField()),
                (
                    "metric",
                    models.CharField(
                        choices=[
                            ("qualified_of_assigned", "qualified_of_assigned"),
                            ("qualified_of_handed_over", "qualified_of_handed_over"),
                        ],
                        max_length=30,
                    ),
                ),
                ("minimum", models.PositiveIntegerField()),
                ("seed", models.CharField(max_length=32)),
                ("reason", models.CharField(max_length=500)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "ended_as",
                    models.CharField(
                        blank=True, choices=[("kept", "kept"), ("replaced", "replaced")], default="", max_length=10
                    ),
                ),
                ("end_reason", models.CharField(blank=True, default="", max_length=500)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "abstract": False,
            },
        ),
        CreateModel(
            name="ChallengeLead",
            fields=[
                (
                    "lead",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="challenge",
                        serialize=False,
                        to="scoring.lead",
                    ),
                ),
                ("is_challenger", models.BooleanField()),
                ("assigned_at", models.DateTimeField()),
            ],
        ),
        migrations.AlterField(
            model_name="scoringmodel",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("challenger", "challenger"),
                    ("published", "published"),
                    ("retired", "retired"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="scoringmodelaudit",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("challenger", "challenger"),
                    ("published", "published"),
                    ("retired", "retired"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="scoringmodel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "challenger")), fields=("state",), name="scoring_model_one_challenger"
            ),
        ),
        AddField(
            model_name="challenge",
            name="challenger",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="challenge", to="scoring.scoringmodel"
            ),
        ),
        AddField(
            model_name="challenge",
            name="champion",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scoring.scoringmodel"
            ),
        ),
        AddField(
            model_name="challenge",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        AddField(
            model_name="challenge",
            name="started_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        AddField(
            model_name="challengeaudit",
            name="challenger",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="scoring.scoringmodel",
            ),
        ),
        AddField(
            model_name="challengeaudit",
            name="champion",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="scoring.scoringmodel",
            ),
        ),
        AddField(
            model_name="challengeaudit",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        AddField(
            model_name="challengeaudit",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        AddField(
            model_name="challengeaudit",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="audit",
                to="scoring.challenge",
            ),
        ),
        AddField(
            model_name="challengeaudit",
            name="started_by",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        AddField(
            model_name="challengelead",
            name="challenge",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="leads", to="scoring.challenge"
            ),
        ),
        migrations.AddConstraint(
            model_name="challenge",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("ended_as",), name="challenge_one_runs"
            ),
        ),
        migrations.AddConstraint(
            model_name="challenge",
            constraint=models.CheckConstraint(
                condition=models.Q(("minimum__gt", 0), ("percent__range", (1, 99))), name="challenge_makes_sense"
            ),
        ),
        migrations.AddConstraint(
            model_name="challenge",
            constraint=models.CheckConstraint(
                condition=models.Q(("champion", models.F("challenger")), _negated=True), name="challenge_of_two"
            ),
        ),
        migrations.AddConstraint(
            model_name="challenge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_as", ""), ("ended_at", None)),
                    models.Q(("ended_at__isnull", False), models.Q(("ended_as", ""), _negated=True)),
                    _connector="OR",
                ),
                name="challenge_end_has_moment",
            ),
        ),
        AddTrigger(
            model_name="challenge",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_challengeaudit" ("challenger_id", "champion_id", "end_reason", "ended_as", "ended_at", "ended_by_id", "id", "metric", "minimum", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "seed", "started_at", "started_by_id", "version") SELECT new_values."challenger_id", new_values."champion_id", new_values."end_reason", new_values."ended_as", new_values."ended_at", new_values."ended_by_id", new_values."id", new_values."metric", new_values."minimum", new_values."percent", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."seed", new_values."started_at", new_values."started_by_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="19ef62cb4c1c601c55cd54ab9ecbaa2903ec0188",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_fcdc8",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="scoring_challenge",
                    when="AFTER",
                ),
            ),
        ),
        AddTrigger(
            model_name="challenge",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_challengeaudit" ("challenger_id", "champion_id", "end_reason", "ended_as", "ended_at", "ended_by_id", "id", "metric", "minimum", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "seed", "started_at", "started_by_id", "version") SELECT new_values."challenger_id", new_values."champion_id", new_values."end_reason", new_values."ended_as", new_values."ended_at", new_values."ended_by_id", new_values."id", new_values."metric", new_values."minimum", new_values."percent", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."seed", new_values."started_at", new_values."started_by_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                    hash="48cf69fb32d7878d53f3e8637272b858706f48c8",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_9ee53",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="scoring_challenge",
                    when="AFTER",
                ),
            ),
        ),
        AddTrigger(
            model_name="challenge",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_challengeaudit" ("challenger_id", "champion_id", "end_reason", "ended_as", "ended_at", "ended_by_id", "id", "metric", "minimum", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "seed", "started_at", "started_by_id", "version") SELECT old_values."challenger_id", old_values."champion_id", old_values."end_reason", old_values."ended_as", old_values."ended_at", old_values."ended_by_id", old_values."id", old_values."metric", old_values."minimum", old_values."percent", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."seed", old_values."started_at", old_values."started_by_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="1544e3bad67fe8b994612b5a750255fdeb247fb7",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8d75b",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="scoring_challenge",
                    when="AFTER",
                ),
            ),
        ),
        AddTrigger(
            model_name="challengeaudit",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="433dd43b65eb18e76b2395466f6c8b193ad371c0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_4f5ed",
                    table="scoring_challengeaudit",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="challengelead",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT COALESCE(FALSE, FALSE))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="48a119dfb682679bb6e637dc3a600a4fd1fc7e14",
                    operation="UPDATE",
                    pgid="pgtrigger_never_changed_396de",
                    table="scoring_challengelead",
                    when="BEFORE",
                ),
            ),
        ),
        AddTrigger(
            model_name="challengelead",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT COALESCE(FALSE, FALSE))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="d6deae10fd1ac1cb738562c14ba77e2dddca20be",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_4909d",
                    table="scoring_challengelead",
                    when="BEFORE",
                ),
            ),
        ),
    ]
