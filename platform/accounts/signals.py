"""What other apps may listen to."""

from django.dispatch import Signal

# A guest signed in or up: `guest` (the id) and `user`. Whatever the guest made becomes the user's.
guest_became_user = Signal()

# An account is deleted in this very transaction: `user`. Whoever keeps what no foreign key would take along deletes it
# now; whoever cannot do without the person raises Conflict, with words for them.
user_about_to_be_deleted = Signal()
