"""A term without a letter, which a file could bring in, broke its course's glossary."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0002_courses_of_ones_own")]

    operations = [
        migrations.RunSQL("DELETE FROM courses_glossaryterm WHERE term = ''", migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="glossaryterm",
            constraint=models.CheckConstraint(condition=~models.Q(("term", "")), name="term_has_letters"),
        ),
    ]
