"""Hiding what should not be there, and telling those who look after a course that something should not."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from common.errors import Conflict, NotAllowed, SignInNeeded
from discussion.models import Answer, Report
from discussion.selectors.inbox import caretakers
from discussion.selectors.posts import PostInView
from discussion.services.posting import lock_post, spend_post
from discussion.services.telling import tell

MODERATORS_ONLY = "Only the course's instructors can do this."


@transaction.atomic
def report_post(*, post: PostInView, reason: str) -> None:
    """
    Raises:
        SignInNeeded, NotAllowed, Conflict: in words.
        AllowanceUsedUp: that was too much in a short time.
    """
    user = post.discussion.user
    if user is None:
        raise SignInNeeded("Sign in to report a post.")
    if not post.may_report:
        raise NotAllowed("You can report what others wrote, as long as it is shown.")
    spend_post(user)
    try:
        with transaction.atomic():
            Report.objects.create(reporter=user, reason=reason, **{post.post.kind: post.post})
    except IntegrityError as error:
        raise Conflict("You have reported this already. The instructors will look at it.") from error
    tell(question=post.post.in_question, people=caretakers(post.discussion.course), by=user)


@transaction.atomic
def resolve_reports(*, post: PostInView) -> None:
    """All that were made of this post are dealt with.

    Raises:
        NotAllowed: in words.
    """
    if not post.discussion.moderates:
        raise NotAllowed(MODERATORS_ONLY)
    waiting = post.post.reports.filter(resolved_at=None)
    waiting.update(resolved_at=timezone.now(), resolved_by=post.discussion.user)


@transaction.atomic
def hide_post(*, post: PostInView, reason: str) -> None:
    """Only its author and whoever moderates see it from now on. Reports of it are dealt with by that.

    Raises:
        NotAllowed: in words.
    """
    if isinstance(post.post, Answer):
        lock_post(post.post.question)  # first, as where an answer is accepted
    hidden = lock_post(post.post)
    if not PostInView(post.discussion, hidden).may_hide:
        raise NotAllowed("Only the course's instructors can do this, and once.")
    hidden.hidden_at, hidden.hidden_by, hidden.hidden_reason = timezone.now(), post.discussion.user, reason
    if isinstance(hidden, Answer):
        hidden.accepted_at = None
        hidden.save(update_fields=["hidden_at", "hidden_by", "hidden_reason", "accepted_at"])
    else:
        hidden.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    resolve_reports(post=post)


@transaction.atomic
def unhide_post(*, post: PostInView) -> None:
    """
    Raises:
        NotAllowed: in words.
    """
    if not post.discussion.moderates:
        raise NotAllowed(MODERATORS_ONLY)
    shown = lock_post(post.post)
    shown.hidden_at, shown.hidden_by, shown.hidden_reason = None, None, ""
    shown.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
