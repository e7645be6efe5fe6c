"""Drawings that move: one more kind of picture, at most one for an exercise (a table of some dozens of rows)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exercises", "0016_invitations"),
    ]

    operations = [
        migrations.AlterField(
            model_name="exerciseasset",
            name="kind",
            field=models.CharField(
                choices=[
                    ("drawing", "Drawing"),
                    ("moving", "Moving drawing"),
                    ("picture", "Picture"),
                    ("video", "Video"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="exerciseasset",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "moving")),
                fields=("exercise",),
                name="asset_one_moving",
            ),
        ),
    ]
