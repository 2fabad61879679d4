"""What other apps may listen to."""

from django.dispatch import Signal

# Students read another revision from now on: `lesson` and `revision`. Sent once that is committed.
lesson_published = Signal()
