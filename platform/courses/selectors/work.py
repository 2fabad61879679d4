"""What there is to do for one reader, over all their courses."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actors import Actor
from courses import extensions
from courses.extensions import WorkItem
from courses.models import Announcement, Course, LessonProgress
from courses.selectors.access import CourseInView, view_of, visible_courses
from courses.selectors.lessons import lessons_of_courses
from courses.selectors.progress import CourseState, LessonState, Stop, states_of, stopped_at

NEVER = datetime.min.replace(tzinfo=UTC)
MOST_DONE = 20
MOST_ANNOUNCEMENTS = 5


@dataclass(frozen=True)
class CourseRow:
    """A course in a list, with how far the viewer is."""

    view: CourseInView
    progress: CourseState

    @property
    def course(self) -> Course:
        return self.view.course


@dataclass(frozen=True)
class MyWork:
    stop: Stop | None
    due: list[WorkItem]
    """What has a date and is not done, the earliest first; what is overdue stands at the top."""
    waiting: list[WorkItem]
    """What another app hands in that has no date and is not done, such as a new answer."""
    begun: list[LessonState]
    """Begun, not done, without a date; seen last first."""
    done: list[WorkItem]
    """The latest first."""
    courses: list[CourseRow]
    """Also those that are not open yet, or not any more; nothing else comes from these."""
    announcements: list[Announcement]


def courses_with_progress(actor: Actor) -> tuple[list[CourseRow], list[CourseRow]]:
    """The viewer's own courses (member, or begun) and the other public ones. Three queries."""
    rows = _rows(actor, visible_courses(actor))
    mine = [row for row in rows if row.view.is_member or row.progress.has_begun]
    others = [row for row in rows if row not in mine and row.course.is_public]
    return mine, others


def work_of(actor: Actor) -> MyWork:
    """Everything on "My work" but the runs. The number of queries does not grow with courses or lessons."""
    begun = LessonProgress.objects.filter(user=actor.user, guest=actor.guest, lesson__course=OuterRef("pk"))
    courses = _rows(actor, visible_courses(actor).filter(~Q(my_role="") | Exists(begun)))
    rows = [row for row in courses if row.view.may_read_lessons]
    states = [state for row in rows for state in row.progress.lessons]
    more = extensions.work_of(actor.user) if actor.user else []
    # What was not done in time in a course that has closed is not to do any more.
    kept = [state for row in rows for state in row.progress.lessons if state.is_done or row.view.may_take_part]
    items = [*map(_item, kept), *more]
    member_of = [row.course for row in rows if row.view.is_member]
    return MyWork(
        stop=_latest_stop(rows),
        due=sorted((item for item in items if item.due and not item.done_at), key=lambda item: item.due or NEVER),
        waiting=[item for item in more if not item.due and not item.done_at],
        begun=sorted(
            (state for state in states if state.has_begun and not state.is_done and not state.lesson.due),
            key=lambda state: state.last_seen or NEVER,
            reverse=True,
        ),
        done=sorted((item for item in items if item.done_at), key=lambda item: item.done_at or NEVER, reverse=True)[
            :MOST_DONE
        ],
        courses=courses,
        announcements=list(
            Announcement.objects.filter(course__in=member_of).select_related("course")[:MOST_ANNOUNCEMENTS]
        ),
    )


def _rows(actor: Actor, courses: QuerySet[Course]) -> list[CourseRow]:
    """Each of these courses with the viewer's state in its lessons. Three queries."""
    views = [view_of(actor, course) for course in courses.order_by("title", "pk")]
    lessons = lessons_of_courses(view.course for view in views)
    states: dict[int, list[LessonState]] = defaultdict(list)
    for state in states_of(actor, lessons).lessons:
        states[state.lesson.course_id].append(state)
    return [CourseRow(view=view, progress=CourseState(tuple(states[view.course.pk]))) for view in views]


def _latest_stop(rows: list[CourseRow]) -> Stop | None:
    """In the course that the reader saw last and has not done."""
    open_rows = [row for row in rows if row.progress.has_begun and not row.progress.is_done]
    if not open_rows:
        return None
    return stopped_at(max(open_rows, key=lambda row: row.progress.last_seen or NEVER).progress.lessons)


def _item(state: LessonState) -> WorkItem:
    lesson = state.lesson
    return WorkItem(
        course=lesson.course,
        title=lesson.title,
        url=lesson.get_absolute_url(),
        due=lesson.due,
        done_at=state.done_at,
    )
