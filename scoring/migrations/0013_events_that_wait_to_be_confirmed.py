from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0012_what_both_teams_agreed'),
    ]

    operations = [
        migrations.AlterField(
            model_name='leadevent',
            name='not_counted',
            field=models.CharField(blank=True, choices=[('bot', 'bot'), ('scanner', 'scanner'), ('pending', 'pending')], db_default='', default='', max_length=10),
        ),
    ]
