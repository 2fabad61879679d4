"""A course of one's own: made, changed, put away; its lessons in order; who teaches it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from authoring.services import courses as services
from authoring.services.lessons import move_lesson
from common.errors import InvalidParams, NotFound
from courses.models import Course, Lesson, Membership
from tests.accounts.conftest import signed_in
from tests.factories import CourseFactory, LessonContentFactory, LessonFactory, MembershipFactory, UserFactory
from tests.helpers import all_at_once, count_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return UserFactory(role=User.Role.INSTRUCTOR, name="Ada", email="ada@example.org")


@pytest.fixture
def client(ada: User) -> Client:
    return signed_in(ada)


@pytest.fixture
def course(ada: User) -> Course:
    return CourseFactory(slug="grammar", title="Grammar", instructor=ada, is_public=False)


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def make(client: Client, **fields: str) -> Any:
    return client.post("/author/courses/new/", {"title": "Grammar", "summary": "About words.", "slug": "", **fields})


# --- a new course


def test_an_instructor_makes_a_course_and_teaches_it(client: Client, ada: User) -> None:
    assert make(client).headers["Location"] == "/author/courses/grammar/"
    course = Course.objects.get()
    assert (course.title, course.summary, course.is_public) == ("Grammar", "About words.", False)
    membership = course.memberships.get()
    assert (membership.user, membership.role) == (ada, "instructor")
    assert "Grammar" in page(client, "/author/")


@pytest.mark.parametrize(("role", "status"), [("student", 403), ("instructor", 200), ("staff", 200)])
def test_instructors_and_staff_make_courses_and_students_do_not(role: str, status: int) -> None:
    client = signed_in(UserFactory(role=role))
    for path in ("/author/", "/author/courses/new/"):
        assert client.get(path).status_code == status
    make(client)
    assert Course.objects.exists() == (status == 200)


def test_the_address_is_made_from_the_title_and_is_always_free(client: Client) -> None:
    for slug in ("grammar", "grammar-2", "grammar-3"):
        assert make(client).headers["Location"] == f"/author/courses/{slug}/"
    assert make(client, title="Новый курс").headers["Location"] == "/author/courses/course/"
    assert make(client, title="New").headers["Location"] == "/author/courses/new-2/"
    assert make(client, title="x" * 120).headers["Location"] == f"/author/courses/{'x' * 46}/"


@pytest.mark.parametrize(
    ("slug", "said"),
    [("taken", "There is already a course"), ("new", "is kept"), ("sequence-models", "is kept"), ("a b", "valid")],
)
def test_an_address_that_cannot_be_had_is_refused_in_words(client: Client, slug: str, said: str) -> None:
    CourseFactory(slug="taken")
    assert said in make(client, slug=slug).content.decode()
    assert Course.objects.count() == 1


def test_the_page_of_courses_shows_ones_own_and_what_was_put_away(client: Client, course: Course, ada: User) -> None:
    CourseFactory(title="Somebody else’s", is_public=False)
    CourseFactory(title="Of last year", instructor=ada, removed_at=timezone.now())
    html = page(client, "/author/")
    assert "Grammar" in html
    assert "Somebody else’s" not in html
    assert "Of last year" in html.split("Put away")[1]


def test_the_page_of_courses_takes_as_many_queries_for_many(client: Client, ada: User) -> None:
    counts = []
    for number in (1, 5):
        for _ in range(number):
            MembershipFactory(course=LessonFactory(course=CourseFactory(instructor=ada)).course)
        counts.append(count_queries(lambda: client.get("/author/")))
    assert counts[0] == counts[1] <= 6


# --- settings


def save(client: Client, **fields: str) -> Any:
    data = {"title": "Grammar", "summary": "About words.", "is_public": "False", "opens": "", "closes": "", **fields}
    return client.post("/author/courses/grammar/settings/", data)


def test_settings_are_saved(client: Client, course: Course) -> None:
    assert save(client, title="Syntax", is_public="True", closes="2030-02-01T12:00").status_code == 302
    course.refresh_from_db()
    assert (course.title, course.is_public, course.slug) == ("Syntax", True, "grammar")
    assert course.closes == datetime(2030, 2, 1, 12, tzinfo=UTC)


def test_times_are_the_servers_and_the_page_says_so(client: Client, course: Course, settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    save(client, opens="2030-01-01T09:00")
    course.refresh_from_db()
    assert course.opens == datetime(2030, 1, 1, 0, tzinfo=UTC)
    html = page(client, "/author/courses/grammar/settings/")
    assert "Time zone: Asia/Tokyo" in html
    assert 'value="2030-01-01T09:00"' in html


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"opens": "2030-02-01T12:00", "closes": "2030-02-01T12:00"}, "A course closes after it opens."),
        ({"opens": "0001-01-01T00:00"}, "too long ago"),
        ({"closes": "9999-12-31T23:59"}, "too far away"),
        ({"title": ""}, "required"),
        ({"summary": "x" * 1_001}, "at most 1000 characters"),
        ({"is_public": "perhaps"}, "valid choice"),
    ],
)
def test_settings_that_make_no_sense_are_refused_in_words(
    client: Client, course: Course, fields: dict[str, str], said: str
) -> None:
    response = save(client, **fields)
    assert response.status_code == 200
    assert said in response.content.decode()
    course.refresh_from_db()
    assert (course.title, course.opens, course.closes) == ("Grammar", None, None)


def test_a_course_is_put_away_and_comes_back(client: Client, course: Course) -> None:
    student = MembershipFactory(course=course).user
    client.post("/author/courses/grammar/remove/")
    assert signed_in(student).get("/courses/grammar/").status_code == 404
    assert "put away" in page(client, "/author/courses/grammar/")
    client.post("/author/courses/grammar/bring-back/")
    assert signed_in(student).get("/courses/grammar/").status_code == 200


# --- who teaches it


def name(client: Client, email: str) -> str:
    response = client.post("/author/courses/grammar/instructors/", {"email": email}, follow=True)
    return str(response.content.decode())


def test_an_instructor_is_added_and_may_write(client: Client, course: Course) -> None:
    grace = UserFactory(role=User.Role.INSTRUCTOR, email="grace@example.org")
    assert signed_in(grace).get("/author/courses/grammar/").status_code == 404
    name(client, "Grace@Example.org")
    assert signed_in(grace).get("/author/courses/grammar/").status_code == 200


def test_a_student_of_the_course_who_became_an_instructor_is_added(client: Client, course: Course) -> None:
    grace = UserFactory(role=User.Role.INSTRUCTOR, email="grace@example.org")
    MembershipFactory(course=course, user=grace)
    name(client, "grace@example.org")
    assert Membership.objects.get(course=course, user=grace).role == "instructor"


def test_only_instructors_can_be_added_and_nobody_learns_who_has_an_account(client: Client, course: Course) -> None:
    UserFactory(email="student@example.org")
    UserFactory(email="gone@example.org", role=User.Role.INSTRUCTOR, is_active=False)
    for email in ("student@example.org", "gone@example.org", "nobody@example.org"):
        assert "No instructor has this email." in name(client, email)
    assert course.memberships.count() == 1


def test_an_instructor_is_removed_and_the_last_one_stays(client: Client, course: Course, ada: User) -> None:
    grace = UserFactory(role=User.Role.INSTRUCTOR, email="grace@example.org")
    name(client, "grace@example.org")
    client.post(f"/author/courses/grammar/instructors/{grace.pk}/remove/")
    assert [membership.user for membership in course.memberships.all()] == [ada]
    response = client.post(f"/author/courses/grammar/instructors/{ada.pk}/remove/", follow=True)
    assert "A course needs an instructor." in response.content.decode()
    assert course.memberships.get().user == ada


def test_the_address_that_removes_instructors_removes_no_student(client: Client, course: Course) -> None:
    student = MembershipFactory(course=course).user
    assert client.post(f"/author/courses/grammar/instructors/{student.pk}/remove/").status_code == 404
    assert course.memberships.count() == 2


# --- lessons


def titles(course: Course) -> list[str]:
    return [lesson.slug for lesson in course.lessons.filter(removed_at=None)]


def test_a_lesson_is_added_and_written_in_the_editor(client: Client, course: Course) -> None:
    response = client.post("/author/courses/grammar/lessons/new/", {"title": "Verbs", "slug": ""})
    assert response.headers["Location"] == "/author/courses/grammar/lessons/verbs/"
    lesson = course.lessons.get()
    assert lesson.head
    assert (lesson.head.title, lesson.published) == ("Verbs", None)
    client.post("/author/courses/grammar/lessons/new/", {"title": "Verbs", "slug": ""})
    assert titles(course) == ["verbs", "verbs-2"]


@pytest.mark.parametrize("slug", ["verbs", "new", "glossary", "leave", "announcements"])
def test_an_address_of_a_lesson_that_cannot_be_had_is_refused_in_words(
    client: Client, course: Course, slug: str
) -> None:
    LessonFactory(course=course, slug="verbs", removed_at=timezone.now())
    response = client.post("/author/courses/grammar/lessons/new/", {"title": "Verbs", "slug": slug})
    assert "Choose another" in response.content.decode()
    assert course.lessons.count() == 1


def test_a_lesson_fits_after_one_of_the_highest_number(client: Client, course: Course) -> None:
    LessonFactory(course=course, slug="a", order=32_767)
    client.post("/author/courses/grammar/lessons/new/", {"title": "Verbs", "slug": ""})
    assert titles(course) == ["a", "verbs"]


def test_the_page_says_which_lessons_students_see(client: Client, course: Course) -> None:
    from courses.services.revisions import save_revision

    LessonFactory(course=course, slug="one", published=False)
    LessonFactory(course=course, slug="two")
    changed = LessonFactory(course=course, slug="three", due=datetime(2030, 5, 1, 12, tzinfo=UTC))
    LessonFactory(course=course, slug="four", content__title="Verbs", removed_at=timezone.now())
    save_revision(lesson=changed, content=LessonContentFactory(title="Newer"), author=None, base=None)
    shown, _, removed = page(client, "/author/courses/grammar/").partition("Put away</h2>")
    one, two, three = (part.split("</li>")[0] for part in shown.split('<li id="')[1:])
    assert "draft" in one
    assert "published" not in one
    assert "published" in two
    assert "draft" not in two
    assert "newer draft" in three
    assert "Newer" in three
    assert "1 May 2030" in three
    assert "Verbs" in removed


def test_the_page_of_a_course_takes_as_many_queries_for_many_lessons(client: Client, course: Course) -> None:
    original = LessonFactory(course=CourseFactory(slug="sequence-models"))
    counts = []
    for number in (1, 5):
        for _ in range(number):
            LessonFactory(course=course, origin=original)
        counts.append(count_queries(lambda: client.get("/author/courses/grammar/")))
    assert counts[0] == counts[1] <= 8


def test_who_removes_an_instructor_is_told_which_links_they_still_know(client: Client, course: Course) -> None:
    other = MembershipFactory(course=course, user__role="instructor", user__name="Bob", role="instructor").user
    LessonFactory(course=course, preview_token="secret", content__title="Verbs")
    Course.objects.filter(pk=course.pk).update(join_code="ABCDEFGH")
    path = reverse("author-instructor-remove", args=[course.slug, other.pk])
    html = client.post(path, follow=True).content.decode()
    assert "Bob may still know the code to join, the preview link of “Verbs”." in html


def test_lessons_are_moved_up_and_down(client: Client, course: Course) -> None:
    for order, slug in enumerate(["a", "b", "c"]):
        LessonFactory(course=course, slug=slug, order=order)

    def move(slug: str, direction: str) -> list[str]:
        client.post(f"/author/courses/grammar/lessons/{slug}/move/", {"direction": direction})
        return titles(course)

    assert move("c", "up") == ["a", "c", "b"]
    assert move("a", "down") == ["c", "a", "b"]
    assert move("c", "up") == ["c", "a", "b"], "The first one stays the first."
    assert move("b", "down") == ["c", "a", "b"], "The last one stays the last."
    assert move("b", "sideways") == ["c", "a", "b"]


def test_a_move_jumps_over_lessons_that_are_put_away_and_mends_equal_numbers(course: Course) -> None:
    lessons = {slug: LessonFactory(course=course, slug=slug, order=7) for slug in ("a", "b", "c")}
    Lesson.objects.filter(slug="b").update(removed_at=timezone.now())
    assert move_lesson(lesson=lessons["c"], steps=-1) == 1
    assert titles(course) == ["c", "a"]
    assert sorted(course.lessons.values_list("order", flat=True)) == [1, 2, 3]
    with pytest.raises(NotFound):
        move_lesson(lesson=lessons["b"], steps=1)


@pytest.mark.django_db(transaction=True)
def test_moves_of_one_moment_all_count() -> None:
    course = CourseFactory()
    lessons = [LessonFactory(course=course, slug=slug, order=order) for order, slug in enumerate("abcd")]
    for _ in range(3):
        all_at_once(4, lambda n: move_lesson(lesson=lessons[n], steps=1))
        assert sorted(titles(course)) == ["a", "b", "c", "d"]
        assert sorted(course.lessons.values_list("order", flat=True)) == [1, 2, 3, 4]


def test_a_moved_list_comes_alone_to_htmx_and_says_what_happened(client: Client, course: Course) -> None:
    for order, slug in enumerate(["a", "b"]):
        LessonFactory(course=course, slug=slug, order=order, content__title=slug.upper())
    path = "/author/courses/grammar/lessons/b/move/"
    client.post(path, {"direction": "up"}, headers={"HX-Request": "true"})
    html = client.get("/author/courses/grammar/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in html
    assert "“B” is lesson 1 now." in html


def test_a_due_date_is_set_and_taken_away(client: Client, course: Course) -> None:
    lesson = LessonFactory(course=course, slug="verbs")
    path = "/author/courses/grammar/lessons/verbs/due/"
    client.post(path, {"due": "2030-05-01T12:00"})
    lesson.refresh_from_db()
    assert lesson.due == datetime(2030, 5, 1, 12, tzinfo=UTC)
    assert "no day and time" in client.post(path, {"due": "soon"}, follow=True).content.decode()
    client.post(path, {"due": ""})
    lesson.refresh_from_db()
    assert lesson.due is None


def test_a_due_date_while_the_course_is_not_open_is_kept_and_told(client: Client, course: Course) -> None:
    LessonFactory(course=course, slug="verbs")
    path = "/author/courses/grammar/lessons/verbs/due/"
    course.opens, course.closes = datetime(2030, 4, 1, tzinfo=UTC), datetime(2030, 7, 1, tzinfo=UTC)
    course.save()
    for due, told in [("2030-03-01T12:00", "before the course opens"), ("2030-08-01T12:00", "after the course closes")]:
        html = client.post(path, {"due": due}, follow=True).content.decode()
        assert f"saved, but this is {told}" in html
        assert f">{told}</span>" in html
    html = client.post(path, {"due": "2030-05-01T12:00"}, follow=True).content.decode()
    assert "the course opens" not in html
    assert "the course closes" not in html


def test_two_lessons_of_one_title_are_told_apart_by_their_addresses(client: Client, course: Course) -> None:
    for slug in ("verbs", "verbs-2"):
        LessonFactory(course=course, slug=slug, content__title="Verbs")
    html = page(client, "/author/courses/grammar/")
    assert ">verbs</p>" in html
    assert ">verbs-2</p>" in html


def test_a_lesson_is_put_away_and_comes_back(client: Client, course: Course) -> None:
    course.is_public = True
    course.save()
    LessonFactory(course=course, slug="verbs")
    client.post("/author/courses/grammar/lessons/verbs/remove/")
    assert Client().get("/courses/grammar/verbs/").status_code == 404
    client.post("/author/courses/grammar/lessons/verbs/bring-back/")
    assert Client().get("/courses/grammar/verbs/").status_code == 200


# --- who gets in

GET = ["author-course", "author-settings", "author-lesson-new"]
POST = [
    "author-course-remove",
    "author-course-bring-back",
    "author-instructor-add",
    "author-lesson-move",
    "author-lesson-due",
    "author-lesson-remove",
    "author-lesson-bring-back",
]


@pytest.mark.parametrize("address", GET + POST)
@pytest.mark.parametrize("who", ["guest", "student", "outsider", "other instructor", "staff"])
def test_nobody_but_its_instructors_runs_a_course(course: Course, who: str, address: str) -> None:
    LessonFactory(course=course, slug="verbs")
    other = {"instructor": UserFactory(role=User.Role.INSTRUCTOR), "staff": UserFactory(role=User.Role.STAFF)}
    people = {
        "student": MembershipFactory(course=course).user,
        "outsider": UserFactory(),
        "other instructor": CourseFactory(instructor=other["instructor"]) and other["instructor"],
        "staff": other["staff"],
    }
    client = signed_in(people[who]) if who in people else Client()
    kwargs = {"course": course.slug, **({"lesson": "verbs"} if "lesson-" in address and "new" not in address else {})}
    path, before = reverse(address, kwargs=kwargs), Course.objects.values().get(pk=course.pk)
    response = (
        client.get(path) if address in GET else client.post(path, {"direction": "up", "email": "ada@example.org"})
    )
    assert response.status_code == {"guest": 302, "student": 403, "outsider": 403}.get(who, 404)
    if who == "guest":
        assert response.headers["Location"].startswith("/accounts/login/")
    assert Course.objects.values().get(pk=course.pk) == before


def test_an_instructor_whose_role_was_taken_does_not_get_in(course: Course, ada: User) -> None:
    User.objects.update(role=User.Role.STUDENT)
    assert signed_in(ada).get("/author/courses/grammar/").status_code == 403


@pytest.mark.parametrize("address", POST)
def test_changing_a_course_takes_a_post(client: Client, course: Course, address: str) -> None:
    kwargs = {"course": course.slug, **({"lesson": "verbs"} if "lesson-" in address else {})}
    assert client.get(reverse(address, kwargs=kwargs)).status_code == 405


def test_a_slug_that_is_taken_in_the_same_moment_is_refused_in_words(ada: User) -> None:
    CourseFactory(slug="grammar")
    with pytest.raises(InvalidParams, match="already a course"):
        services.create_course(by=ada, title="Grammar", summary="…", slug="grammar")
