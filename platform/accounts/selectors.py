"""What staff read about people."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.models import AuditEntry, User

MOST_WORDS = 8
"""More would make the search slow, and find nobody else."""


def find_people(*, words: str = "", role: str = "") -> QuerySet[User]:
    """Everybody, or those of one role, or those with each of the words in name or email; whoever came last first."""
    found = User.objects.order_by("-joined", "-pk")
    if role:
        found = found.filter(role=role)
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return found


def recent_audit_entries(*, limit: int) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.select_related("about", "by")[:limit]
