"""What other apps may listen to."""

from django.dispatch import Signal

# A guest signed in or up: `guest` (the id) and `user`. Whatever the guest made becomes the user's.
guest_became_user = Signal()
