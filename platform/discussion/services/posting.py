"""Asking, answering, and what whoever wrote a post does with it later."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.errors import Conflict, NotAllowed, NotFound, SignInNeeded
from discussion.models import Answer, Post, Question
from discussion.selectors.inbox import caretakers
from discussion.selectors.posts import Discussion, PostInView
from discussion.services.telling import mail_question_on_commit, tell
from jobs.allowances import spend

P = TypeVar("P", bound=Post)
PREVIEWS_OF_A_POST = 30


@transaction.atomic
def ask_question(*, discussion: Discussion, title: str, text: str, form_key: UUID) -> Question:
    """
    Raises:
        SignInNeeded, NotAllowed: in words.
        AllowanceUsedUp: that was too much in a short time.
    """
    user = writer(discussion)
    question, is_new = _post_once(
        Question, user, form_key, lesson=discussion.lesson, words={"title": title, "text": text}
    )
    if is_new:
        tell(question=question, people=caretakers(discussion.course), by=user)
        mail_question_on_commit(question=question, by=user)
    return question


@transaction.atomic
def answer_question(*, question: PostInView, text: str, form_key: UUID) -> Answer:
    """
    Raises:
        SignInNeeded, NotAllowed, NotFound, Conflict: in words.
        AllowanceUsedUp: that was too much in a short time.
    """
    discussion = question.discussion
    user = writer(discussion)
    locked = lock_post(question.post.in_question)
    if not PostInView(discussion, locked).may_answer:
        raise Conflict("This question is hidden or withdrawn, so it takes no answers any more.")
    answer, is_new = _post_once(Answer, user, form_key, question=locked, words={"text": text})
    if is_new:
        locked.active_at = answer.created
        locked.save(update_fields=["active_at"])
        asker = [locked.author] if locked.author else []
        tell(question=locked, people=[*caretakers(discussion.course), *asker], by=user)
    return answer


@transaction.atomic
def edit_post(*, post: PostInView, **words: str) -> None:
    """Give it other words: `text`, and a question also `title`.

    Raises:
        SignInNeeded, NotAllowed: in words.
        AllowanceUsedUp: that was too much in a short time.
    """
    user = writer(post.discussion)
    locked = lock_post(post.post)
    if not PostInView(post.discussion, locked).may_edit:
        raise NotAllowed("You can change only what you wrote yourself, and not while it is hidden.")
    spend_post(user)
    for name, value in {**words, "edited_at": timezone.now()}.items():
        setattr(locked, name, value)
    locked.save(update_fields=[*words, "edited_at"])


@transaction.atomic
def delete_post(*, post: PostInView) -> None:
    """A question that others have answered loses its words only.

    Raises:
        NotAllowed: in words.
    """
    locked = lock_post(post.post)
    if not PostInView(post.discussion, locked).may_delete:
        raise NotAllowed("You can delete only what you wrote yourself.")
    if isinstance(locked, Answer) or not locked.answers.exclude(author=post.discussion.user).exists():
        locked.delete()
        return
    locked.title = locked.text = ""
    locked.withdrawn_at = timezone.now()
    locked.save(update_fields=["title", "text", "withdrawn_at"])


@transaction.atomic
def accept_answer(*, answer: PostInView) -> None:
    """This is the answer; another one that was accepted before is not any more.

    Raises:
        NotAllowed: in words.
    """
    accepted = _acceptable(answer)
    accepted.question.answers.filter(accepted_at__isnull=False).update(accepted_at=None)
    accepted.accepted_at = timezone.now()
    accepted.save(update_fields=["accepted_at"])


@transaction.atomic
def unaccept_answer(*, answer: PostInView) -> None:
    """
    Raises:
        NotAllowed: in words.
    """
    accepted = _acceptable(answer)
    accepted.accepted_at = None
    accepted.save(update_fields=["accepted_at"])


def writer(discussion: Discussion) -> User:
    """Who writes here.

    Raises:
        SignInNeeded, NotAllowed: in words.
    """
    if discussion.user is None:
        raise SignInNeeded("Sign in to take part in the discussion.")
    if not discussion.may_write:
        raise NotAllowed(f"“{discussion.course.title}” has closed. You can read its discussions, but not add to them.")
    return discussion.user


def spend_post(user: User) -> None:
    """
    Raises:
        AllowanceUsedUp: with the time from which it is possible again.
    """
    minutes = settings.ALLOWANCES["window_minutes"]
    sentence = f"You have sent {{amount}} posts in the last {minutes} minutes, as many as one person may."
    spend(key=f"posts:{user.pk}", amount=settings.ALLOWANCES["user_posts"], sentence=sentence)


def spend_preview(user: User) -> None:
    """Looking at a post while one writes costs what drawing it costs; nobody types that fast.

    Raises:
        AllowanceUsedUp: with the time from which it is possible again.
    """
    amount = PREVIEWS_OF_A_POST * settings.ALLOWANCES["user_posts"]
    spend(key=f"previews:{user.pk}", amount=amount, sentence="You have looked at too many previews in a short time.")


def _post_once(model: type[P], user: User, form_key: UUID, *, words: dict[str, str], **where: Any) -> tuple[P, bool]:
    """The post, and whether it is new: a form that is sent twice makes one. Other words in a form that has been sent
    (somebody went back in their browser and wrote again) make another."""
    sent: P | None = model._default_manager.filter(author=user, form_key=form_key).first()
    if sent and all(getattr(sent, name) == value for name, value in words.items()):
        return sent, False
    spend_post(user)
    return model._default_manager.get_or_create(
        author=user, form_key=uuid4() if sent else form_key, defaults={**words, **where}
    )


def _acceptable(answer: PostInView) -> Answer:
    if isinstance(answer.post, Answer):
        question = lock_post(answer.post.question)
        locked = lock_post(answer.post)
        locked.question = question
        if PostInView(answer.discussion, locked).may_accept:
            return locked
    raise NotAllowed("Only who asked, or an instructor, says which answer is the one, and of those that are shown.")


def lock_post(post: P) -> P:
    """The row as it is now, unchanged until the transaction ends.

    Raises:
        NotFound: it was deleted meanwhile; in words.
    """
    rows = type(post)._default_manager.select_for_update(of=("self",)).select_related("author")
    locked = rows.filter(pk=post.pk).first()
    if locked is None:
        raise NotFound("This post was deleted in the meantime.")
    return locked
