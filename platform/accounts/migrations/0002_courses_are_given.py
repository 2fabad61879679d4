from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="auditentry",
            name="action",
            field=models.CharField(
                choices=[
                    ("role_changed", "Role changed"),
                    ("reset_link_made", "One-time link made"),
                    ("deactivated", "Deactivated"),
                    ("reactivated", "Reactivated"),
                    ("course_given", "Made instructor of a course"),
                ],
                max_length=20,
            ),
        ),
    ]
