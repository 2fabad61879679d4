"""What other apps hand to courses when they start (`AppConfig.ready`): blocks of a lesson's text, checks before it is
published, kinds of progress, panels under a lesson, and work to be shown on "My work". Courses knows none of these
apps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.actors import Actor
    from accounts.models import User
    from common.markdown import Problem
    from courses.models import Course, Lesson


@dataclass(frozen=True)
class LessonSource:
    """All that a lesson's HTML is made of: what it depends on is here and in the code, so it can be cached by this."""

    body: str
    lesson_id: int | None = None
    folder: str = ""
    quiz: str = ""
    images: tuple[tuple[str, str], ...] = ()
    """Name and address of each picture."""
    terms: tuple[tuple[str, str], ...] = ()
    """Each form of each word that the course explains, and the address where it does."""
    for_author: bool = False
    """An author also sees what is wrong."""
    is_preview: bool = False
    """Nobody answers here: what is asked is shown as it looks."""


BlockHandler = Callable[[LessonSource, str, str, int], str]
"""`handler(source, arguments, body, line)` returns safe HTML, the same for every reader; or raises BlockError."""

Blocks = Sequence[Sequence[str]]
"""The blocks of a revision, as it keeps them: (name, arguments)."""


Check = Callable[[LessonSource], "Iterable[Problem]"]
"""What else keeps a revision from being published."""


@dataclass(frozen=True)
class ProgressKind:
    """One kind of thing to do in a lesson. `keys(blocks)` are those that a lesson with these blocks asks for;
    `is_done(actor, lesson, key)` says whether it is true, when the page says that it is done; `name_of(key)` is what
    this one is called, where a lesson may ask for several of a kind."""

    name: str
    label: str
    keys: Callable[[Blocks], list[str]]
    is_done: Callable[[Actor, Lesson, str], bool]
    name_of: Callable[[str], str] | None = None

    def title(self, key: str) -> str:
        """What there is to do, in words: “Run the demo: Word explorer”."""
        return f"{self.label}: {self.name_of(key)}" if self.name_of else self.label


@dataclass(frozen=True)
class LessonPanel:
    """Something under each lesson, fetched when the reader comes to it from the address named `url_name`, which takes
    the slugs of course and lesson."""

    name: str
    title: str
    url_name: str


@dataclass(frozen=True)
class WorkItem:
    """A line on "My work"."""

    course: Course
    title: str
    url: str
    due: datetime | None
    done_at: datetime | None


Work = Callable[["User"], Iterable[WorkItem]]


@dataclass(frozen=True)
class AuthorNews:
    """How much is new in a course for somebody who looks after it, and where to see it."""

    course_id: int
    count: int
    url: str


AuthorNewsOf = Callable[["User"], Iterable[AuthorNews]]

NewsOf = Callable[["User"], int]
"""How much is new for a reader; one query, as every page asks."""

_blocks: dict[str, BlockHandler] = {}
_printed_blocks: dict[str, BlockHandler] = {}
_checks: list[Check] = []
_progress_kinds: dict[str, ProgressKind] = {}
_panels: dict[str, LessonPanel] = {}
_work: list[Work] = []
_author_news: list[AuthorNewsOf] = []
_news: list[NewsOf] = []


def register_block(name: str, handler: BlockHandler, *, printed: BlockHandler | None = None) -> None:
    """Let `:::name` stand in lessons; takes the place of an earlier handler of that name. `printed` draws it on paper
    and for reading offline, where no script runs; without it, it looks the same there."""
    _blocks[name] = handler
    _printed_blocks[name] = printed or handler


def blocks() -> dict[str, BlockHandler]:
    return dict(_blocks)


def register_check(check: Check) -> None:
    _checks.append(check)


def checked(source: LessonSource) -> list[Problem]:
    """What the registered checks find wrong."""
    return [problem for check in _checks for problem in check(source)]


def printed_blocks() -> dict[str, BlockHandler]:
    return dict(_printed_blocks)


def register_progress(kind: ProgressKind) -> None:
    _progress_kinds[kind.name] = kind


def progress_kinds() -> dict[str, ProgressKind]:
    return dict(_progress_kinds)


def register_panel(panel: LessonPanel) -> None:
    _panels[panel.name] = panel


def panels() -> list[LessonPanel]:
    return list(_panels.values())


def register_work(work: Work) -> None:
    _work.append(work)


def work_of(user: User) -> list[WorkItem]:
    return [item for work in _work for item in work(user)]


def register_author_news(news: AuthorNewsOf) -> None:
    _author_news.append(news)


def author_news_of(user: User) -> list[AuthorNews]:
    return [item for news in _author_news for item in news(user)]


def register_news(news: NewsOf) -> None:
    _news.append(news)


def news_of(user: User) -> int:
    return sum(news(user) for news in _news)
