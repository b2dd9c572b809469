import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddConstraint, AddField, AddIndex, AddTrigger, CreateModel, RemoveTrigger


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('scoring', '0005_audit_event_types'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModel(
            name='LeadKnown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateTimeField()),
                ('recorded_at', models.DateTimeField()),
                ('known', models.JSONField(default=dict)),
            ],
        ),
        CreateModel(
            name='ScoringGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decay_kind', models.CharField(blank=True, choices=[('none', 'none'), ('linear', 'linear'), ('half_life', 'half_life'), ('step', 'step'), ('window', 'window')], default='', max_length=10)),
                ('decay_days', models.PositiveSmallIntegerField(default=30)),
                ('decay_percent', models.PositiveSmallIntegerField(default=50)),
                ('decay_steps', models.JSONField(blank=True, default=list)),
                ('least', models.IntegerField(blank=True, null=True)),
                ('most', models.IntegerField(blank=True, null=True)),
                ('code', models.SlugField(max_length=100)),
                ('name', models.CharField(max_length=200)),
                ('part', models.CharField(choices=[('fit', 'fit'), ('behaviour', 'behaviour'), ('engagement', 'engagement')], max_length=10)),
                ('order', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['order', 'id'],
            },
        ),
        CreateModel(
            name='ScoringGroupAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('decay_kind', models.CharField(blank=True, choices=[('none', 'none'), ('linear', 'linear'), ('half_life', 'half_life'), ('step', 'step'), ('window', 'window')], default='', max_length=10)),
                ('decay_days', models.PositiveSmallIntegerField(default=30)),
                ('decay_percent', models.PositiveSmallIntegerField(default=50)),
                ('decay_steps', models.JSONField(blank=True, default=list)),
                ('least', models.IntegerField(blank=True, null=True)),
                ('most', models.IntegerField(blank=True, null=True)),
                ('code', models.SlugField(db_index=False, max_length=100)),
                ('name', models.CharField(max_length=200)),
                ('part', models.CharField(choices=[('fit', 'fit'), ('behaviour', 'behaviour'), ('engagement', 'engagement')], max_length=10)),
                ('order', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'abstract': False,
            },
        ),
        RemoveTrigger(
            model_name='crossing',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='crossing',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='crossing',
            name='delete_delete',
        ),
        RemoveTrigger(
            model_name='scoringmodel',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='scoringmodel',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='scoringmodel',
            name='delete_delete',
        ),
        RemoveTrigger(
            model_name='scoringrule',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='scoringrule',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='scoringrule',
            name='delete_delete',
        ),
        AddField(
            model_name='crossing',
            name='fast_track',
            field=models.BooleanField(default=False),
        ),
        AddField(
            model_name='crossingaudit',
            name='fast_track',
            field=models.BooleanField(default=False),
        ),
        AddField(
            model_name='leadevent',
            name='not_counted',
            field=models.CharField(blank=True, choices=[('bot', 'bot'), ('scanner', 'scanner')], db_default='', default='', max_length=10),
        ),
        AddField(
            model_name='scoringmodel',
            name='ceiling',
            field=models.IntegerField(blank=True, null=True),
        ),
        AddField(
            model_name='scoringmodel',
            name='fades_twice',
            field=models.BooleanField(default=False),
        ),
        AddField(
            model_name='scoringmodel',
            name='fit_limits',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), blank=True, default=list, size=3),
        ),
        AddField(
            model_name='scoringmodel',
            name='inactivity_mode',
            field=models.CharField(choices=[('each', 'each'), ('once', 'once')], default='each', max_length=4),
        ),
        AddField(
            model_name='scoringmodel',
            name='interest_limits',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), blank=True, default=list, size=3),
        ),
        AddField(
            model_name='scoringmodelaudit',
            name='ceiling',
            field=models.IntegerField(blank=True, null=True),
        ),
        AddField(
            model_name='scoringmodelaudit',
            name='fades_twice',
            field=models.BooleanField(default=False),
        ),
        AddField(
            model_name='scoringmodelaudit',
            name='fit_limits',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), blank=True, default=list, size=3),
        ),
        AddField(
            model_name='scoringmodelaudit',
            name='inactivity_mode',
            field=models.CharField(choices=[('each', 'each'), ('once', 'once')], default='each', max_length=4),
        ),
        AddField(
            model_name='scoringmodelaudit',
            name='interest_limits',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), blank=True, default=list, size=3),
        ),
        AddField(
            model_name='scoringrule',
            name='conditions',
            field=models.JSONField(blank=True, default=list),
        ),
        AddField(
            model_name='scoringrule',
            name='counting',
            field=models.CharField(choices=[('each', 'each'), ('first', 'first'), ('while', 'while')], default='each', max_length=5),
        ),
        AddField(
            model_name='scoringrule',
            name='decay_days',
            field=models.PositiveSmallIntegerField(default=30),
        ),
        AddField(
            model_name='scoringrule',
            name='decay_kind',
            field=models.CharField(blank=True, choices=[('none', 'none'), ('linear', 'linear'), ('half_life', 'half_life'), ('step', 'step'), ('window', 'window')], default='', max_length=10),
        ),
        AddField(
            model_name='scoringrule',
            name='decay_percent',
            field=models.PositiveSmallIntegerField(default=50),
        ),
        AddField(
            model_name='scoringrule',
            name='decay_steps',
            field=models.JSONField(blank=True, default=list),
        ),
        AddField(
            model_name='scoringrule',
            name='fast_track',
            field=models.BooleanField(default=False),
        ),
        AddField(
            model_name='scoringrule',
            name='least',
            field=models.IntegerField(blank=True, null=True),
        ),
        AddField(
            model_name='scoringrule',
            name='most',
            field=models.IntegerField(blank=True, null=True),
        ),
        AddField(
            model_name='scoringruleaudit',
            name='conditions',
            field=models.JSONField(blank=True, default=list),
        ),
        AddField(
            model_name='scoringruleaudit',
            name='counting',
            field=models.CharField(choices=[('each', 'each'), ('first', 'first'), ('while', 'while')], default='each', max_length=5),
        ),
        AddField(
            model_name='scoringruleaudit',
            name='decay_days',
            field=models.PositiveSmallIntegerField(default=30),
        ),
        AddField(
            model_name='scoringruleaudit',
            name='decay_kind',
            field=models.CharField(blank=True, choices=[('none', 'none'), ('linear', 'linear'), ('half_life', 'half_life'), ('step', 'step'), ('window', 'window')], default='', max_length=10),
        ),
        AddField(
            model_name='scoringruleaudit',
            name='decay_percent',
            field=models.PositiveSmallIntegerField(default=50),
        ),
        AddField(
            model_name='scoringruleaudit',
            name='decay_steps',
            field=models.JSONField(blank=True, default=list),
        ),
        AddField(
            model_name='scoringruleaudit',
            name='fast_track',
            field=models.BooleanField(default=False),
        ),
        AddField(
            model_name='scoringruleaudit',
            name='least',
            field=models.IntegerField(blank=True, null=True),
        ),
        AddField(
            model_name='scoringruleaudit',
            name='most',
            field=models.IntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='crossing',
            name='event',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='crossing', to='scoring.leadevent'),
        ),
        migrations.AlterField(
            model_name='crossing',
            name='score',
            field=models.FloatField(),
        ),
        migrations.AlterField(
            model_name='crossingaudit',
            name='event',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scoring.leadevent'),
        ),
        migrations.AlterField(
            model_name='crossingaudit',
            name='score',
            field=models.FloatField(),
        ),
        migrations.AlterField(
            model_name='leadscore',
            name='behaviour',
            field=models.FloatField(default=0),
        ),
        migrations.AlterField(
            model_name='leadscore',
            name='engagement',
            field=models.FloatField(default=0),
        ),
        migrations.AlterField(
            model_name='leadscore',
            name='fit',
            field=models.FloatField(default=0),
        ),
        migrations.AlterField(
            model_name='leadscore',
            name='inactivity',
            field=models.FloatField(default=0),
        ),
        migrations.AlterField(
            model_name='leadscore',
            name='score',
            field=models.FloatField(default=0),
        ),
        migrations.AlterField(
            model_name='scoringrule',
            name='event_types',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, size=None),
        ),
        migrations.AlterField(
            model_name='scoringruleaudit',
            name='event_types',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), blank=True, default=list, size=None),
        ),
        AddTrigger(
            model_name='crossing',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_crossingaudit" ("crossed_at", "event_id", "fast_track", "id", "known_id", "lead_id", "model_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "released_by_id", "score", "state", "waiting_reason") SELECT new_values."crossed_at", new_values."event_id", new_values."fast_track", new_values."id", new_values."known_id", new_values."lead_id", new_values."model_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."recorded_at", new_values."released_at", new_values."released_by_id", new_values."score", new_values."state", new_values."waiting_reason" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ffdfcf9dcc1a8420240942b62d9b309d804dc52d', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_8d193', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_crossing', when='AFTER')),
        ),
        AddTrigger(
            model_name='crossing',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_crossingaudit" ("crossed_at", "event_id", "fast_track", "id", "known_id", "lead_id", "model_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "released_by_id", "score", "state", "waiting_reason") SELECT new_values."crossed_at", new_values."event_id", new_values."fast_track", new_values."id", new_values."known_id", new_values."lead_id", new_values."model_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."recorded_at", new_values."released_at", new_values."released_by_id", new_values."score", new_values."state", new_values."waiting_reason" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='1d80e8506b238105c0bd7d2472d65b86e245117b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_3555c', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_crossing', when='AFTER')),
        ),
        AddTrigger(
            model_name='crossing',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_crossingaudit" ("crossed_at", "event_id", "fast_track", "id", "known_id", "lead_id", "model_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "released_at", "released_by_id", "score", "state", "waiting_reason") SELECT old_values."crossed_at", old_values."event_id", old_values."fast_track", old_values."id", old_values."known_id", old_values."lead_id", old_values."model_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."recorded_at", old_values."released_at", old_values."released_by_id", old_values."score", old_values."state", old_values."waiting_reason" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='19d49b72ccd529b99fff53f786fd764e685ff96a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_e6795', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_crossing', when='AFTER')),
        ),
        AddTrigger(
            model_name='scoringmodel',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scoringmodelaudit" ("ceiling", "created_at", "created_by_id", "fades_twice", "fit_limits", "floor", "id", "inactivity_days", "inactivity_mode", "inactivity_points", "interest_limits", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "rearm_margin", "reason", "retired_at", "state", "threshold", "version") SELECT new_values."ceiling", new_values."created_at", new_values."created_by_id", new_values."fades_twice", new_values."fit_limits", new_values."floor", new_values."id", new_values."inactivity_days", new_values."inactivity_mode", new_values."inactivity_points", new_values."interest_limits", new_values."number", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."published_at", new_values."published_by_id", new_values."rearm_margin", new_values."reason", new_values."retired_at", new_values."state", new_values."threshold", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='cbcc33aad2b7cb8e2f50a0396afc2b3f2258607f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_b790a', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_scoringmodel', when='AFTER')),
        ),
        AddTrigger(
            model_name='scoringmodel',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scoringmodelaudit" ("ceiling", "created_at", "created_by_id", "fades_twice", "fit_limits", "floor", "id", "inactivity_days", "inactivity_mode", "inactivity_points", "interest_limits", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "rearm_margin", "reason", "retired_at", "state", "threshold", "version") SELECT new_values."ceiling", new_values."created_at", new_values."created_by_id", new_values."fades_twice", new_values."fit_limits", new_values."floor", new_values."id", new_values."inactivity_days", new_values."inactivity_mode", new_values."inactivity_points", new_values."interest_limits", new_values."number", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."published_at", new_values."published_by_id", new_values."rearm_margin", new_values."reason", new_values."retired_at", new_values."state", new_values."threshold", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e1ef71823e1d98a7ed4e8c885adf05bb6e8e6f71', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_2839e', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_scoringmodel', when='AFTER')),
        ),
        AddTrigger(
            model_name='scoringmodel',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scoringmodelaudit" ("ceiling", "created_at", "created_by_id", "fades_twice", "fit_limits", "floor", "id", "inactivity_days", "inactivity_mode", "inactivity_points", "interest_limits", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "published_by_id", "rearm_margin", "reason", "retired_at", "state", "threshold", "version") SELECT old_values."ceiling", old_values."created_at", old_values."created_by_id", old_values."fades_twice", old_values."fit_limits", old_values."floor", old_values."id", old_values."inactivity_days", old_values."inactivity_mode", old_values."inactivity_points", old_values."interest_limits", old_values."number", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."published_at", old_values."published_by_id", old_values."rearm_margin", old_values."reason", old_values."retired_at", old_values."state", old_values."threshold", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='440de8ac92dfff0a4a367545c67d1f0cdcba67f7', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_9326e', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_scoringmodel', when='AFTER')),
        ),
        AddTrigger(
            model_name='scoringrule',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scoringruleaudit" ("cap_count", "cap_days", "code", "conditions", "counting", "decay_days", "decay_kind", "decay_percent", "decay_steps", "event_types", "fast_track", "group_id", "id", "least", "model_id", "most", "name", "order", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points") SELECT new_values."cap_count", new_values."cap_days", new_values."code", new_values."conditions", new_values."counting", new_values."decay_days", new_values."decay_kind", new_values."decay_percent", new_values."decay_steps", new_values."event_types", new_values."fast_track", new_values."group_id", new_values."id", new_values."least", new_values."model_id", new_values."most", new_values."name", new_values."order", new_values."part", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."points" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8c2f62d6cf90953c74909a8e8c6ea003e414a3bb', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_46d5f', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_scoringrule', when='AFTER')),
        ),
        AddTrigger(
            model_name='scoringrule',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scoringruleaudit" ("cap_count", "cap_days", "code", "conditions", "counting", "decay_days", "decay_kind", "decay_percent", "decay_steps", "event_types", "fast_track", "group_id", "id", "least", "model_id", "most", "name", "order", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points") SELECT new_values."cap_count", new_values."cap_days", new_values."code", new_values."conditions", new_values."counting", new_values."decay_days", new_values."decay_kind", new_values."decay_percent", new_values."decay_steps", new_values."event_types", new_values."fast_track", new_values."group_id", new_values."id", new_values."least", new_values."model_id", new_values."most", new_values."name", new_values."order", new_values."part", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."points" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='754076f0a60ef4e233cc087fc42f48b17e52d3cb', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_3d3ce', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_scoringrule', when='AFTER')),
        ),
        AddTrigger(
            model_name='scoringrule',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scoringruleaudit" ("cap_count", "cap_days", "code", "conditions", "counting", "decay_days", "decay_kind", "decay_percent", "decay_steps", "event_types", "fast_track", "group_id", "id", "least", "model_id", "most", "name", "order", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "points") SELECT old_values."cap_count", old_values."cap_days", old_values."code", old_values."conditions", old_values."counting", old_values."decay_days", old_values."decay_kind", old_values."decay_percent", old_values."decay_steps", old_values."event_types", old_values."fast_track", old_values."group_id", old_values."id", old_values."least", old_values."model_id", old_values."most", old_values."name", old_values."order", old_values."part", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."points" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e5d04210688b7449d6179628c9679fcf5c377864', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_fed56', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_scoringrule', when='AFTER')),
        ),
        AddField(
            model_name='leadknown',
            name='lead',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='known', to='scoring.lead'),
        ),
        AddField(
            model_name='crossing',
            name='known',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='crossing', to='scoring.leadknown'),
        ),
        AddField(
            model_name='crossingaudit',
            name='known',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scoring.leadknown'),
        ),
        AddConstraint(
            model_name='crossing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('event', None), ('known__isnull', False)), models.Q(('event__isnull', False), ('known', None)), _connector='OR'), name='crossing_by_one_cause'),
        ),
        AddField(
            model_name='scoringgroup',
            name='model',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='groups', to='scoring.scoringmodel'),
        ),
        AddField(
            model_name='scoringrule',
            name='group',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='rules', to='scoring.scoringgroup'),
        ),
        AddField(
            model_name='scoringruleaudit',
            name='group',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scoring.scoringgroup'),
        ),
        AddField(
            model_name='scoringgroupaudit',
            name='model',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='scoring.scoringmodel'),
        ),
        AddField(
            model_name='scoringgroupaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='scoringgroupaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='scoring.scoringgroup'),
        ),
        AddIndex(
            model_name='leadknown',
            index=models.Index(fields=['lead', 'valid_from', 'id'], name='lead_known_replay'),
        ),
        AddTrigger(
            model_name='leadknown',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(FALSE, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='16e5f5b68451da78a03ce2689a504651b5ddf7d0', operation='UPDATE', pgid='pgtrigger_never_changed_9d667', table='scoring_leadknown', when='BEFORE')),
        ),
        AddTrigger(
            model_name='leadknown',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(FALSE, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='ee3d3634cac3a217429fc0f630516216c6559389', operation='DELETE', pgid='pgtrigger_never_deleted_3d2d7', table='scoring_leadknown', when='BEFORE')),
        ),
        AddConstraint(
            model_name='scoringgroup',
            constraint=models.UniqueConstraint(fields=('model', 'code'), name='scoring_group_once'),
        ),
        AddTrigger(
            model_name='scoringgroup',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scoringgroupaudit" ("code", "decay_days", "decay_kind", "decay_percent", "decay_steps", "id", "least", "model_id", "most", "name", "order", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."code", new_values."decay_days", new_values."decay_kind", new_values."decay_percent", new_values."decay_steps", new_values."id", new_values."least", new_values."model_id", new_values."most", new_values."name", new_values."order", new_values."part", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8857a63f0d57473ab86a47c48af38e6a26de49b8', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_ecd39', referencing='REFERENCING NEW TABLE AS new_values ', table='scoring_scoringgroup', when='AFTER')),
        ),
        AddTrigger(
            model_name='scoringgroup',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scoringgroupaudit" ("code", "decay_days", "decay_kind", "decay_percent", "decay_steps", "id", "least", "model_id", "most", "name", "order", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."code", new_values."decay_days", new_values."decay_kind", new_values."decay_percent", new_values."decay_steps", new_values."id", new_values."least", new_values."model_id", new_values."most", new_values."name", new_values."order", new_values."part", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8624bd7d7feb6634ae565ba31ea1be47e90eb850', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_6f740', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='scoring_scoringgroup', when='AFTER')),
        ),
        AddTrigger(
            model_name='scoringgroup',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "scoring_scoringgroupaudit" ("code", "decay_days", "decay_kind", "decay_percent", "decay_steps", "id", "least", "model_id", "most", "name", "order", "part", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."code", old_values."decay_days", old_values."decay_kind", old_values."decay_percent", old_values."decay_steps", old_values."id", old_values."least", old_values."model_id", old_values."most", old_values."name", old_values."order", old_values."part", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='cd558f7e4af717093b09f61e44a9bb25dfcaa1b6', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_c6fb7', referencing='REFERENCING OLD TABLE AS old_values ', table='scoring_scoringgroup', when='AFTER')),
        ),
        AddTrigger(
            model_name='scoringgroupaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3c8cfa120121e2325ff90782267ce6af3bdf1d1c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_25376', table='scoring_scoringgroupaudit', when='BEFORE')),
        ),
    ]
