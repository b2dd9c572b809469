from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pipeline', '0024_a_phase_is_told'),
    ]

    operations = [
        migrations.AlterField(
            model_name='opportunityevent',
            name='kind',
            field=models.CharField(choices=[('created', 'created'), ('setpoint', 'setpoint'), ('move_voided', 'move_voided'), ('amount', 'amount'), ('expected_close_on', 'expected_close_on'), ('owner', 'owner'), ('pipeline', 'pipeline'), ('deal_type', 'deal_type'), ('category', 'category'), ('approach', 'approach'), ('closed', 'closed'), ('reopened', 'reopened'), ('archived', 'archived'), ('merged', 'merged'), ('next_step', 'next_step'), ('qualification', 'qualification'), ('selection', 'selection'), ('evidence', 'evidence'), ('stakeholder', 'stakeholder'), ('economics', 'economics'), ('proposal', 'proposal'), ('negotiation', 'negotiation'), ('document', 'document'), ('file', 'file'), ('pause', 'pause'), ('approval', 'approval'), ('promise', 'promise'), ('meeting_record', 'meeting_record'), ('resource', 'resource'), ('question', 'question'), ('delivery', 'delivery'), ('stage', 'stage')], max_length=20),
        ),
    ]
