"""Copies of courses and lessons, and what becomes of them when their originals change."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from authoring.selectors.originals import named_lessons
from authoring.services.courses import create_course
from authoring.services.originals import merge_contents
from courses.lesson_files import LessonContent
from courses.models import Announcement, Course, GlossaryTerm, Lesson, LessonImage
from courses.services.revisions import (
    NotPublishable,
    publish_revision,
    save_revision,
    withdraw_lesson,
)
from tests.accounts.conftest import signed_in
from tests.factories import CourseFactory, LessonFactory, MembershipFactory, UserFactory
from tests.helpers import actor_of, all_at_once, count_queries

pytestmark = pytest.mark.django_db
QUIZ = "questions: [{id: one, type: text, prompt: What?, accept: [that]}]\n"
BODY = "First.\n\nSecond.\n\nThird.\n"


@pytest.fixture
def ada() -> User:
    return UserFactory(role=User.Role.INSTRUCTOR, name="Ada")


@pytest.fixture
def client(ada: User) -> Client:
    return signed_in(ada)


@pytest.fixture
def original(ada: User) -> Course:
    return CourseFactory(slug="grammar", title="Grammar", summary="About words.", instructor=ada)


@pytest.fixture
def lesson(original: Course) -> Lesson:
    lesson = LessonFactory(
        course=original,
        slug="verbs",
        order=5,
        folder="word_vectors",
        due=timezone.now(),
        content__title="Verbs",
        content__aims=("find a verb",),
        content__body=BODY,
        content__quiz=QUIZ,
    )
    picture(lesson, "map.png")
    return lesson


def sha256(of: str) -> str:
    return hashlib.sha256(of.encode()).hexdigest()


def picture(lesson: Lesson, name: str, of: str = "") -> LessonImage:
    return LessonImage.objects.create(
        lesson=lesson,
        name=name,
        file=f"{sha256(of or name)[:32]}.png",
        width=1,
        height=1,
        size=1,
        sha256=sha256(of or name),
    )


def write(lesson: Lesson, body: str, **fields: object) -> None:
    """A new revision, published."""
    assert lesson.head
    old = LessonContent.of(lesson.head)
    content = LessonContent(**{**vars(old), "body": body, **fields})
    publish_revision(lesson=lesson, revision=save_revision(lesson=lesson, content=content, author=None, base=None))


def copy(client: Client, course: str = "grammar") -> int:
    return client.post("/author/copy/", {"course": course}).status_code


@pytest.fixture
def copied(client: Client, lesson: Lesson) -> Lesson:
    """Ada's copy of the lesson, in her copy of the course."""
    assert copy(client) == 302
    return Lesson.objects.get(origin=lesson)


# --- a course


def test_a_copied_course_has_the_lessons_pictures_and_words_of_its_original(
    client: Client, ada: User, original: Course, lesson: Lesson
) -> None:
    LessonFactory(course=original, slug="first", order=1, content__title="First")
    GlossaryTerm.objects.create(course=original, term="verb", also=["verbs"], definition="It does.")
    assert copy(client) == 302
    course = Course.objects.get(origin=original)
    assert (course.title, course.slug, course.summary) == ("Grammar (copy)", "grammar-copy", "About words.")
    assert course.memberships.get().user == ada
    assert [one.title for one in course.lessons.all()] == ["First", "Verbs"]
    made = course.lessons.get(slug="verbs")
    assert made.head
    assert LessonContent.of(made.head) == LessonContent.of(lesson.shown)
    assert (made.folder, made.origin, made.origin_revision) == ("word_vectors", lesson, lesson.published)
    assert (made.images.get().name, made.images.get().file) == ("map.png", lesson.images.get().file)
    assert course.terms.get().also == ["verbs"]


def test_a_copy_is_for_members_only_and_its_lessons_are_published_as_they_were(copied: Lesson) -> None:
    assert not copied.course.is_public
    assert copied.published == copied.head
    student = MembershipFactory(course=copied.course).user
    html = signed_in(student).get(copied.get_absolute_url()).content.decode()
    assert "Second." in html


def test_members_announcements_dates_and_codes_stay_with_the_original(
    client: Client, ada: User, original: Course, lesson: Lesson
) -> None:
    MembershipFactory(course=original)
    Announcement.objects.create(course=original, title="Hello", text="…")
    Course.objects.filter(pk=original.pk).update(join_code="ABCD2345", opens=timezone.now(), join_token="link")
    copy(client)
    course = Course.objects.get(origin=original)
    assert (course.join_code, course.join_token, course.opens, course.closes) == (None, None, None, None)
    assert course.memberships.get().user == ada
    assert not course.announcements.exists()
    assert course.lessons.get().due is None


def test_copying_twice_gives_two_courses(client: Client, lesson: Lesson) -> None:
    copy(client)
    copy(client)
    assert sorted(Course.objects.values_list("slug", flat=True)) == ["grammar", "grammar-copy", "grammar-copy-2"]


@pytest.fixture
def built_in() -> Course:
    return CourseFactory(slug="sequence-models", title="Sequence models")


def test_of_the_course_that_comes_with_unroll_only_what_is_published_and_not_put_away_is_copied(
    client: Client, built_in: Course
) -> None:
    original, lesson = built_in, LessonFactory(course=built_in, slug="verbs", content__title="Verbs")
    LessonFactory(course=original, slug="draft", published=False)
    LessonFactory(course=original, slug="gone", removed_at=timezone.now())
    withdraw_lesson(lesson=LessonFactory(course=original, slug="withdrawn"))
    save_revision(lesson=lesson, content=LessonContent("Secret draft"), author=None, base=None)
    assert copy(client, "sequence-models") == 302
    made = Lesson.objects.get(course__origin=original)
    assert (made.slug, made.title) == ("verbs", "Verbs")


def test_whoever_teaches_the_original_copies_its_drafts_as_drafts(client: Client, ada: User, original: Course) -> None:
    LessonFactory(course=original, slug="draft", published=False, content__title="Draft")
    copy(client)
    made = Lesson.objects.get(course__origin=original)
    assert (made.title, made.published) == ("Draft", None)


def test_what_somebody_does_not_teach_they_cannot_copy(client: Client, original: Course, lesson: Lesson) -> None:
    """A copy has the answers to the questions, so reading is not enough."""
    own = client.post("/author/courses/new/", {"title": "Mine", "summary": "…", "slug": "mine"})
    assert own.status_code == 302
    data = {"into": "mine", "lesson": "grammar/verbs"}
    assert client.post("/author/copy-lesson/", data).status_code == 302
    for role in (None, "student"):
        original.memberships.all().delete()
        if role:
            MembershipFactory(course=original, user=User.objects.get(name="Ada"), role=role)
        assert copy(client) == 404
        assert client.post("/author/copy-lesson/", data).status_code == 404
        assert "Grammar" not in client.get("/author/").content.decode()
        assert "Grammar" not in client.get("/author/courses/mine/lessons/new/").content.decode()
    original.memberships.update(role="instructor")
    Course.objects.filter(pk=original.pk).update(removed_at=timezone.now())
    assert copy(client) == 404
    assert Course.objects.count() == 2


@pytest.mark.parametrize(("role", "status"), [("guest", 302), ("student", 403), ("instructor", 302), ("staff", 302)])
def test_instructors_copy_and_students_do_not(role: str, status: int, built_in: Course) -> None:
    client = Client() if role == "guest" else signed_in(UserFactory(role=role))
    assert copy(client, "sequence-models") == status
    assert Course.objects.filter(origin=built_in).exists() == (role in ("instructor", "staff"))


@pytest.mark.parametrize("named", ["", "nothing", "a\0b", "../grammar"])
def test_a_course_that_is_not_there_is_not_copied(client: Client, named: str) -> None:
    assert copy(client, named) == 404


# --- a lesson


def test_a_single_lesson_is_copied_as_a_draft_to_the_end(client: Client, ada: User, lesson: Lesson) -> None:
    own = CourseFactory(slug="mine", instructor=ada)
    LessonFactory(course=own, slug="verbs", order=3)
    assert "Verbs" in client.get("/author/courses/mine/lessons/new/").content.decode()
    client.post("/author/copy-lesson/", {"into": "mine", "lesson": "grammar/verbs"})
    made = own.lessons.get(origin=lesson)
    assert (made.slug, made.order, made.published) == ("verbs-2", 4, None)
    assert made.images.count() == 1


def test_nobody_copies_a_lesson_into_a_course_of_others(client: Client, lesson: Lesson) -> None:
    other = CourseFactory(slug="theirs", instructor=UserFactory(role=User.Role.INSTRUCTOR))
    assert client.post("/author/copy-lesson/", {"into": "theirs", "lesson": "grammar/verbs"}).status_code == 404
    assert not other.lessons.exists()


@pytest.mark.parametrize(
    "place", ["", "/", "grammar", "grammar/nothing", "nothing/verbs", "a\0b/verbs", "grammar/a\0b"]
)
def test_a_lesson_that_is_not_there_is_not_copied(client: Client, ada: User, lesson: Lesson, place: str) -> None:
    own = CourseFactory(slug="mine", instructor=ada)
    assert client.post("/author/copy-lesson/", {"into": "mine", "lesson": place}).status_code == 404
    assert not own.lessons.exists()


# --- the original changes


def page_of(client: Client, copied: Lesson) -> str:
    return client.get(f"/author/courses/{copied.course.slug}/").content.decode()


def decide(client: Client, copied: Lesson, how: str, **numbers: int) -> str:
    copied.refresh_from_db()
    assert copied.head
    assert copied.origin
    assert copied.origin.published
    data = {"how": how, "base": copied.head.number, "seen": copied.origin.published.number, **numbers}
    path = f"/author/courses/{copied.course.slug}/lessons/{copied.slug}/original/"
    html = client.post(path, data, follow=True).content.decode()
    copied.refresh_from_db()
    return str(html)


def test_a_change_of_the_original_is_offered_and_changes_nothing(
    client: Client, lesson: Lesson, copied: Lesson
) -> None:
    assert "original changed" not in page_of(client, copied)
    write(lesson, BODY.replace("Second.", "The second."))
    assert "original changed" in page_of(client, copied)
    copied.refresh_from_db()
    assert "Second." in copied.shown.body
    html = client.get(f"/author/courses/{copied.course.slug}/lessons/verbs/original/").content.decode()
    assert "The second" in html or "<ins" in html


def test_a_draft_of_the_original_is_not_offered(client: Client, lesson: Lesson, copied: Lesson) -> None:
    save_revision(lesson=lesson, content=LessonContent("Secret draft"), author=None, base=None)
    assert "original changed" not in page_of(client, copied)
    html = client.get(f"/author/courses/{copied.course.slug}/lessons/verbs/original/").content.decode()
    assert "Secret draft" not in html


def test_an_original_that_cannot_be_read_any_more_is_not_offered(
    client: Client, original: Course, lesson: Lesson, copied: Lesson
) -> None:
    write(lesson, "Now secret.\n")
    LessonFactory(course=original, slug="another")
    original.memberships.all().delete()
    html = page_of(client, copied)
    assert "original changed" not in html
    assert "added to the original" not in html
    path = f"/author/courses/{copied.course.slug}/lessons/verbs/original/"
    assert client.get(path).status_code == client.post(path, {"how": "take"}).status_code == 404


def test_the_originals_text_is_taken_as_a_draft_with_its_pictures(
    client: Client, lesson: Lesson, copied: Lesson
) -> None:
    picture(lesson, "new.png")
    picture(lesson, "unused.png")
    write(lesson, "New.\n\n![What is new](new.png)\n", title="Verbs!")
    decide(client, copied, "take")
    assert copied.head
    assert copied.published
    assert (copied.head.title, copied.published.title) == ("Verbs!", "Verbs")
    assert copied.head.body.startswith("New.")
    assert sorted(copied.images.values_list("name", flat=True)) == ["map.png", "new.png"]
    assert "original changed" not in page_of(client, copied)


@pytest.mark.parametrize("how", ["take", "merge"])
def test_a_picture_of_the_original_does_not_become_another_one_of_that_name(
    client: Client, ada: User, lesson: Lesson, copied: Lesson, how: str
) -> None:
    picture(copied, "new.png", of="one's own")
    picture(lesson, "new.png", of="theirs")
    picture(lesson, "asked.png")
    quiz = QUIZ.replace("prompt: What?", "image: new.png, prompt: '![a](asked.png)'")
    write(lesson, BODY + "\n![What is new](new.png)\n", quiz=quiz)
    decide(client, copied, how)
    assert copied.head
    assert copied.head.body == BODY + "\n![What is new](new-2.png)\n"
    assert copied.head.quiz == quiz.replace("new.png", "new-2.png")
    kept = {image.name: image for image in copied.images.all()}
    assert sorted(kept) == ["asked.png", "map.png", "new-2.png", "new.png"]
    assert kept["new-2.png"].sha256 == sha256("theirs")
    assert kept["new.png"].sha256 == sha256("one's own")
    # The next change of the original finds the picture under the name it has here.
    write(lesson, BODY + "\n![What is new](new.png)\n\nMore.\n", quiz=quiz)
    decide(client, copied, "merge")
    assert copied.head
    assert copied.head.body == BODY + "\n![What is new](new-2.png)\n\nMore.\n"
    assert copied.images.count() == 4


def test_a_copied_picture_is_its_copiers(client: Client, ada: User, lesson: Lesson) -> None:
    lesson.images.update(uploaded_by=UserFactory())
    copy(client)
    assert LessonImage.objects.get(lesson__origin=lesson).uploaded_by == ada


def test_ones_own_text_is_kept_and_the_offer_goes_away(client: Client, lesson: Lesson, copied: Lesson) -> None:
    write(lesson, "New.\n")
    decide(client, copied, "keep")
    assert copied.head
    assert (copied.head.number, copied.head.body) == (1, BODY)
    assert "original changed" not in page_of(client, copied)
    write(lesson, "Newer.\n")
    assert "original changed" in page_of(client, copied)


def test_changes_in_different_places_are_put_together(client: Client, lesson: Lesson, copied: Lesson) -> None:
    write(copied, BODY.replace("First.", "My first."), summary="Mine.")
    write(lesson, BODY.replace("Third.", "The third."), aims=["find every verb"])
    assert "Both are together" in decide(client, copied, "merge")
    assert copied.head
    assert copied.head.body == "My first.\n\nSecond.\n\nThe third.\n"
    assert (copied.head.summary, copied.head.aims) == ("Mine.", ["find every verb"])


def test_changes_in_the_same_place_both_stand_there_and_cannot_be_published(
    client: Client, lesson: Lesson, copied: Lesson
) -> None:
    write(copied, BODY.replace("Second.", "My second."), title="Mine")
    write(lesson, BODY.replace("Second.", "Their second."), title="Theirs")
    html = decide(client, copied, "merge")
    assert "Both stand there" in html
    assert "The title was changed on both sides." in html
    assert copied.head
    assert copied.head.title == "Mine"
    assert copied.head.body == (
        "First.\n\n<<<<<<< yours\nMy second.\n======= or\nTheir second.\n>>>>>>> original\n\nThird.\n"
    )
    with pytest.raises(NotPublishable) as refused:
        publish_revision(lesson=copied, revision=copied.head)
    assert [problem.line for problem in refused.value.problems] == [3, 5, 7]


def test_the_middle_mark_that_is_left_is_found_and_a_heading_is_none(client: Client, copied: Lesson) -> None:
    """Below a line of words, “=======” would make a heading of it."""
    copied_head = save_revision(
        lesson=copied, content=LessonContent("Verbs", body="Mine.\n======= or\n"), author=None, base=None
    )
    with pytest.raises(NotPublishable):
        publish_revision(lesson=copied, revision=copied_head)
    write(copied, "A heading\n=======\n\nText.\n")


def test_nothing_is_taken_when_somebody_saved_or_published_in_between(
    client: Client, lesson: Lesson, copied: Lesson
) -> None:
    write(lesson, "New.\n")
    write(copied, "A colleague's.\n")
    for how in ("take", "merge"):
        assert "has saved this lesson in the meantime" in decide(client, copied, how, base=1)
    for how in ("take", "merge", "keep"):
        assert "changed once more" in decide(client, copied, how, seen=1)
    assert copied.head
    assert copied.head.body == "A colleague's.\n"
    assert "original changed" in page_of(client, copied)


def test_new_lessons_of_the_original_are_offered_and_copied(client: Client, original: Course, copied: Lesson) -> None:
    LessonFactory(course=original, slug="nouns", content__title="Nouns")
    LessonFactory(course=original, slug="draft", published=False)
    Lesson.objects.filter(pk=copied.pk).update(removed_at=timezone.now())
    html = page_of(client, copied)
    assert "1 lesson was added to the original" in html
    client.post("/author/copy-lesson/", {"into": copied.course.slug, "lesson": ["grammar/nouns"]})
    assert copied.course.lessons.filter(slug="nouns").exists()
    assert "added to the original" not in page_of(client, copied)


def test_several_lessons_are_copied_together_or_none_is(client: Client, ada: User, lesson: Lesson) -> None:
    own = CourseFactory(slug="mine", instructor=ada)
    LessonFactory(course=lesson.course, slug="nouns", order=9)
    places = ["grammar/verbs", "grammar/nouns"]
    data = {"into": "mine", "lesson": [*places, "grammar/nothing"]}
    assert client.post("/author/copy-lesson/", data).status_code == 404
    assert not own.lessons.exists()
    client.post("/author/copy-lesson/", {"into": "mine", "lesson": [*places, places[0]]})
    assert [one.slug for one in own.lessons.all()] == ["verbs", "nouns"]


def test_lessons_are_found_in_as_many_queries_however_many_are_named(ada: User, original: Course) -> None:
    places = [("grammar", LessonFactory(course=original).slug) for _ in range(5)]
    assert count_queries(lambda: named_lessons(actor_of(ada), places)) == 2


@pytest.mark.parametrize("who", ["guest", "student", "other instructor", "staff"])
def test_nobody_but_its_instructors_decides_about_a_copy(lesson: Lesson, copied: Lesson, who: str) -> None:
    write(lesson, "New.\n")
    people = {
        "student": MembershipFactory(course=copied.course).user,
        "other instructor": UserFactory(role=User.Role.INSTRUCTOR),
        "staff": UserFactory(role=User.Role.STAFF),
    }
    other = signed_in(people[who]) if who in people else Client()
    path = f"/author/courses/{copied.course.slug}/lessons/verbs/original/"
    status = {"guest": 302, "student": 403}.get(who, 404)
    assert other.get(path).status_code == other.post(path, {"how": "take"}).status_code == status
    copied.refresh_from_db()
    assert copied.head
    assert copied.head.body == BODY


def test_a_lesson_that_is_no_copy_has_no_original(client: Client, ada: User) -> None:
    LessonFactory(course=CourseFactory(slug="mine", instructor=ada), slug="verbs")
    assert client.get("/author/courses/mine/lessons/verbs/original/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_courses_of_one_title_that_come_to_be_at_once_all_get_an_address(ada: User) -> None:
    made = all_at_once(4, lambda _: create_course(by=ada, title="Grammar", summary="…").slug)
    assert sorted(made) == ["grammar", "grammar-2", "grammar-3", "grammar-4"]


TEXTS = st.lists(st.sampled_from(["a", "b", "", "c d"]), max_size=8).map("\n".join)


@given(TEXTS, TEXTS, TEXTS)
def test_what_only_one_side_changed_is_taken_and_nothing_is_lost(base: str, yours: str, theirs: str) -> None:
    def lesson(body: str) -> LessonContent:
        return LessonContent("Title", body=body, quiz=body)

    assert merge_contents(lesson(base), lesson(yours), lesson(base)).content == lesson(yours)
    assert merge_contents(lesson(base), lesson(base), lesson(theirs)).content == lesson(theirs)
    merged = merge_contents(lesson(base), lesson(yours), lesson(theirs))
    for line in set(yours.split("\n")) - set(base.split("\n")):
        assert line in merged.content.body.split("\n")
    assert ("text" in merged.conflicts) == ("<<<<<<< yours" in merged.content.body)
