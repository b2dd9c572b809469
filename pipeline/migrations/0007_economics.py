import crm.lib.fields
import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddConstraint, AddField, AddTrigger, CreateModel, RemoveTrigger


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('pipeline', '0006_evidence_qualification_signals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        CreateModel(
            name='BusinessCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', crm.lib.fields.CurrencyField(max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')])),
                ('years', models.PositiveSmallIntegerField(default=3)),
                ('discount_rate', models.DecimalField(decimal_places=4, default=0, max_digits=5)),
                ('justification', models.CharField(blank=True, default='', max_length=1000)),
                ('measure', models.CharField(blank=True, default='', max_length=300)),
                ('is_co_built', models.BooleanField(default=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('token_hash', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ('shared_until', models.DateField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        CreateModel(
            name='BusinessCaseAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('currency', crm.lib.fields.CurrencyField(max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')])),
                ('years', models.PositiveSmallIntegerField(default=3)),
                ('discount_rate', models.DecimalField(decimal_places=4, default=0, max_digits=5)),
                ('justification', models.CharField(blank=True, default='', max_length=1000)),
                ('measure', models.CharField(blank=True, default='', max_length=300)),
                ('is_co_built', models.BooleanField(default=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('token_hash', models.CharField(blank=True, max_length=64, null=True)),
                ('shared_until', models.DateField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='BusinessCaseRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('cost', 'cost'), ('benefit', 'benefit')], max_length=10)),
                ('label', models.CharField(max_length=200)),
                ('at_start', models.DecimalField(decimal_places=2, default=0, max_digits=16)),
                ('yearly', django.contrib.postgres.fields.ArrayField(base_field=models.DecimalField(decimal_places=2, max_digits=16), blank=True, default=list, size=10)),
                ('order', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['side', 'order', 'id'],
            },
        ),
        CreateModel(
            name='BusinessCaseRowAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('side', models.CharField(choices=[('cost', 'cost'), ('benefit', 'benefit')], max_length=10)),
                ('label', models.CharField(max_length=200)),
                ('at_start', models.DecimalField(decimal_places=2, default=0, max_digits=16)),
                ('yearly', django.contrib.postgres.fields.ArrayField(base_field=models.DecimalField(decimal_places=2, max_digits=16), blank=True, default=list, size=10)),
                ('order', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='EconomicAssumptions',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateField(unique=True)),
                ('margin_floor', models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True)),
                ('churn', models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True)),
                ('horizon_months', models.PositiveSmallIntegerField(default=60)),
                ('payback_limit_months', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('onboarding_currency', crm.lib.fields.CurrencyField(blank=True, default='', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')])),
                ('onboarding', crm.lib.fields.MoneyField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('lead_currency', crm.lib.fields.CurrencyField(blank=True, default='', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')])),
                ('lead', crm.lib.fields.MoneyField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('source_name', models.CharField(blank=True, default='', max_length=200)),
            ],
        ),
        CreateModel(
            name='EconomicAssumptionsAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('valid_from', models.DateField()),
                ('margin_floor', models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True)),
                ('churn', models.DecimalField(blank=True, decimal_places=4, max_digits=5, null=True)),
                ('horizon_months', models.PositiveSmallIntegerField(default=60)),
                ('payback_limit_months', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('onboarding_currency', crm.lib.fields.CurrencyField(blank=True, default='', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')])),
                ('onboarding', crm.lib.fields.MoneyField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('lead_currency', crm.lib.fields.CurrencyField(blank=True, default='', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')])),
                ('lead', crm.lib.fields.MoneyField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('source_name', models.CharField(blank=True, default='', max_length=200)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='ExpansionPotential',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('usage', 'usage'), ('product', 'product'), ('business_unit', 'business_unit')], max_length=20)),
                ('yearly_currency', crm.lib.fields.CurrencyField(blank=True, default='', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')])),
                ('yearly', crm.lib.fields.MoneyField(decimal_places=2, max_digits=16)),
                ('note', models.CharField(blank=True, default='', max_length=300)),
            ],
        ),
        CreateModel(
            name='ExpansionPotentialAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('usage', 'usage'), ('product', 'product'), ('business_unit', 'business_unit')], max_length=20)),
                ('yearly_currency', crm.lib.fields.CurrencyField(blank=True, default='', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')])),
                ('yearly', crm.lib.fields.MoneyField(decimal_places=2, max_digits=16)),
                ('note', models.CharField(blank=True, default='', max_length=300)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='OpportunityCost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('goods', 'goods'), ('services', 'services'), ('custom_development', 'custom_development'), ('third_party', 'third_party')], max_length=20)),
                ('amount_currency', crm.lib.fields.CurrencyField(blank=True, default='', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')])),
                ('amount', crm.lib.fields.MoneyField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('note', models.CharField(blank=True, default='', max_length=300)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        CreateModel(
            name='OpportunityCostAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('goods', 'goods'), ('services', 'services'), ('custom_development', 'custom_development'), ('third_party', 'third_party')], max_length=20)),
                ('amount_currency', crm.lib.fields.CurrencyField(blank=True, default='', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')])),
                ('amount', crm.lib.fields.MoneyField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('note', models.CharField(blank=True, default='', max_length=300)),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        CreateModel(
            name='StrategicValue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reference', 'reference'), ('displacement', 'displacement'), ('new_segment', 'new_segment')], max_length=20)),
                ('weight', models.PositiveSmallIntegerField()),
                ('value_currency', crm.lib.fields.CurrencyField(blank=True, default='', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')])),
                ('value', crm.lib.fields.MoneyField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('justification', models.CharField(max_length=1000)),
                ('at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        CreateModel(
            name='StrategicValueAudit',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('reference', 'reference'), ('displacement', 'displacement'), ('new_segment', 'new_segment')], max_length=20)),
                ('weight', models.PositiveSmallIntegerField()),
                ('value_currency', crm.lib.fields.CurrencyField(blank=True, default='', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}$', 'An ISO 4217 code, such as EUR.')])),
                ('value', crm.lib.fields.MoneyField(blank=True, decimal_places=2, max_digits=16, null=True)),
                ('justification', models.CharField(max_length=1000)),
                ('at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        RemoveTrigger(
            model_name='opportunityline',
            name='insert_insert',
        ),
        RemoveTrigger(
            model_name='opportunityline',
            name='update_update',
        ),
        RemoveTrigger(
            model_name='opportunityline',
            name='delete_delete',
        ),
        AddField(
            model_name='opportunityline',
            name='billing',
            field=models.CharField(choices=[('one_off', 'one_off'), ('monthly', 'monthly'), ('yearly', 'yearly')], default='one_off', max_length=10),
        ),
        AddField(
            model_name='opportunityline',
            name='description',
            field=models.CharField(blank=True, default='', max_length=300),
        ),
        AddField(
            model_name='opportunityline',
            name='is_standard',
            field=models.BooleanField(default=True),
        ),
        AddField(
            model_name='opportunityline',
            name='months',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        AddField(
            model_name='opportunityline',
            name='removed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddField(
            model_name='opportunitylineaudit',
            name='billing',
            field=models.CharField(choices=[('one_off', 'one_off'), ('monthly', 'monthly'), ('yearly', 'yearly')], default='one_off', max_length=10),
        ),
        AddField(
            model_name='opportunitylineaudit',
            name='description',
            field=models.CharField(blank=True, default='', max_length=300),
        ),
        AddField(
            model_name='opportunitylineaudit',
            name='is_standard',
            field=models.BooleanField(default=True),
        ),
        AddField(
            model_name='opportunitylineaudit',
            name='months',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        AddField(
            model_name='opportunitylineaudit',
            name='removed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='opportunityline',
            name='product',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='pipeline.product'),
        ),
        migrations.AlterField(
            model_name='opportunitylineaudit',
            name='product',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.product'),
        ),
        AddTrigger(
            model_name='opportunityline',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_opportunitylineaudit" ("billing", "cost", "cost_currency", "description", "discount", "id", "is_standard", "months", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "price_currency", "product_id", "quantity", "removed_at") SELECT new_values."billing", new_values."cost", new_values."cost_currency", new_values."description", new_values."discount", new_values."id", new_values."is_standard", new_values."months", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."price", new_values."price_currency", new_values."product_id", new_values."quantity", new_values."removed_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='b18fe7afc47f72c9f035f991cd242d7a26828d0f', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_6f51d', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_opportunityline', when='AFTER')),
        ),
        AddTrigger(
            model_name='opportunityline',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_opportunitylineaudit" ("billing", "cost", "cost_currency", "description", "discount", "id", "is_standard", "months", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "price_currency", "product_id", "quantity", "removed_at") SELECT new_values."billing", new_values."cost", new_values."cost_currency", new_values."description", new_values."discount", new_values."id", new_values."is_standard", new_values."months", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."price", new_values."price_currency", new_values."product_id", new_values."quantity", new_values."removed_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='46744b3bcbae09d74e8f7c103c7bd2bbd66860de', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_94c98', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_opportunityline', when='AFTER')),
        ),
        AddTrigger(
            model_name='opportunityline',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_opportunitylineaudit" ("billing", "cost", "cost_currency", "description", "discount", "id", "is_standard", "months", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "price", "price_currency", "product_id", "quantity", "removed_at") SELECT old_values."billing", old_values."cost", old_values."cost_currency", old_values."description", old_values."discount", old_values."id", old_values."is_standard", old_values."months", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."price", old_values."price_currency", old_values."product_id", old_values."quantity", old_values."removed_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='a08a396ddc2d4e311c392ec62eb61fa821694875', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_df268', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_opportunityline', when='AFTER')),
        ),
        AddConstraint(
            model_name='opportunityline',
            constraint=models.CheckConstraint(condition=models.Q(('product__isnull', False), models.Q(('description', ''), _negated=True), _connector='OR'), name='opportunity_line_names_something'),
        ),
        AddConstraint(
            model_name='opportunityline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('billing', 'one_off'), ('months', None)), models.Q(models.Q(('billing', 'one_off'), _negated=True), ('months__gte', 1)), _connector='OR'), name='opportunity_line_term'),
        ),
        AddField(
            model_name='businesscase',
            name='opportunity',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='business_case', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='businesscaseaudit',
            name='opportunity',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='businesscaseaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='businesscaseaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.businesscase'),
        ),
        AddField(
            model_name='businesscaserow',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='pipeline.businesscase'),
        ),
        AddField(
            model_name='businesscaserowaudit',
            name='case',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.businesscase'),
        ),
        AddField(
            model_name='businesscaserowaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='businesscaserowaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.businesscaserow'),
        ),
        AddConstraint(
            model_name='economicassumptions',
            constraint=models.CheckConstraint(condition=models.Q(('churn', None), ('churn__range', (0, 1)), _connector='OR'), name='assumed_churn'),
        ),
        AddConstraint(
            model_name='economicassumptions',
            constraint=models.CheckConstraint(condition=models.Q(('margin_floor', None), ('margin_floor__range', (0, 1)), _connector='OR'), name='assumed_margin_floor'),
        ),
        AddTrigger(
            model_name='economicassumptions',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_economicassumptionsaudit" ("churn", "horizon_months", "id", "lead", "lead_currency", "margin_floor", "onboarding", "onboarding_currency", "payback_limit_months", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_name", "valid_from") SELECT new_values."churn", new_values."horizon_months", new_values."id", new_values."lead", new_values."lead_currency", new_values."margin_floor", new_values."onboarding", new_values."onboarding_currency", new_values."payback_limit_months", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."source_name", new_values."valid_from" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='ecafe23b604bde73ad752d5e59f97ed96dc8c69a', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_6c31b', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_economicassumptions', when='AFTER')),
        ),
        AddTrigger(
            model_name='economicassumptions',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_economicassumptionsaudit" ("churn", "horizon_months", "id", "lead", "lead_currency", "margin_floor", "onboarding", "onboarding_currency", "payback_limit_months", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_name", "valid_from") SELECT new_values."churn", new_values."horizon_months", new_values."id", new_values."lead", new_values."lead_currency", new_values."margin_floor", new_values."onboarding", new_values."onboarding_currency", new_values."payback_limit_months", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."source_name", new_values."valid_from" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='874be04bfd46bcf388a2881173e80fb73a16024b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_80558', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_economicassumptions', when='AFTER')),
        ),
        AddTrigger(
            model_name='economicassumptions',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_economicassumptionsaudit" ("churn", "horizon_months", "id", "lead", "lead_currency", "margin_floor", "onboarding", "onboarding_currency", "payback_limit_months", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source_name", "valid_from") SELECT old_values."churn", old_values."horizon_months", old_values."id", old_values."lead", old_values."lead_currency", old_values."margin_floor", old_values."onboarding", old_values."onboarding_currency", old_values."payback_limit_months", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."source_name", old_values."valid_from" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='8f42f393b43ef699844d7b99eccdb9950a45d541', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_bc9ce', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_economicassumptions', when='AFTER')),
        ),
        AddField(
            model_name='economicassumptionsaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='economicassumptionsaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.economicassumptions'),
        ),
        AddField(
            model_name='expansionpotential',
            name='opportunity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='expansions', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='expansionpotentialaudit',
            name='opportunity',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='expansionpotentialaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='expansionpotentialaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.expansionpotential'),
        ),
        AddField(
            model_name='opportunitycost',
            name='opportunity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='costs', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='opportunitycostaudit',
            name='opportunity',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='opportunitycostaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='opportunitycostaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.opportunitycost'),
        ),
        AddField(
            model_name='strategicvalue',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='strategicvalue',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='strategicvalue',
            name='opportunity',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='strategic_values', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='strategicvalueaudit',
            name='approved_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='strategicvalueaudit',
            name='by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        AddField(
            model_name='strategicvalueaudit',
            name='opportunity',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='pipeline.opportunity'),
        ),
        AddField(
            model_name='strategicvalueaudit',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        AddField(
            model_name='strategicvalueaudit',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='audit', to='pipeline.strategicvalue'),
        ),
        AddConstraint(
            model_name='businesscase',
            constraint=models.CheckConstraint(condition=models.Q(('years__range', (1, 10))), name='business_case_years'),
        ),
        AddConstraint(
            model_name='businesscase',
            constraint=models.CheckConstraint(condition=models.Q(('discount_rate__range', (0, 1))), name='business_case_rate'),
        ),
        AddTrigger(
            model_name='businesscase',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_businesscaseaudit" ("currency", "discount_rate", "id", "is_co_built", "justification", "measure", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "shared_until", "token_hash", "version", "withdrawn_at", "years") SELECT new_values."currency", new_values."discount_rate", new_values."id", new_values."is_co_built", new_values."justification", new_values."measure", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."shared_until", new_values."token_hash", new_values."version", new_values."withdrawn_at", new_values."years" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c1740fa897e0423a975bb31ab4f6f77a155491ac', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_952d6', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_businesscase', when='AFTER')),
        ),
        AddTrigger(
            model_name='businesscase',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_businesscaseaudit" ("currency", "discount_rate", "id", "is_co_built", "justification", "measure", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "shared_until", "token_hash", "version", "withdrawn_at", "years") SELECT new_values."currency", new_values."discount_rate", new_values."id", new_values."is_co_built", new_values."justification", new_values."measure", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."shared_until", new_values."token_hash", new_values."version", new_values."withdrawn_at", new_values."years" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='7238f906079d02baf6391851c5aff2896abe9714', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_3e480', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_businesscase', when='AFTER')),
        ),
        AddTrigger(
            model_name='businesscase',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_businesscaseaudit" ("currency", "discount_rate", "id", "is_co_built", "justification", "measure", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "shared_until", "token_hash", "version", "withdrawn_at", "years") SELECT old_values."currency", old_values."discount_rate", old_values."id", old_values."is_co_built", old_values."justification", old_values."measure", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."shared_until", old_values."token_hash", old_values."version", old_values."withdrawn_at", old_values."years" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='6ded02a014615c8c0fa94ee8f993da1211d1e98f', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_7d936', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_businesscase', when='AFTER')),
        ),
        AddTrigger(
            model_name='businesscaseaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ca5ba158a5660f0a0539aabc29674557795fd8d4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7d1de', table='pipeline_businesscaseaudit', when='BEFORE')),
        ),
        AddTrigger(
            model_name='businesscaserow',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_businesscaserowaudit" ("at_start", "case_id", "id", "label", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "side", "yearly") SELECT new_values."at_start", new_values."case_id", new_values."id", new_values."label", new_values."order", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."side", new_values."yearly" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='fccefdb7ade72615e4dc27576b2275e88659c605', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_09ebb', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_businesscaserow', when='AFTER')),
        ),
        AddTrigger(
            model_name='businesscaserow',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_businesscaserowaudit" ("at_start", "case_id", "id", "label", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "side", "yearly") SELECT new_values."at_start", new_values."case_id", new_values."id", new_values."label", new_values."order", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."side", new_values."yearly" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='cd2a6c6456b380a43fae459cc0c8193e8236611c', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_7c436', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_businesscaserow', when='AFTER')),
        ),
        AddTrigger(
            model_name='businesscaserow',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_businesscaserowaudit" ("at_start", "case_id", "id", "label", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "side", "yearly") SELECT old_values."at_start", old_values."case_id", old_values."id", old_values."label", old_values."order", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."side", old_values."yearly" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='aa12c8c4274004ebd281d874742aaa1a65b68a93', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_8f166', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_businesscaserow', when='AFTER')),
        ),
        AddTrigger(
            model_name='businesscaserowaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f92b4c30c2786f18159de67535d2bd35eabb3973', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_37d9e', table='pipeline_businesscaserowaudit', when='BEFORE')),
        ),
        AddTrigger(
            model_name='economicassumptionsaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f51739cc2f6162b6e1351de8e2b608b14dba464e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9fd4e', table='pipeline_economicassumptionsaudit', when='BEFORE')),
        ),
        AddConstraint(
            model_name='expansionpotential',
            constraint=models.UniqueConstraint(fields=('opportunity', 'kind'), name='expansion_once_a_kind'),
        ),
        AddTrigger(
            model_name='expansionpotential',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_expansionpotentialaudit" ("id", "kind", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "yearly", "yearly_currency") SELECT new_values."id", new_values."kind", new_values."note", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."yearly", new_values."yearly_currency" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='44f61e705bfcda233c2f541c0987f5374d1b29e3', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_23e7e', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_expansionpotential', when='AFTER')),
        ),
        AddTrigger(
            model_name='expansionpotential',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_expansionpotentialaudit" ("id", "kind", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "yearly", "yearly_currency") SELECT new_values."id", new_values."kind", new_values."note", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."yearly", new_values."yearly_currency" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='11a682e789f8e7c9cab3c1d44bdc11e8aa51a93a', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_a2e41', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_expansionpotential', when='AFTER')),
        ),
        AddTrigger(
            model_name='expansionpotential',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_expansionpotentialaudit" ("id", "kind", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "yearly", "yearly_currency") SELECT old_values."id", old_values."kind", old_values."note", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."yearly", old_values."yearly_currency" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='005231cb5fd276618cd93b3b7eb5849d356295ec', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_95667', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_expansionpotential', when='AFTER')),
        ),
        AddTrigger(
            model_name='expansionpotentialaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='abb8992d13e29cef3c01c48293d55c5cd03cab1d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_035e0', table='pipeline_expansionpotentialaudit', when='BEFORE')),
        ),
        AddTrigger(
            model_name='opportunitycost',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_opportunitycostaudit" ("amount", "amount_currency", "id", "kind", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at") SELECT new_values."amount", new_values."amount_currency", new_values."id", new_values."kind", new_values."note", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."removed_at" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='7ed00e4db73e4a02c67754b05b60854bf3acf6c9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_5617e', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_opportunitycost', when='AFTER')),
        ),
        AddTrigger(
            model_name='opportunitycost',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_opportunitycostaudit" ("amount", "amount_currency", "id", "kind", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at") SELECT new_values."amount", new_values."amount_currency", new_values."id", new_values."kind", new_values."note", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."removed_at" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='d16991c7d91a9580f7b8e9a09cfecfee0cb54887', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_2e544', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_opportunitycost', when='AFTER')),
        ),
        AddTrigger(
            model_name='opportunitycost',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_opportunitycostaudit" ("amount", "amount_currency", "id", "kind", "note", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_at") SELECT old_values."amount", old_values."amount_currency", old_values."id", old_values."kind", old_values."note", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."removed_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='fa6e276a08b378e08bcf9e659b588ce0c2675d7e', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_f1cec', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_opportunitycost', when='AFTER')),
        ),
        AddTrigger(
            model_name='opportunitycostaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='eee221bd24a3b4f1df7c0ae1272cd2ea4502e953', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_288b6', table='pipeline_opportunitycostaudit', when='BEFORE')),
        ),
        AddConstraint(
            model_name='strategicvalue',
            constraint=models.UniqueConstraint(fields=('opportunity', 'kind'), name='strategic_value_once_a_kind'),
        ),
        AddConstraint(
            model_name='strategicvalue',
            constraint=models.CheckConstraint(condition=models.Q(('weight__range', (1, 3))), name='strategic_value_weight'),
        ),
        AddTrigger(
            model_name='strategicvalue',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_strategicvalueaudit" ("approved_at", "approved_by_id", "at", "by_id", "id", "justification", "kind", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "value", "value_currency", "weight") SELECT new_values."approved_at", new_values."approved_by_id", new_values."at", new_values."by_id", new_values."id", new_values."justification", new_values."kind", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."value", new_values."value_currency", new_values."weight" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='b103ec0b592dc3cddc053b780130daa0b45100f5', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_f08d0', referencing='REFERENCING NEW TABLE AS new_values ', table='pipeline_strategicvalue', when='AFTER')),
        ),
        AddTrigger(
            model_name='strategicvalue',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_strategicvalueaudit" ("approved_at", "approved_by_id", "at", "by_id", "id", "justification", "kind", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "value", "value_currency", "weight") SELECT new_values."approved_at", new_values."approved_by_id", new_values."at", new_values."by_id", new_values."id", new_values."justification", new_values."kind", new_values."opportunity_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."value", new_values."value_currency", new_values."weight" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='c3f444dc5f9762b43279fba66a57759d4907145c', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_b2e94', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='pipeline_strategicvalue', when='AFTER')),
        ),
        AddTrigger(
            model_name='strategicvalue',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "pipeline_strategicvalueaudit" ("approved_at", "approved_by_id", "at", "by_id", "id", "justification", "kind", "opportunity_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "value", "value_currency", "weight") SELECT old_values."approved_at", old_values."approved_by_id", old_values."at", old_values."by_id", old_values."id", old_values."justification", old_values."kind", old_values."opportunity_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."value", old_values."value_currency", old_values."weight" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='c98105e2e1ec0ccde6698108736aad0b832ac65a', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_eed9c', referencing='REFERENCING OLD TABLE AS old_values ', table='pipeline_strategicvalue', when='AFTER')),
        ),
        AddTrigger(
            model_name='strategicvalueaudit',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1a05caea7cc8ea87010273b04f831d9bdc685466', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_410e1', table='pipeline_strategicvalueaudit', when='BEFORE')),
        ),
    ]
