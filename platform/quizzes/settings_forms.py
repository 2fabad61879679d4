"""How a quiz is taken, as its instructors fill it in."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import User
from authoring.forms import MomentField
from courses.models import Course, Membership
from quizzes.questions import Rules

MOST_MINUTES = 1_440


class RulesForm(forms.Form):
    """These stand in quiz.yaml."""

    title = forms.CharField(required=False, max_length=200, help_text="“Quiz”, if you leave it empty.")
    attempts = forms.IntegerField(
        required=False, min_value=1, max_value=100, help_text="Left empty: as many as one likes."
    )
    minutes = forms.FloatField(
        required=False,
        min_value=0.1,
        max_value=MOST_MINUTES,
        label="Time limit in minutes",
        help_text="For an attempt. Left empty: none.",
    )
    show = forms.ChoiceField(
        label="When answers and explanations show",
        choices=[
            ("at once", "At once: after each question that is checked"),
            ("after the attempt", "After the attempt"),
            ("after the deadline", "After the deadline"),
        ],
        help_text="“After the deadline” needs one: as long as none is set below, answers show after the attempt.",
    )
    shuffle = forms.BooleanField(required=False, label="Everybody gets the questions in another order")
    base = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def rules(self) -> Rules:
        said = self.cleaned_data
        return Rules(attempts=said["attempts"], minutes=said["minutes"], shuffle=said["shuffle"], show=said["show"])


class QuizSettingsForm(forms.Form):
    """These belong to the course."""

    deadline = MomentField(required=False, help_text="Until then one can begin, and hand in.")
    weight = forms.FloatField(
        min_value=0, max_value=1_000, help_text="How much it counts in the gradebook. 0: not at all."
    )


class _StudentChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.email})"


class ExtraTimeForm(forms.Form):
    user = _StudentChoice(User.objects.none(), label="Student", empty_label="Choose a student")
    minutes = forms.IntegerField(required=False, min_value=0, max_value=MOST_MINUTES, label="More minutes")
    until = MomentField(required=False, label="Own deadline", help_text="In place of the quiz’s.")

    def __init__(self, *args: Any, course: Course, **how: Any) -> None:
        super().__init__(*args, **how)
        students = User.objects.filter(memberships__course=course, memberships__role=Membership.Role.STUDENT)
        field = self.fields["user"]
        assert isinstance(field, _StudentChoice)
        field.queryset = students.order_by("name", "pk")
