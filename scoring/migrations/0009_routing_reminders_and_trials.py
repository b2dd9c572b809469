import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddConstraint, AddField, AddIndex, AddTrigger, CreateModel, RemoveTrigger


class Migration(migrations.Migration):
    """By what leads find their rep, who was told of deadlines, when leads come again, and which are offered to try."""

    dependencies = [
        ('crm', '0011_holidays_and_absences'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('scoring', '0008_rules_behind_a_crossing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModel(
            name='HandoffNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reminder', 'reminder'), ('escalation', 'escalation')], max_length=10)),
                ('assigned_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
            ],
        ),
        CreateModel(
            name='HandoffTerms',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('answer_minutes', models.PositiveSmallIntegerField(default=240)),
                ('remind_minutes', models.PositiveSmallIntegerField(default=60)),
                ('trial_percent', models.PositiveSmallIntegerField(default=10)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
        ),
        CreateModel(
            name='HandoffTermsAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.SmallIntegerField(default=1, serialize=False)),
                ('answer_minutes', models.PositiveSmallIntegerField(default=240)),
                ('remind_minutes', models.PositiveSmallIntegerField(default=60)),
                ('trial_percent', models.PositiveSmallIntegerField(default=10)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='RepShare',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='lead_share', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('capacity', models.PositiveSmallIntegerField(default=1)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, size=None)),
            ],
        ),
        CreateModel(
            name='RepShareAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('capacity', models.PositiveSmallIntegerField(default=1)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, size=None)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='Territory',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('external_id', models.CharField(blank=True, max_length=200, null=True, unique=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('name', models.CharField(max_length=100)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('countries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, size=None)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, size=None)),
                ('industries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, size=None)),
            ],
            options={
                'ordering': ['order', 'id'],
            },
        ),
        CreateModel(
            name='TerritoryAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('external_id', models.CharField(blank=True, max_length=200, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(blank=True, null=True)),
                ('name', models.CharField(max_length=100)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('countries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, default=list, size=None)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, size=None)),
                ('industries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, size=None)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='Trial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.FloatField()),
                ('drawn_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, choices=[('taken', 'taken'), ('passed', 'passed'), ('ended', 'ended')], default='', max_length=10)),
            ],
        ),
        CreateModel(
            name='TrialAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('score', models.FloatField()),
                ('drawn_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, choices=[('taken', 'taken'), ('passed', 'passed'), ('ended', 'ended')], default='', max_length=10)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='TrialWeek',
            fields=[
                ('week_on', models.DateField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('percent', models.PositiveSmallIntegerField()),
                ('eligible', models.PositiveIntegerField(default=0)),
                ('drawn', models.PositiveIntegerField(default=0)),
            ],
        ),
        RemoveTrigger(
            model_name='handoff',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='handoff',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='handoff',
            name='delete_delete',
        ),
        AddField(
            model_name='handoff',
            name='recycle_on',
            field=models.DateField(blank=True, null=True),
        ),
        AddField(
            model_name='handoff',
            name='recycled_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='handoff',
            name='remind_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='handoff',
            name='routed_by',
            field=models.CharField(blank=True, choices=[('account_owner', 'account_owner'), ('lead_owner', 'lead_owner'), ('territory', 'territory'), ('turn', 'turn'), ('person', 'person')], default='', max_length=14),
        ),
        AddField(
            model_name='handoffaudit',
            name='recycle_on',
            field=models.DateField(blank=True, null=True),
        ),
        AddField(
            model_name='handoffaudit',
            name='recycled_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='handoffaudit',
            name='remind_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='handoffaudit',
            name='routed_by',
            field=models.CharField(blank=True, choices=[('account_owner', 'account_owner'), ('lead_owner', 'lead_owner'), ('territory', 'territory'), ('turn', 'turn'), ('person', 'person')], default='', max_length=14),
        ),
        AddTrigger(
            model_name='handoff',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_handoffaudit" ("answer", "answered_at", "answered_by_id", "assigned_at", "created_at", "crossing_id", "due_at", "id", "lead_id", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_id", "recycle_on", "recycled_at", "remind_at", "routed_by", "territory_id", "version") SELECT new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."assigned_at", new_values."created_at", new_values."crossing_id", new_values."due_at", new_values."id", new_values."lead_id", new_values."note", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason_id", new_values."recycle_on", new_values."recycled_at", new_values."remind_at", new_values."routed_by", new_values."territory_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='2877327bfd22ca62d6ff09620c1f26265b109152', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_2e868', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_handoff', when='AFTER')),
        ),
        AddTrigger(
            model_name='handoff',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_handoffaudit" ("answer", "answered_at", "answered_by_id", "assigned_at", "created_at", "crossing_id", "due_at", "id", "lead_id", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_id", "recycle_on", "recycled_at", "remind_at", "routed_by", "territory_id", "version") SELECT new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."assigned_at", new_values."created_at", new_values."crossing_id", new_values."due_at", new_values."id", new_values."lead_id", new_values."note", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason_id", new_values."recycle_on", new_values."recycled_at", new_values."remind_at", new_values."routed_by", new_values."territory_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='de7b4e90f09aef240174223e2884866d1f34ceee', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_6b37e', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_handoff', when='AFTER')),
        ),
        AddTrigger(
            model_name='handoff',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_handoffaudit" ("answer", "answered_at", "answered_by_id", "assigned_at", "created_at", "crossing_id", "due_at", "id", "lead_id", "note", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason_id", "recycle_on", "recycled_at", "remind_at", "routed_by", "territory_id", "version") SELECT old_values."answer", old_values."answered_at", old_values."answered_by_id", old_values."assigned_at", old_values."created_at", old_values."crossing_id", old_values."due_at", old_values."id", old_values."lead_id", old_values."note", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason_id", old_values."recycle_on", old_values."recycled_at", old_values."remind_at", old_values."routed_by", old_values."territory_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='a36e30adf44f23ecced401f11d88df92076cbb8a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_5dbef', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_handoff', when='AFTER')),
        ),
        AddField(
            model_name='handoffnotice',
            name='handoff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='scoring.handoff'),
        ),
        AddField(
            model_name='handoffnotice',
            name='to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddConstraint(
            model_name='handoffterms',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='handoff_terms_are_one'),
        ),
        AddConstraint(
            model_name='handoffterms',
            constraint=models.CheckConstraint(condition=models.Q(('answer_minutes__range', (15, 4800)), ('remind_minutes__lt', models.F('answer_minutes')), ('trial_percent__lte', 50)), name='handoff_terms_make_sense'),
        ),
        AddTrigger(
            model_name='handoffterms',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_handofftermsaudit" ("answer_minutes", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_minutes", "trial_percent", "version") SELECT new_values."answer_minutes", new_values."id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."remind_minutes", new_values."trial_percent", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='5f5f5c08d66c56da5ed88230d63f3f8607133437', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_044cf', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_handoffterms', when='AFTER')),
        ),
        AddTrigger(
            model_name='handoffterms',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_handofftermsaudit" ("answer_minutes", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_minutes", "trial_percent", "version") SELECT new_values."answer_minutes", new_values."id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."remind_minutes", new_values."trial_percent", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e41d5bf9dbfcb681c8b69bdf32208d844296152d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_2dade', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_handoffterms', when='AFTER')),
        ),
        AddTrigger(
            model_name='handoffterms',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_handofftermsaudit" ("answer_minutes", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "remind_minutes", "trial_percent", "version") SELECT old_values."answer_minutes", old_values."id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."remind_minutes", old_values."trial_percent", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='6cea06cbc3338c01abfe412b356f688edb537f03', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_2f978', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_handoffterms', when='AFTER')),
        ),
        AddField(
            model_name='handofftermsaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='handofftermsaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='scoring.handoffterms'),
        ),
        AddConstraint(
            model_name='repshare',
            constraint=models.CheckConstraint(condition=models.Q(('capacity__lte', 10)), name='rep_share_at_most'),
        ),
        AddTrigger(
            model_name='repshare',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_repshareaudit" ("capacity", "languages", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT new_values."capacity", new_values."languages", _pgh_attached_context.value, NOW(), \'insert\', new_values."user_id", new_values."user_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='857f71fc48ab00d4a4a58b5c55a8181efac065a8', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_122a6', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_repshare', when='AFTER')),
        ),
        AddTrigger(
            model_name='repshare',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_repshareaudit" ("capacity", "languages", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT new_values."capacity", new_values."languages", _pgh_attached_context.value, NOW(), \'update\', new_values."user_id", new_values."user_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."user_id") = (new_values."user_id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ece796cd1d47eb93a79e55a9b5df96fb42fab357', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_3732d', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_repshare', when='AFTER')),
        ),
        AddTrigger(
            model_name='repshare',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_repshareaudit" ("capacity", "languages", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "user_id") SELECT old_values."capacity", old_values."languages", _pgh_attached_context.value, NOW(), \'delete\', old_values."user_id", old_values."user_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='878ccdc83366ee1fde383ade8249dfa360823a08', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_4aa51', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_repshare', when='AFTER')),
        ),
        AddField(
            model_name='repshareaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='repshareaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='scoring.repshare'),
        ),
        AddField(
            model_name='repshareaudit',
            name='user',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', serialize=False, to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='territory',
            name='rep',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='territories', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='territory',
            name='team',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='territories', to='crm.team'),
        ),
        AddField(
            model_name='handoff',
            name='territory',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.territory'),
        ),
        AddField(
            model_name='handoffaudit',
            name='territory',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scoring.territory'),
        ),
        AddIndex(
            model_name='handoff',
            index=models.Index(condition=models.Q(('recycle_on__isnull', False), ('recycled_at', None)), fields=['recycle_on'], name='handoff_to_recycle'),
        ),
        AddField(
            model_name='territoryaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='territoryaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='scoring.territory'),
        ),
        AddField(
            model_name='territoryaudit',
            name='rep',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='territoryaudit',
            name='team',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.team'),
        ),
        AddField(
            model_name='trial',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='trial',
            name='lead',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trials', to='scoring.lead'),
        ),
        AddField(
            model_name='trial',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trials', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='trialaudit',
            name='answered_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='trialaudit',
            name='lead',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scoring.lead'),
        ),
        AddField(
            model_name='trialaudit',
            name='owner',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='trialaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='trialaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='scoring.trial'),
        ),
        AddField(
            model_name='trialaudit',
            name='week',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scoring.trialweek'),
        ),
        AddField(
            model_name='trial',
            name='week',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='trials', to='scoring.trialweek'),
        ),
        AddConstraint(
            model_name='handoffnotice',
            constraint=models.UniqueConstraint(fields=('handoff', 'kind', 'assigned_at'), name='handoff_notice_once'),
        ),
        AddTrigger(
            model_name='handofftermsaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='583248ddb84fa623b84a3b81017e4ecd98574b54', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_754f7', table='scoring_handofftermsaudit', when='BEFORE')),
        ),
        AddTrigger(
            model_name='repshareaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b8a0227b469ac7ba97f0c0a1247356cfd1894bd1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_cf5d4', table='scoring_repshareaudit', when='BEFORE')),
        ),
        AddConstraint(
            model_name='territory',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rep__isnull', False), ('team', None)), models.Q(('rep', None), ('team__isnull', False)), _connector='OR'), name='territory_of_one'),
        ),
        AddConstraint(
            model_name='territory',
            constraint=models.UniqueConstraint(condition=models.Q(('archived_at', None)), fields=('name',), name='territory_name_once'),
        ),
        AddTrigger(
            model_name='territory',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_territoryaudit" ("archived_at", "countries", "created_at", "external_id", "id", "industries", "languages", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "rep_id", "team_id", "version") SELECT new_values."archived_at", new_values."countries", new_values."created_at", new_values."external_id", new_values."id", new_values."industries", new_values."languages", new_values."name", new_values."order", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."recorded_at", new_values."rep_id", new_values."team_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c360aae2894c18a8982b5f1f180c74e974253824', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_2f2d8', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_territory', when='AFTER')),
        ),
        AddTrigger(
            model_name='territory',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_territoryaudit" ("archived_at", "countries", "created_at", "external_id", "id", "industries", "languages", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "rep_id", "team_id", "version") SELECT new_values."archived_at", new_values."countries", new_values."created_at", new_values."external_id", new_values."id", new_values."industries", new_values."languages", new_values."name", new_values."order", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."recorded_at", new_values."rep_id", new_values."team_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='882e9761e485059ab602625b7a149835451ca67a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_d4ca3', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_territory', when='AFTER')),
        ),
        AddTrigger(
            model_name='territory',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_territoryaudit" ("archived_at", "countries", "created_at", "external_id", "id", "industries", "languages", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "rep_id", "team_id", "version") SELECT old_values."archived_at", old_values."countries", old_values."created_at", old_values."external_id", old_values."id", old_values."industries", old_values."languages", old_values."name", old_values."order", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."recorded_at", old_values."rep_id", old_values."team_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='fe2e091800bb2c410853ac1b8f067cc5284c8b67', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_1c245', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_territory', when='AFTER')),
        ),
        AddTrigger(
            model_name='territoryaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2ee8a4528d9f46e1099618ef4c4461fbc0e70142', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ed060', table='scoring_territoryaudit', when='BEFORE')),
        ),
        AddTrigger(
            model_name='trialaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e24349dd75325d7a0a4ed6ee79cc6215f22f07a1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1a46c', table='scoring_trialaudit', when='BEFORE')),
        ),
        AddIndex(
            model_name='trial',
            index=models.Index(condition=models.Q(('answered_at', None)), fields=['owner'], name='trial_open'),
        ),
        AddConstraint(
            model_name='trial',
            constraint=models.UniqueConstraint(fields=('week', 'lead'), name='trial_once_a_week'),
        ),
        AddConstraint(
            model_name='trial',
            constraint=models.UniqueConstraint(condition=models.Q(('answered_at', None)), fields=('lead',), name='trial_one_open'),
        ),
        AddTrigger(
            model_name='trial',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_trialaudit" ("answer", "answered_at", "answered_by_id", "drawn_at", "id", "lead_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "score", "week_id") SELECT new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."drawn_at", new_values."id", new_values."lead_id", new_values."owner_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."score", new_values."week_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d760650bc97118a522ca4cf1cc3d18343886ec9c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_54770', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_trial', when='AFTER')),
        ),
        AddTrigger(
            model_name='trial',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_trialaudit" ("answer", "answered_at", "answered_by_id", "drawn_at", "id", "lead_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "score", "week_id") SELECT new_values."answer", new_values."answered_at", new_values."answered_by_id", new_values."drawn_at", new_values."id", new_values."lead_id", new_values."owner_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."score", new_values."week_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='51877cf327593e541056c8e01344308d0c6c7e73', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_c5522', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_trial', when='AFTER')),
        ),
        AddTrigger(
            model_name='trial',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_trialaudit" ("answer", "answered_at", "answered_by_id", "drawn_at", "id", "lead_id", "owner_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "score", "week_id") SELECT old_values."answer", old_values."answered_at", old_values."answered_by_id", old_values."drawn_at", old_values."id", old_values."lead_id", old_values."owner_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."score", old_values."week_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='a650035c077406d5360a8547e83bf2d0604a0bb1', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_0a740', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_trial', when='AFTER')),
        ),
    ]
