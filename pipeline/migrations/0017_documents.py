import crm.lib.fields
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddConstraint, AddField, AddTrigger, CreateModel


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0008_personas_and_insight'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('pipeline', '0016_shared_resources'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Nothing ever wrote a row.
        migrations.DeleteModel(name='ProposalAudit'),
        migrations.DeleteModel(name='Proposal'),
        CreateModel(
            name='DocumentTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('proposal', 'proposal'), ('contract', 'contract')], max_length=10)),
                ('name', models.CharField(max_length=100, unique=True)),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        CreateModel(
            name='DocumentTemplateAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('proposal', 'proposal'), ('contract', 'contract')], max_length=10)),
                ('name', models.CharField(max_length=100)),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='NegotiationPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(choices=[('price', 'price'), ('terms', 'terms'), ('implementation', 'implementation')], max_length=20)),
                ('asked', models.CharField(max_length=500)),
                ('asked_on', models.DateField()),
                ('state', models.CharField(choices=[('open', 'open'), ('agreed', 'agreed'), ('declined', 'declined')], default='open', max_length=10)),
                ('answer', models.CharField(blank=True, default='', max_length=500)),
                ('settled_on', models.DateField(blank=True, null=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        CreateModel(
            name='NegotiationPointAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('topic', models.CharField(choices=[('price', 'price'), ('terms', 'terms'), ('implementation', 'implementation')], max_length=20)),
                ('asked', models.CharField(max_length=500)),
                ('asked_on', models.DateField()),
                ('state', models.CharField(choices=[('open', 'open'), ('agreed', 'agreed'), ('declined', 'declined')], default='open', max_length=10)),
                ('answer', models.CharField(blank=True, default='', max_length=500)),
                ('settled_on', models.DateField(blank=True, null=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='OpportunityFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=150)),
                ('key', models.CharField(max_length=100, unique=True)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('note', models.CharField(blank=True, default='', max_length=300)),
                ('at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        CreateModel(
            name='OpportunityFileAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=150)),
                ('key', models.CharField(max_length=100)),
                ('media_type', models.CharField(max_length=100)),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('note', models.CharField(blank=True, default='', max_length=300)),
                ('at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('package', models.CharField(choices=[('standard', 'standard'), ('custom', 'custom')], max_length=10)),
                ('amount_currency', crm.lib.fields.CurrencyField(blank=True, default='', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')])),
                ('amount', crm.lib.fields.MoneyField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('sent_on', models.DateField(blank=True, null=True)),
                ('at', models.DateTimeField()),
                ('note', models.CharField(blank=True, default='', max_length=1000)),
                ('version', models.PositiveIntegerField(default=1)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        CreateModel(
            name='ProposalAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('number', models.PositiveSmallIntegerField()),
                ('package', models.CharField(choices=[('standard', 'standard'), ('custom', 'custom')], max_length=10)),
                ('amount_currency', crm.lib.fields.CurrencyField(blank=True, default='', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')])),
                ('amount', crm.lib.fields.MoneyField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('sent_on', models.DateField(blank=True, null=True)),
                ('at', models.DateTimeField()),
                ('note', models.CharField(blank=True, default='', max_length=1000)),
                ('version', models.PositiveIntegerField(default=1)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='ProposalLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveSmallIntegerField()),
                ('challenge', models.CharField(max_length=300)),
                ('solution', models.CharField(max_length=500)),
            ],
            options={
                'ordering': ['order'],
            },
        ),
        CreateModel(
            name='ProposalLineAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('order', models.PositiveSmallIntegerField()),
                ('challenge', models.CharField(max_length=300)),
                ('solution', models.CharField(max_length=500)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='TemplateVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('body', models.TextField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.AlterField(
            model_name='opportunityevent',
            name='kind',
            field=models.CharField(choices=[('created', 'created'), ('setpoint', 'setpoint'), ('move_voided', 'move_voided'), ('amount', 'amount'), ('expected_close_on', 'expected_close_on'), ('owner', 'owner'), ('pipeline', 'pipeline'), ('deal_type', 'deal_type'), ('category', 'category'), ('approach', 'approach'), ('closed', 'closed'), ('reopened', 'reopened'), ('archived', 'archived'), ('merged', 'merged'), ('next_step', 'next_step'), ('qualification', 'qualification'), ('selection', 'selection'), ('evidence', 'evidence'), ('stakeholder', 'stakeholder'), ('economics', 'economics'), ('proposal', 'proposal'), ('negotiation', 'negotiation'), ('document', 'document'), ('file', 'file'), ('pause', 'pause'), ('approval', 'approval'), ('promise', 'promise'), ('resource', 'resource'), ('question', 'question'), ('delivery', 'delivery')], max_length=20),
        ),
        CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('proposal', 'proposal'), ('contract', 'contract')], max_length=10)),
                ('number', models.PositiveSmallIntegerField()),
                ('content', models.JSONField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opportunity', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='pipeline.opportunity')),
            ],
        ),
        AddTrigger(
            model_name='documenttemplate',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_documenttemplateaudit" ("id", "kind", "name", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at") SELECT new_values."id", new_values."kind", new_values."name", new_values."number", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."retired_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='27e87920b4773635fe1e95d4d32ea029e03a3dda', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_3f074', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_documenttemplate', when='AFTER')),
        ),
        AddTrigger(
            model_name='documenttemplate',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_documenttemplateaudit" ("id", "kind", "name", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at") SELECT new_values."id", new_values."kind", new_values."name", new_values."number", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."retired_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='4693e4cf98b34b6a2aec6a5cd2282b839cb7065a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_56c95', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_documenttemplate', when='AFTER')),
        ),
        AddTrigger(
            model_name='documenttemplate',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_documenttemplateaudit" ("id", "kind", "name", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "retired_at") SELECT old_values."id", old_values."kind", old_values."name", old_values."number", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."retired_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='19c817b51dd2654a817a20eb29bf2da6feb0c374', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_142cb', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_documenttemplate', when='AFTER')),
        ),
        AddField(
            model_name='documenttemplateaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='documenttemplateaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.documenttemplate'),
        ),
        AddField(
            model_name='negotiationpoint',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='negotiationpoint',
            name='contact',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.contact'),
        ),
        AddField(
            model_name='negotiationpoint',
            name='opportunity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='negotiation', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='negotiationpointaudit',
            name='by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='negotiationpointaudit',
            name='contact',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='crm.contact'),
        ),
        AddField(
            model_name='negotiationpointaudit',
            name='opportunity',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='negotiationpointaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='negotiationpointaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.negotiationpoint'),
        ),
        AddField(
            model_name='opportunityfile',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='opportunityfile',
            name='opportunity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='opportunityfile',
            name='removed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='opportunityfileaudit',
            name='by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='opportunityfileaudit',
            name='opportunity',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='opportunityfileaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='opportunityfileaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.opportunityfile'),
        ),
        AddField(
            model_name='opportunityfileaudit',
            name='removed_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='proposal',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='proposal',
            name='opportunity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='document',
            name='proposal',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='pipeline.proposal'),
        ),
        AddField(
            model_name='proposalaudit',
            name='by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='proposalaudit',
            name='opportunity',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='proposalaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='proposalaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.proposal'),
        ),
        AddField(
            model_name='proposalline',
            name='proposal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='pipeline.proposal'),
        ),
        AddField(
            model_name='proposallineaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='proposallineaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.proposalline'),
        ),
        AddField(
            model_name='proposallineaudit',
            name='proposal',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.proposal'),
        ),
        AddField(
            model_name='templateversion',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='templateversion',
            name='template',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='pipeline.documenttemplate'),
        ),
        AddField(
            model_name='document',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='pipeline.templateversion'),
        ),
        AddTrigger(
            model_name='documenttemplateaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4dbaa222663b1bebd4176c6467a40c383bbd63f1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0edb6', table='pipeline_documenttemplateaudit', when='BEFORE')),
        ),
        AddConstraint(
            model_name='negotiationpoint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_on', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('settled_on__isnull', False)), _connector='OR'), name='negotiation_point_settled'),
        ),
        AddTrigger(
            model_name='negotiationpoint',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_negotiationpointaudit" ("answer", "asked", "asked_on", "at", "by_id", "contact_id", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_on", "state", "topic") SELECT new_values."answer", new_values."asked", new_values."asked_on", new_values."at", new_values."by_id", new_values."contact_id", new_values."id", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."settled_on", new_values."state", new_values."topic" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='7ef05cd5ffadd0c8bf7c8270be5d38fc8fe1a856', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_ae53a', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_negotiationpoint', when='AFTER')),
        ),
        AddTrigger(
            model_name='negotiationpoint',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_negotiationpointaudit" ("answer", "asked", "asked_on", "at", "by_id", "contact_id", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_on", "state", "topic") SELECT new_values."answer", new_values."asked", new_values."asked_on", new_values."at", new_values."by_id", new_values."contact_id", new_values."id", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."settled_on", new_values."state", new_values."topic" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='4f4ba932550b8e2bc170d2efcb568e885e188dfb', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_e79d8', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_negotiationpoint', when='AFTER')),
        ),
        AddTrigger(
            model_name='negotiationpoint',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_negotiationpointaudit" ("answer", "asked", "asked_on", "at", "by_id", "contact_id", "id", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "settled_on", "state", "topic") SELECT old_values."answer", old_values."asked", old_values."asked_on", old_values."at", old_values."by_id", old_values."contact_id", old_values."id", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."settled_on", old_values."state", old_values."topic" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='ebde8c3893be78f5307ad209bcd5ad66ef2f0e17', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_db684', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_negotiationpoint', when='AFTER')),
        ),
        AddTrigger(
            model_name='negotiationpointaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='547bbecc51d15a5f586e2bb84587efada44c9318', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9e840', table='pipeline_negotiationpointaudit', when='BEFORE')),
        ),
        AddConstraint(
            model_name='opportunityfile',
            constraint=models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='opportunity_file_holds_something'),
        ),
        AddTrigger(
            model_name='opportunityfile',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_opportunityfileaudit" ("at", "by_id", "id", "key", "media_type", "name", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "sha256", "size") SELECT new_values."at", new_values."by_id", new_values."id", new_values."key", new_values."media_type", new_values."name", new_values."note", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."removed_at", new_values."removed_by_id", new_values."sha256", new_values."size" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='488a19ab09f4e914f220fc2e34eec0832ae64bd7', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_79e05', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_opportunityfile', when='AFTER')),
        ),
        AddTrigger(
            model_name='opportunityfile',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_opportunityfileaudit" ("at", "by_id", "id", "key", "media_type", "name", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "sha256", "size") SELECT new_values."at", new_values."by_id", new_values."id", new_values."key", new_values."media_type", new_values."name", new_values."note", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."removed_at", new_values."removed_by_id", new_values."sha256", new_values."size" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8ef1d8a7dff0d67caf384427f4939874cda5ad92', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_b4ac1', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_opportunityfile', when='AFTER')),
        ),
        AddTrigger(
            model_name='opportunityfile',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_opportunityfileaudit" ("at", "by_id", "id", "key", "media_type", "name", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "removed_by_id", "sha256", "size") SELECT old_values."at", old_values."by_id", old_values."id", old_values."key", old_values."media_type", old_values."name", old_values."note", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."removed_at", old_values."removed_by_id", old_values."sha256", old_values."size" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='929ac2ab94c2f6ba510048fbf77af433cfbbd3a9', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_f01c7', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_opportunityfile', when='AFTER')),
        ),
        AddTrigger(
            model_name='opportunityfileaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ad6cbbcd789f0836b4c5277631962f3333f2b4a1', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a55dd', table='pipeline_opportunityfileaudit', when='BEFORE')),
        ),
        AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(fields=('opportunity', 'number'), name='proposal_number'),
        ),
        AddTrigger(
            model_name='proposal',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_proposalaudit" ("amount", "amount_currency", "at", "by_id", "id", "note", "number", "opportunity_id", "package", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "sent_on", "version") SELECT new_values."amount", new_values."amount_currency", new_values."at", new_values."by_id", new_values."id", new_values."note", new_values."number", new_values."opportunity_id", new_values."package", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."removed_at", new_values."sent_on", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ce2593b2fde6d97f80ec464e89742e73a5842eea', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_3fa45', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_proposal', when='AFTER')),
        ),
        AddTrigger(
            model_name='proposal',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_proposalaudit" ("amount", "amount_currency", "at", "by_id", "id", "note", "number", "opportunity_id", "package", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "sent_on", "version") SELECT new_values."amount", new_values."amount_currency", new_values."at", new_values."by_id", new_values."id", new_values."note", new_values."number", new_values."opportunity_id", new_values."package", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."removed_at", new_values."sent_on", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='b0ca036a26381304792a23228274dc2227cfd441', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_903d5', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_proposal', when='AFTER')),
        ),
        AddTrigger(
            model_name='proposal',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_proposalaudit" ("amount", "amount_currency", "at", "by_id", "id", "note", "number", "opportunity_id", "package", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at", "sent_on", "version") SELECT old_values."amount", old_values."amount_currency", old_values."at", old_values."by_id", old_values."id", old_values."note", old_values."number", old_values."opportunity_id", old_values."package", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."removed_at", old_values."sent_on", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c18dc94811bc47738fc595f9bc7c671850ebbe63', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_ba394', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_proposal', when='AFTER')),
        ),
        AddTrigger(
            model_name='proposalaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e1d4fa8932e1504d8a554a201b79208a619ad99c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_aca9d', table='pipeline_proposalaudit', when='BEFORE')),
        ),
        AddConstraint(
            model_name='proposalline',
            constraint=models.UniqueConstraint(fields=('proposal', 'order'), name='proposal_line_order'),
        ),
        AddTrigger(
            model_name='proposalline',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_proposallineaudit" ("challenge", "id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_id", "solution") SELECT new_values."challenge", new_values."id", new_values."order", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."proposal_id", new_values."solution" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c7271060e20d1c7ab61ebe97483221edeadc824c', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_ded7e', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_proposalline', when='AFTER')),
        ),
        AddTrigger(
            model_name='proposalline',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_proposallineaudit" ("challenge", "id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_id", "solution") SELECT new_values."challenge", new_values."id", new_values."order", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."proposal_id", new_values."solution" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='e4f330114f8c5e274cc57c4828e1ab0f9a31db7b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_8c5c8', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_proposalline', when='AFTER')),
        ),
        AddTrigger(
            model_name='proposalline',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_proposallineaudit" ("challenge", "id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_id", "solution") SELECT old_values."challenge", old_values."id", old_values."order", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."proposal_id", old_values."solution" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='353a5a6ee90fd162bec7cee156131cd9d8f6bd25', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_0d22e', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_proposalline', when='AFTER')),
        ),
        AddTrigger(
            model_name='proposallineaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='15a802466a2aa4477e48799dff63e8f241961cb6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1efa5', table='pipeline_proposallineaudit', when='BEFORE')),
        ),
        AddConstraint(
            model_name='templateversion',
            constraint=models.UniqueConstraint(fields=('template', 'number'), name='template_version_number'),
        ),
        AddTrigger(
            model_name='templateversion',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(FALSE, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='25b9d44aa30b4def98872c135860a8b61fbfaf2f', operation='UPDATE', pgid='pgtrigger_never_changed_ebb4b', table='pipeline_templateversion', when='BEFORE')),
        ),
        AddTrigger(
            model_name='templateversion',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(FALSE, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='99d0e71d21b18b4b1a68bd95aa82d8ca2e1ccfa2', operation='DELETE', pgid='pgtrigger_never_deleted_5f317', table='pipeline_templateversion', when='BEFORE')),
        ),
        AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('opportunity', 'kind', 'number'), name='document_number'),
        ),
        AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(FALSE, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='ff6c5ea4dd45102c603b78e50df3273e60105f09', operation='UPDATE', pgid='pgtrigger_never_changed_98674', table='pipeline_document', when='BEFORE')),
        ),
        AddTrigger(
            model_name='document',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(FALSE, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='8bb0554f1eb734c6febf68c0f7c68d3df53877fc', operation='DELETE', pgid='pgtrigger_never_deleted_0cbe2', table='pipeline_document', when='BEFORE')),
        ),
    ]
