"""A course, the people around it, and something of each kind that an address can name."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import get_resolver, reverse

from accounts.models import User
from courses.models import Announcement, Course, GlossaryTerm, Invitation, Lesson, LessonImage
from courses.models.lesson import IMAGE_FOLDER
from discussion.models import Question
from jobs.models import Job, Upload
from jobs.services import share_job, submit_job
from quizzes.services.taking import start_attempt
from tests.factories import CourseFactory, LessonFactory, UserFactory
from tests.helpers import actor_of


class World:
    """`people` by what they are; `arguments(name)` fills the address of that name."""

    def __init__(self) -> None:
        student, outsider = UserFactory(), UserFactory()
        instructor, other = UserFactory(role=User.Role.INSTRUCTOR), UserFactory(role=User.Role.INSTRUCTOR)
        self.people: dict[str, User | None] = {
            "guest": None,
            "student": student,
            "outsider": outsider,
            "instructor": instructor,
            "other_instructor": other,
            "staff": UserFactory(role=User.Role.STAFF),
        }
        self.course: Course = CourseFactory(instructor=instructor, student=student, is_public=False)
        CourseFactory(instructor=other, student=outsider, is_public=False)
        self.course.join_code, self.course.join_token = "ABCDEFGH", "a-token"
        self.course.save()
        # What one does not teach, one cannot follow either.
        original = LessonFactory(course=CourseFactory(instructor=instructor), content__body="The original.\n")
        self.lesson: Lesson = LessonFactory(
            course=self.course,
            origin=original,
            origin_revision=original.head,
            preview_token="a-preview",
            content__body="Text.\n\n:::predict two\n",
            content__quiz="questions: [{id: one, type: text, prompt: What?, accept: [that]},"
            " {id: two, type: text, prompt: And?, accept: [this]}]\n",
        )
        self.attempt = start_attempt(actor=actor_of(student), lesson=self.lesson)
        self.announcement = Announcement.objects.create(course=self.course, title="News", text="None.")
        self.term = GlossaryTerm.objects.create(course=self.course, term="gate", definition="It opens.")
        self.invitation = Invitation.objects.create(course=self.course, email="somebody@example.org")
        self.question = Question.objects.create(
            lesson=self.lesson, author=student, title="Why?", text="I wonder.", form_key=uuid4()
        )
        self.job = self._shared_job(student)
        self.upload = Upload.objects.create(
            owner=student, demo="explorer", field="file", name="a.csv", size=1, sha256="0" * 64, facts={}
        )
        self.image = self._picture()

    def _picture(self) -> LessonImage:
        file = f"{'a' * 32}.png"
        default_storage.save(f"{IMAGE_FOLDER}/{file}", ContentFile(b"a picture"))
        return LessonImage.objects.create(
            lesson=self.lesson, name="map.png", file=file, width=1, height=1, size=9, sha256="0" * 64
        )

    def _shared_job(self, owner: User) -> Job:
        return share_job(job=submit_job(demo="explorer", params={}, actor=actor_of(owner)))

    def address(self, name: str) -> str:
        """The address called `name`, leading to something of this world."""
        (_, parameters), *_ = get_resolver().reverse_dict.getlist(name)[0][0]
        of_all, of_this = self.values, self.special.get(name, {})
        return reverse(name, kwargs={parameter: {**of_all, **of_this}[parameter] for parameter in parameters})

    @property
    def values(self) -> dict[str, Any]:
        """What a parameter of this name is filled with."""
        return {
            "course": self.course.slug,
            "lesson": self.lesson.slug,
            "job_id": self.job.pk,
            "upload_id": self.upload.pk,
            "attempt": self.attempt.pk,
            "attempt_id": self.attempt.pk,
            "question": self.question.pk,
            "kind": "question",
            "number": 1,
            "way": "link",
            "file": self.image.file,
            "slug": "explorer",
        }

    @property
    def special(self) -> dict[str, dict[str, Any]]:
        """The same, where it depends on the address."""
        student = self.people["student"]
        assert student
        person = {"pk": student.pk}
        post = {"pk": self.question.pk}
        instructor = self.people["instructor"]
        assert instructor
        return {
            "enrol-link": {"token": self.course.join_token},
            "lesson-preview-link": {"token": self.lesson.preview_token},
            "discussion-edit": post,
            "discussion-delete": post,
            "discussion-report": post,
            "discussion-hide": post,
            "discussion-act": {**post, "action": "unhide"},
            "author-announcement": {"pk": self.announcement.pk},
            "author-announcement-delete": {"pk": self.announcement.pk},
            "author-term": {"pk": self.term.pk},
            "author-term-delete": {"pk": self.term.pk},
            "author-invitation-withdraw": {"pk": self.invitation.pk},
            "author-grades-student": {"pk": self.course.memberships.get(user=student).pk},
            "author-member-remove": {"pk": self.course.memberships.get(user=student).pk},
            "author-instructor-remove": {"pk": instructor.pk},
            "author-quiz-question": {"question": "one"},
            "author-quiz-change": {"question": "one", "action": "duplicate"},
            "api-answer": {"question": "one"},
            "api-answer-check": {"question": "one"},
            "api-prediction": {"question": "two"},
            "quiz-prediction": {"question": "two"},
            "shared-run": {"token": self.job.share_token},
            "my-run-action": {"action": "share"},
            "staff-job-action": {"action": "stop"},
            "staff-person-role": person,
            "staff-person-deactivate": person,
            "staff-person-reactivate": person,
            "staff-person-reset-link": person,
            "account_confirm_email": {"key": "nothing"},
            "account_reset_password_from_key": {"uidb36": "1", "key": "nothing"},
        }

    def body(self, name: str) -> dict[str, Any]:
        """What is sent with it, as JSON or as a form: nothing, but where something must be named to be looked for."""
        if name == "lesson-progress":
            return {"data": b'{"position": ""}', "content_type": "application/json"}
        if name == "api-uploads":
            return {"data": encode_multipart(BOUNDARY, {"demo": "explorer"}), "content_type": MULTIPART_CONTENT}
        if name.startswith("api-"):
            return {"data": b"{}", "content_type": "application/json"}
        here = f"{self.course.slug}/{self.lesson.slug}"
        forms = {
            "author-question-bank-copy": {"lesson": self.lesson.slug, "question": "one", "into": here},
            "author-copy-course": {"course": self.course.slug},
            "author-copy-lesson": {"lesson": f"{self.course.slug}/{self.lesson.slug}", "into": self.course.slug},
            "author-lesson-publish": {"base": "1"},
            "author-lesson-restore": {"revision": "1"},
        }
        return {"data": urlencode(forms.get(name, {})), "content_type": "application/x-www-form-urlencoded"}
