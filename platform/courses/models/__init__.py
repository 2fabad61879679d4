"""Courses, the people in them, their lessons, and how far each reader has come."""

from courses.models.course import Announcement, Course, Invitation, Membership
from courses.models.lesson import GlossaryTerm, Lesson, LessonImage, Revision
from courses.models.progress import LessonProgress, ProgressItem

__all__ = [
    "Announcement",
    "Course",
    "GlossaryTerm",
    "Invitation",
    "Lesson",
    "LessonImage",
    "LessonProgress",
    "Membership",
    "ProgressItem",
    "Revision",
]
