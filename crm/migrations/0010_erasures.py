import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from crm.lib.migrations import AddTrigger, CreateModel


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0009_meetings_held'),
    ]

    operations = [
        CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='erasure', to='crm.contact')),
            ],
        ),
        AddTrigger(
            model_name='erasure',
            trigger=pgtrigger.compiler.Trigger(name='never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(FALSE, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='123a33bf2169ee08cb9087a8278fc34d7c4567ef', operation='UPDATE', pgid='pgtrigger_never_changed_c706e', table='crm_erasure', when='BEFORE')),
        ),
        AddTrigger(
            model_name='erasure',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (NOT COALESCE(FALSE, FALSE))', func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e3491fda547e0dc41ad67fb676a8ce10b92c3498', operation='DELETE', pgid='pgtrigger_never_deleted_4be4e', table='crm_erasure', when='BEFORE')),
        ),
    ]
