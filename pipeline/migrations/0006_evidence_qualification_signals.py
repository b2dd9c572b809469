import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddConstraint, AddField, AddIndex, AddTrigger, CreateModel, RemoveTrigger


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0005_meetings_are_not_rewritten'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pipeline', '0005_deals_past_is_not_rewritten'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('element', models.CharField(choices=[('budget', 'budget'), ('authority', 'authority'), ('need', 'need'), ('timing', 'timing'), ('competition', 'competition'), ('decision_process', 'decision_process'), ('compelling_event', 'compelling_event'), ('problem_confirmed', 'problem_confirmed'), ('criteria_agreed', 'criteria_agreed'), ('stakeholders_known', 'stakeholders_known'), ('budget_and_timeline_set', 'budget_and_timeline_set'), ('champion_sells', 'champion_sells'), ('champion_shares', 'champion_shares'), ('champion_coaches', 'champion_coaches'), ('executive_knows_project', 'executive_knows_project'), ('executive_knows_problem', 'executive_knows_problem'), ('executive_backs', 'executive_backs'), ('driver_justified', 'driver_justified'), ('driver_co_built', 'driver_co_built'), ('driver_in_their_terms', 'driver_in_their_terms')], max_length=30)),
                ('level', models.PositiveSmallIntegerField(choices=[(0, 'UNKNOWN'), (1, 'ASSUMED'), (2, 'TOLD'), (3, 'CONFIRMED')])),
                ('said_on', models.DateField()),
                ('note', models.CharField(blank=True, default='', max_length=1000)),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        CreateModel(
            name='RestartPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(max_length=1000)),
                ('at', models.DateTimeField()),
            ],
        ),
        CreateModel(
            name='RestartPlanAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('note', models.CharField(max_length=1000)),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='Signal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('no_next_step', 'no_next_step'), ('step_overdue', 'step_overdue'), ('stuck', 'stuck'), ('never_started', 'never_started'), ('close_date_passed', 'close_date_passed'), ('close_date_pushed', 'close_date_pushed'), ('criteria_missing', 'criteria_missing'), ('no_decision_maker', 'no_decision_maker'), ('single_contact', 'single_contact'), ('quiet', 'quiet'), ('amount_dropped', 'amount_dropped'), ('margin_low', 'margin_low'), ('busy_not_moving', 'busy_not_moving')], max_length=30)),
                ('severity', models.PositiveSmallIntegerField(choices=[(1, 'NOTE'), (2, 'WARN'), (3, 'BAD')])),
                ('since', models.DateField(blank=True, null=True)),
                ('detail', models.JSONField(blank=True, default=dict)),
            ],
        ),
        CreateModel(
            name='SignalLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('no_next_step', 'no_next_step'), ('step_overdue', 'step_overdue'), ('stuck', 'stuck'), ('never_started', 'never_started'), ('close_date_passed', 'close_date_passed'), ('close_date_pushed', 'close_date_pushed'), ('criteria_missing', 'criteria_missing'), ('no_decision_maker', 'no_decision_maker'), ('single_contact', 'single_contact'), ('quiet', 'quiet'), ('amount_dropped', 'amount_dropped'), ('margin_low', 'margin_low'), ('busy_not_moving', 'busy_not_moving')], max_length=30)),
                ('limit', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('is_on', models.BooleanField(default=True)),
            ],
        ),
        CreateModel(
            name='SignalLimitAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(choices=[('no_next_step', 'no_next_step'), ('step_overdue', 'step_overdue'), ('stuck', 'stuck'), ('never_started', 'never_started'), ('close_date_passed', 'close_date_passed'), ('close_date_pushed', 'close_date_pushed'), ('criteria_missing', 'criteria_missing'), ('no_decision_maker', 'no_decision_maker'), ('single_contact', 'single_contact'), ('quiet', 'quiet'), ('amount_dropped', 'amount_dropped'), ('margin_low', 'margin_low'), ('busy_not_moving', 'busy_not_moving')], max_length=30)),
                ('limit', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('is_on', models.BooleanField(default=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='SignalSnooze',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('no_next_step', 'no_next_step'), ('step_overdue', 'step_overdue'), ('stuck', 'stuck'), ('never_started', 'never_started'), ('close_date_passed', 'close_date_passed'), ('close_date_pushed', 'close_date_pushed'), ('criteria_missing', 'criteria_missing'), ('no_decision_maker', 'no_decision_maker'), ('single_contact', 'single_contact'), ('quiet', 'quiet'), ('amount_dropped', 'amount_dropped'), ('margin_low', 'margin_low'), ('busy_not_moving', 'busy_not_moving')], max_length=30)),
                ('until', models.DateField()),
                ('reason', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        CreateModel(
            name='SignalSnoozeAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('code', models.CharField(choices=[('no_next_step', 'no_next_step'), ('step_overdue', 'step_overdue'), ('stuck', 'stuck'), ('never_started', 'never_started'), ('close_date_passed', 'close_date_passed'), ('close_date_pushed', 'close_date_pushed'), ('criteria_missing', 'criteria_missing'), ('no_decision_maker', 'no_decision_maker'), ('single_contact', 'single_contact'), ('quiet', 'quiet'), ('amount_dropped', 'amount_dropped'), ('margin_low', 'margin_low'), ('busy_not_moving', 'busy_not_moving')], max_length=30)),
                ('until', models.DateField()),
                ('reason', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='Stage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['setpoint', 'order', 'id'],
            },
        ),
        CreateModel(
            name='StageAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=100)),
                ('order', models.PositiveSmallIntegerField(default=0)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        RemoveTrigger(
            model_name='opportunity',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='opportunity',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='opportunity',
            name='delete_delete',
        ),
        RemoveTrigger(
            model_name='setpoint',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='setpoint',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='setpoint',
            name='delete_delete',
        ),
        RemoveTrigger(
            model_name='stakeholder',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='stakeholder',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='stakeholder',
            name='delete_delete',
        ),
        AddField(
            model_name='criterionversion',
            name='deal_types',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None),
        ),
        AddField(
            model_name='opportunity',
            name='evidenced_setpoint',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pipeline.setpoint'),
        ),
        AddField(
            model_name='opportunity',
            name='go_live_on',
            field=models.DateField(blank=True, null=True),
        ),
        AddField(
            model_name='opportunity',
            name='pause_reason',
            field=models.CharField(blank=True, default='', max_length=300),
        ),
        AddField(
            model_name='opportunity',
            name='paused_until',
            field=models.DateField(blank=True, null=True),
        ),
        AddField(
            model_name='opportunity',
            name='required_results',
            field=models.CharField(blank=True, default='', max_length=1000),
        ),
        AddField(
            model_name='opportunity',
            name='severity',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        AddField(
            model_name='opportunityaudit',
            name='go_live_on',
            field=models.DateField(blank=True, null=True),
        ),
        AddField(
            model_name='opportunityaudit',
            name='pause_reason',
            field=models.CharField(blank=True, default='', max_length=300),
        ),
        AddField(
            model_name='opportunityaudit',
            name='paused_until',
            field=models.DateField(blank=True, null=True),
        ),
        AddField(
            model_name='opportunityaudit',
            name='required_results',
            field=models.CharField(blank=True, default='', max_length=1000),
        ),
        AddField(
            model_name='setpoint',
            name='guidance',
            field=models.CharField(blank=True, default='', max_length=1000),
        ),
        AddField(
            model_name='setpoint',
            name='key_fields',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, size=5),
        ),
        AddField(
            model_name='setpointaudit',
            name='guidance',
            field=models.CharField(blank=True, default='', max_length=1000),
        ),
        AddField(
            model_name='setpointaudit',
            name='key_fields',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, size=5),
        ),
        AddField(
            model_name='stakeholder',
            name='influence',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        AddField(
            model_name='stakeholder',
            name='introduced_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='introduces', to='pipeline.stakeholder'),
        ),
        AddField(
            model_name='stakeholder',
            name='left_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='stakeholder',
            name='met_on',
            field=models.DateField(blank=True, null=True),
        ),
        AddField(
            model_name='stakeholder',
            name='note',
            field=models.CharField(blank=True, default='', max_length=1000),
        ),
        AddField(
            model_name='stakeholder',
            name='stance',
            field=models.CharField(choices=[('unknown', 'unknown'), ('against', 'against'), ('neutral', 'neutral'), ('for', 'for')], default='unknown', max_length=10),
        ),
        AddField(
            model_name='stakeholderaudit',
            name='influence',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        AddField(
            model_name='stakeholderaudit',
            name='introduced_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.stakeholder'),
        ),
        AddField(
            model_name='stakeholderaudit',
            name='left_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='stakeholderaudit',
            name='met_on',
            field=models.DateField(blank=True, null=True),
        ),
        AddField(
            model_name='stakeholderaudit',
            name='note',
            field=models.CharField(blank=True, default='', max_length=1000),
        ),
        AddField(
            model_name='stakeholderaudit',
            name='stance',
            field=models.CharField(choices=[('unknown', 'unknown'), ('against', 'against'), ('neutral', 'neutral'), ('for', 'for')], default='unknown', max_length=10),
        ),
        migrations.AlterField(
            model_name='stakeholder',
            name='role',
            field=models.CharField(blank=True, choices=[('economic_buyer', 'economic_buyer'), ('decision_maker', 'decision_maker'), ('champion', 'champion'), ('technical_evaluator', 'technical_evaluator'), ('user', 'user'), ('legal', 'legal'), ('blocker', 'blocker')], default='', max_length=30),
        ),
        migrations.AlterField(
            model_name='stakeholderaudit',
            name='role',
            field=models.CharField(blank=True, choices=[('economic_buyer', 'economic_buyer'), ('decision_maker', 'decision_maker'), ('champion', 'champion'), ('technical_evaluator', 'technical_evaluator'), ('user', 'user'), ('legal', 'legal'), ('blocker', 'blocker')], default='', max_length=30),
        ),
        AddTrigger(
            model_name='opportunity',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_opportunityaudit" ("account_id", "amount", "amount_currency", "approach", "archived_at", "backfilled", "campaign_id", "category", "close_note", "close_reason_id", "closed_at", "competitor_id", "contact_id", "created_at", "cycle_no", "deal_type", "decision_on", "expected_close_on", "external_id", "go_live_on", "highest_rank", "id", "lead_created_at", "merged_into_id", "name", "outcome", "owner_id", "pause_reason", "paused_until", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "previous_cycle_id", "recorded_at", "required_results", "revisit_on", "setpoint_entered_at", "setpoint_id", "source_id", "stage_id", "version") SELECT new_values."account_id", new_values."amount", new_values."amount_currency", new_values."approach", new_values."archived_at", new_values."backfilled", new_values."campaign_id", new_values."category", new_values."close_note", new_values."close_reason_id", new_values."closed_at", new_values."competitor_id", new_values."contact_id", new_values."created_at", new_values."cycle_no", new_values."deal_type", new_values."decision_on", new_values."expected_close_on", new_values."external_id", new_values."go_live_on", new_values."highest_rank", new_values."id", new_values."lead_created_at", new_values."merged_into_id", new_values."name", new_values."outcome", new_values."owner_id", new_values."pause_reason", new_values."paused_until", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."pipeline_id", new_values."previous_cycle_id", new_values."recorded_at", new_values."required_results", new_values."revisit_on", new_values."setpoint_entered_at", new_values."setpoint_id", new_values."source_id", new_values."stage_id", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='20215ec1651f00a5d3d50c6982467062cf00a3ff', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_bfda4', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_opportunity', when='AFTER')),
        ),
        AddTrigger(
            model_name='opportunity',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_opportunityaudit" ("account_id", "amount", "amount_currency", "approach", "archived_at", "backfilled", "campaign_id", "category", "close_note", "close_reason_id", "closed_at", "competitor_id", "contact_id", "created_at", "cycle_no", "deal_type", "decision_on", "expected_close_on", "external_id", "go_live_on", "highest_rank", "id", "lead_created_at", "merged_into_id", "name", "outcome", "owner_id", "pause_reason", "paused_until", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "previous_cycle_id", "recorded_at", "required_results", "revisit_on", "setpoint_entered_at", "setpoint_id", "source_id", "stage_id", "version") SELECT new_values."account_id", new_values."amount", new_values."amount_currency", new_values."approach", new_values."archived_at", new_values."backfilled", new_values."campaign_id", new_values."category", new_values."close_note", new_values."close_reason_id", new_values."closed_at", new_values."competitor_id", new_values."contact_id", new_values."created_at", new_values."cycle_no", new_values."deal_type", new_values."decision_on", new_values."expected_close_on", new_values."external_id", new_values."go_live_on", new_values."highest_rank", new_values."id", new_values."lead_created_at", new_values."merged_into_id", new_values."name", new_values."outcome", new_values."owner_id", new_values."pause_reason", new_values."paused_until", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."pipeline_id", new_values."previous_cycle_id", new_values."recorded_at", new_values."required_results", new_values."revisit_on", new_values."setpoint_entered_at", new_values."setpoint_id", new_values."source_id", new_values."stage_id", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."account_id" IS DISTINCT FROM (new_values."account_id") OR old_values."amount" IS DISTINCT FROM (new_values."amount") OR old_values."amount_currency" IS DISTINCT FROM (new_values."amount_currency") OR old_values."approach" IS DISTINCT FROM (new_values."approach") OR old_values."archived_at" IS DISTINCT FROM (new_values."archived_at") OR old_values."backfilled" IS DISTINCT FROM (new_values."backfilled") OR old_values."campaign_id" IS DISTINCT FROM (new_values."campaign_id") OR old_values."category" IS DISTINCT FROM (new_values."category") OR old_values."close_note" IS DISTINCT FROM (new_values."close_note") OR old_values."close_reason_id" IS DISTINCT FROM (new_values."close_reason_id") OR old_values."closed_at" IS DISTINCT FROM (new_values."closed_at") OR old_values."competitor_id" IS DISTINCT FROM (new_values."competitor_id") OR old_values."contact_id" IS DISTINCT FROM (new_values."contact_id") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."cycle_no" IS DISTINCT FROM (new_values."cycle_no") OR old_values."deal_type" IS DISTINCT FROM (new_values."deal_type") OR old_values."decision_on" IS DISTINCT FROM (new_values."decision_on") OR old_values."expected_close_on" IS DISTINCT FROM (new_values."expected_close_on") OR old_values."external_id" IS DISTINCT FROM (new_values."external_id") OR old_values."go_live_on" IS DISTINCT FROM (new_values."go_live_on") OR old_values."highest_rank" IS DISTINCT FROM (new_values."highest_rank") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."lead_created_at" IS DISTINCT FROM (new_values."lead_created_at") OR old_values."merged_into_id" IS DISTINCT FROM (new_values."merged_into_id") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."outcome" IS DISTINCT FROM (new_values."outcome") OR old_values."owner_id" IS DISTINCT FROM (new_values."owner_id") OR old_values."pause_reason" IS DISTINCT FROM (new_values."pause_reason") OR old_values."paused_until" IS DISTINCT FROM (new_values."paused_until") OR old_values."pipeline_id" IS DISTINCT FROM (new_values."pipeline_id") OR old_values."previous_cycle_id" IS DISTINCT FROM (new_values."previous_cycle_id") OR old_values."recorded_at" IS DISTINCT FROM (new_values."recorded_at") OR old_values."required_results" IS DISTINCT FROM (new_values."required_results") OR old_values."revisit_on" IS DISTINCT FROM (new_values."revisit_on") OR old_values."setpoint_id" IS DISTINCT FROM (new_values."setpoint_id") OR old_values."setpoint_entered_at" IS DISTINCT FROM (new_values."setpoint_entered_at") OR old_values."source_id" IS DISTINCT FROM (new_values."source_id") OR old_values."stage_id" IS DISTINCT FROM (new_values."stage_id") OR old_values."version" IS DISTINCT FROM (new_values."version")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='04bd22eb9c33202d410aff2d7a7b7c5b62015cca', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_79182', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_opportunity', when='AFTER')),
        ),
        AddTrigger(
            model_name='opportunity',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_opportunityaudit" ("account_id", "amount", "amount_currency", "approach", "archived_at", "backfilled", "campaign_id", "category", "close_note", "close_reason_id", "closed_at", "competitor_id", "contact_id", "created_at", "cycle_no", "deal_type", "decision_on", "expected_close_on", "external_id", "go_live_on", "highest_rank", "id", "lead_created_at", "merged_into_id", "name", "outcome", "owner_id", "pause_reason", "paused_until", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "previous_cycle_id", "recorded_at", "required_results", "revisit_on", "setpoint_entered_at", "setpoint_id", "source_id", "stage_id", "version") SELECT old_values."account_id", old_values."amount", old_values."amount_currency", old_values."approach", old_values."archived_at", old_values."backfilled", old_values."campaign_id", old_values."category", old_values."close_note", old_values."close_reason_id", old_values."closed_at", old_values."competitor_id", old_values."contact_id", old_values."created_at", old_values."cycle_no", old_values."deal_type", old_values."decision_on", old_values."expected_close_on", old_values."external_id", old_values."go_live_on", old_values."highest_rank", old_values."id", old_values."lead_created_at", old_values."merged_into_id", old_values."name", old_values."outcome", old_values."owner_id", old_values."pause_reason", old_values."paused_until", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."pipeline_id", old_values."previous_cycle_id", old_values."recorded_at", old_values."required_results", old_values."revisit_on", old_values."setpoint_entered_at", old_values."setpoint_id", old_values."source_id", old_values."stage_id", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='b5125381308dcf242a5cf172f703b5bb00808559', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_f21cf', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_opportunity', when='AFTER')),
        ),
        AddTrigger(
            model_name='setpoint',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_setpointaudit" ("code", "guidance", "id", "key_fields", "meaning", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "probability", "rank", "retired_at", "stall_limit_days") SELECT new_values."code", new_values."guidance", new_values."id", new_values."key_fields", new_values."meaning", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."pipeline_id", new_values."probability", new_values."rank", new_values."retired_at", new_values."stall_limit_days" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='f8a99db405678337d770018d53e3440b0fd71415', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_ce02c', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_setpoint', when='AFTER')),
        ),
        AddTrigger(
            model_name='setpoint',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_setpointaudit" ("code", "guidance", "id", "key_fields", "meaning", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "probability", "rank", "retired_at", "stall_limit_days") SELECT new_values."code", new_values."guidance", new_values."id", new_values."key_fields", new_values."meaning", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."pipeline_id", new_values."probability", new_values."rank", new_values."retired_at", new_values."stall_limit_days" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c650af38e89b8f1fb6b0d5e36ce7b29e1895b1f2', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_d4e62', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_setpoint', when='AFTER')),
        ),
        AddTrigger(
            model_name='setpoint',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_setpointaudit" ("code", "guidance", "id", "key_fields", "meaning", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id", "probability", "rank", "retired_at", "stall_limit_days") SELECT old_values."code", old_values."guidance", old_values."id", old_values."key_fields", old_values."meaning", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."pipeline_id", old_values."probability", old_values."rank", old_values."retired_at", old_values."stall_limit_days" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='b36c9eb60896d1eaa36175600716485b5522bd1a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_98954', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_setpoint', when='AFTER')),
        ),
        AddTrigger(
            model_name='stakeholder',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_stakeholderaudit" ("contact_id", "id", "influence", "introduced_by_id", "is_main", "left_at", "met_on", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "stance") SELECT new_values."contact_id", new_values."id", new_values."influence", new_values."introduced_by_id", new_values."is_main", new_values."left_at", new_values."met_on", new_values."note", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."role", new_values."stance" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='def52f0c5caf11296ee83ae8e51ca1c82858554c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_dc177', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_stakeholder', when='AFTER')),
        ),
        AddTrigger(
            model_name='stakeholder',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_stakeholderaudit" ("contact_id", "id", "influence", "introduced_by_id", "is_main", "left_at", "met_on", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "stance") SELECT new_values."contact_id", new_values."id", new_values."influence", new_values."introduced_by_id", new_values."is_main", new_values."left_at", new_values."met_on", new_values."note", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."role", new_values."stance" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='61d2793094dbebb33506895c7d0bc6dd3ab84652', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_945aa', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_stakeholder', when='AFTER')),
        ),
        AddTrigger(
            model_name='stakeholder',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_stakeholderaudit" ("contact_id", "id", "influence", "introduced_by_id", "is_main", "left_at", "met_on", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "stance") SELECT old_values."contact_id", old_values."id", old_values."influence", old_values."introduced_by_id", old_values."is_main", old_values."left_at", old_values."met_on", old_values."note", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."role", old_values."stance" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='28b0f5354428ba860e0826b5476ce8b42ef5a9a3', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_56056', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_stakeholder', when='AFTER')),
        ),
        AddConstraint(
            model_name='stakeholder',
            constraint=models.CheckConstraint(condition=models.Q(('influence', None), ('influence__range', (1, 3)), _connector='OR'), name='stakeholder_influence_range'),
        ),
        AddField(
            model_name='assessment',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='assessment',
            name='contact',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.contact'),
        ),
        AddField(
            model_name='assessment',
            name='opportunity',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='restartplan',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='restartplan',
            name='opportunity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restart_plans', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='restartplanaudit',
            name='by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='restartplanaudit',
            name='opportunity',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='restartplanaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='restartplanaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.restartplan'),
        ),
        AddField(
            model_name='signal',
            name='opportunity',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='signals', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='signallimit',
            name='pipeline',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signal_limits', to='pipeline.pipeline'),
        ),
        AddField(
            model_name='signallimitaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='signallimitaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.signallimit'),
        ),
        AddField(
            model_name='signallimitaudit',
            name='pipeline',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.pipeline'),
        ),
        AddField(
            model_name='signalsnooze',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='signalsnooze',
            name='opportunity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='snoozes', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='signalsnoozeaudit',
            name='by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='signalsnoozeaudit',
            name='opportunity',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='signalsnoozeaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='signalsnoozeaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.signalsnooze'),
        ),
        AddField(
            model_name='stage',
            name='setpoint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='pipeline.setpoint'),
        ),
        AddField(
            model_name='opportunity',
            name='stage',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opportunities', to='pipeline.stage'),
        ),
        AddField(
            model_name='opportunityaudit',
            name='stage',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.stage'),
        ),
        AddField(
            model_name='stageaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='stageaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.stage'),
        ),
        AddField(
            model_name='stageaudit',
            name='setpoint',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.setpoint'),
        ),
        AddIndex(
            model_name='assessment',
            index=models.Index(fields=['opportunity', 'element', 'at'], name='assessment_history'),
        ),
        AddConstraint(
            model_name='assessment',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('opportunity', 'element'), name='assessment_one_current'),
        ),
        AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('level__range', (0, 3))), name='assessment_level'),
        ),
        AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NOT COALESCE(OLD.ended_at IS NULL AND to_jsonb(OLD) - 'ended_at' = to_jsonb(NEW) - 'ended_at', FALSE))", func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='6ca001a46deabebcb7b52bbc20e144a378bc844c', operation='UPDATE', pgid='pgtrigger_never_changed_9fc0c', table='pipeline_assessment', when='BEFORE')),
        ),
        AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(FALSE, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='60bd4fed97c7240a9dc3e9350a7aa6dceba61df9', operation='DELETE', pgid='pgtrigger_never_deleted_628a1', table='pipeline_assessment', when='BEFORE')),
        ),
        AddTrigger(
            model_name='restartplan',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_restartplanaudit" ("at", "by_id", "id", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."at", new_values."by_id", new_values."id", new_values."note", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='6eb586b2a2e717c1ddedde34d90c8141c6762a9a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_416cd', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_restartplan', when='AFTER')),
        ),
        AddTrigger(
            model_name='restartplan',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_restartplanaudit" ("at", "by_id", "id", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."at", new_values."by_id", new_values."id", new_values."note", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='27755027c96960c3e9cf4383edb5fad7c1e8eae6', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_c2e83', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_restartplan', when='AFTER')),
        ),
        AddTrigger(
            model_name='restartplan',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_restartplanaudit" ("at", "by_id", "id", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."at", old_values."by_id", old_values."id", old_values."note", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='76eeeb7a519cc11ec4efa7f5c6a6f56cf77b2e77', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_9e838', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_restartplan', when='AFTER')),
        ),
        AddTrigger(
            model_name='restartplanaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='8f85a8dbdf4492a9f336a40d76a0f9327cd492d0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_09afe', table='pipeline_restartplanaudit', when='BEFORE')),
        ),
        AddIndex(
            model_name='signal',
            index=models.Index(fields=['code', 'opportunity'], name='signal_by_code'),
        ),
        AddConstraint(
            model_name='signal',
            constraint=models.UniqueConstraint(fields=('opportunity', 'code'), name='signal_once'),
        ),
        AddConstraint(
            model_name='signallimit',
            constraint=models.UniqueConstraint(fields=('pipeline', 'code'), name='signal_limit_once'),
        ),
        AddTrigger(
            model_name='signallimit',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_signallimitaudit" ("code", "id", "is_on", "limit", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id") SELECT new_values."code", new_values."id", new_values."is_on", new_values."limit", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."pipeline_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='7ac65fdf68a82c166967709ef9d003df1f6bd795', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_e5dcc', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_signallimit', when='AFTER')),
        ),
        AddTrigger(
            model_name='signallimit',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_signallimitaudit" ("code", "id", "is_on", "limit", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id") SELECT new_values."code", new_values."id", new_values."is_on", new_values."limit", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."pipeline_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='a22a330222411127f5451a9e77b977ba1a3e3259', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_ca1a6', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_signallimit', when='AFTER')),
        ),
        AddTrigger(
            model_name='signallimit',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_signallimitaudit" ("code", "id", "is_on", "limit", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pipeline_id") SELECT old_values."code", old_values."id", old_values."is_on", old_values."limit", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."pipeline_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='27119348749b9df23fbbdd7744d762d72e8a22a2', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_91ff8', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_signallimit', when='AFTER')),
        ),
        AddTrigger(
            model_name='signallimitaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3d142f8d9d9d3fd550678914d2d08b2cf0eb4c5e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f982e', table='pipeline_signallimitaudit', when='BEFORE')),
        ),
        AddConstraint(
            model_name='signalsnooze',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('opportunity', 'code'), name='signal_snooze_once'),
        ),
        AddTrigger(
            model_name='signalsnooze',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_signalsnoozeaudit" ("at", "by_id", "code", "ended_at", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until") SELECT new_values."at", new_values."by_id", new_values."code", new_values."ended_at", new_values."id", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."reason", new_values."until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='1a1a6ba1361e7cee1ac6579d865a40314ce8b129', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f48c0', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_signalsnooze', when='AFTER')),
        ),
        AddTrigger(
            model_name='signalsnooze',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_signalsnoozeaudit" ("at", "by_id", "code", "ended_at", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until") SELECT new_values."at", new_values."by_id", new_values."code", new_values."ended_at", new_values."id", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."reason", new_values."until" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='5d4400435a9fb6b81cd05678f5a6e86af9bd3079', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_695dd', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_signalsnooze', when='AFTER')),
        ),
        AddTrigger(
            model_name='signalsnooze',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_signalsnoozeaudit" ("at", "by_id", "code", "ended_at", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "until") SELECT old_values."at", old_values."by_id", old_values."code", old_values."ended_at", old_values."id", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."reason", old_values."until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='d5ca764d2188d277cb0fd8b19abd56c065e6060c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_8b325', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_signalsnooze', when='AFTER')),
        ),
        AddTrigger(
            model_name='signalsnoozeaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ca9e7176eefbd164b0050274c78112a7b7f59db0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_935fb', table='pipeline_signalsnoozeaudit', when='BEFORE')),
        ),
        AddTrigger(
            model_name='stage',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_stageaudit" ("id", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "setpoint_id") SELECT new_values."id", new_values."name", new_values."order", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."retired_at", new_values."setpoint_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='bb224063b4cffe7270b974f655d3ad1ae8819116', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_aab28', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_stage', when='AFTER')),
        ),
        AddTrigger(
            model_name='stage',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_stageaudit" ("id", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "setpoint_id") SELECT new_values."id", new_values."name", new_values."order", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."retired_at", new_values."setpoint_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8e71095cb81d84a59995fdfdb4363c4db029974d', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_58f23', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_stage', when='AFTER')),
        ),
        AddTrigger(
            model_name='stage',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_stageaudit" ("id", "name", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at", "setpoint_id") SELECT old_values."id", old_values."name", old_values."order", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."retired_at", old_values."setpoint_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='e5152fe5d3ebd94e7d6dcaded2a446d6ae98d5fb', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_f8c93', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_stage', when='AFTER')),
        ),
        AddTrigger(
            model_name='stageaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7ac15fede3f41f97bc3c5142c0d09810261f9afa', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a5e8c', table='pipeline_stageaudit', when='BEFORE')),
        ),
    ]
