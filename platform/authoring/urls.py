from django.urls import URLPattern, path

from authoring.views import (
    announcements,
    archives,
    copying,
    courses,
    editor,
    glossary,
    help,
    images,
    lessons,
    members,
    revisions,
    staff,
)

COURSE = "author/courses/<slug:course>/"
LESSON = f"{COURSE}lessons/<slug:lesson>/"

urlpatterns: list[URLPattern] = [
    # Courses
    path("author/", courses.author_page, name="author"),
    path("author/help/", help.help_page, name="author-help"),
    path("author/courses/new/", courses.new_course, name="author-course-new"),
    path(f"{COURSE}settings/", courses.settings_page, name="author-settings"),
    path(f"{COURSE}remove/", courses.remove_course, name="author-course-remove"),
    path(f"{COURSE}bring-back/", courses.bring_back_course, name="author-course-bring-back"),
    path(f"{COURSE}instructors/", courses.add_instructor, name="author-instructor-add"),
    path(f"{COURSE}instructors/<int:pk>/remove/", courses.remove_instructor, name="author-instructor-remove"),
    # The lessons of a course
    path(COURSE, lessons.course_page, name="author-course"),
    path(f"{COURSE}lessons/new/", lessons.new_lesson, name="author-lesson-new"),
    path(f"{LESSON}move/", lessons.move, name="author-lesson-move"),
    path(f"{LESSON}due/", lessons.set_due, name="author-lesson-due"),
    path(f"{LESSON}remove/", lessons.remove, name="author-lesson-remove"),
    path(f"{LESSON}bring-back/", lessons.bring_back, name="author-lesson-bring-back"),
    # Members
    path(f"{COURSE}members/", members.members_page, name="author-members"),
    path(f"{COURSE}members/csv/", members.members_file, name="author-members-csv"),
    path(f"{COURSE}members/invite/", members.invite, name="author-invite"),
    path(f"{COURSE}members/<int:pk>/remove/", members.remove_member, name="author-member-remove"),
    path(f"{COURSE}invitations/<int:pk>/withdraw/", members.withdraw_invitation, name="author-invitation-withdraw"),
    path(f"{COURSE}ways-in/<slug:way>/renew/", members.renew_way_in, name="author-way-in-renew"),
    path(f"{COURSE}ways-in/<slug:way>/close/", members.close_way_in, name="author-way-in-close"),
    # Announcements and glossary
    path(f"{COURSE}announcements/", announcements.announcements_page, name="author-announcements"),
    path(f"{COURSE}announcements/<int:pk>/", announcements.change_announcement, name="author-announcement"),
    path(
        f"{COURSE}announcements/<int:pk>/delete/", announcements.delete_announcement, name="author-announcement-delete"
    ),
    path(f"{COURSE}glossary/", glossary.glossary_page, name="author-glossary"),
    path(f"{COURSE}glossary/<int:pk>/", glossary.change_term, name="author-term"),
    path(f"{COURSE}glossary/<int:pk>/delete/", glossary.delete_term, name="author-term-delete"),
    # Copies and their originals
    path("author/copy/", copying.copy_a_course, name="author-copy-course"),
    path("author/copy-lesson/", copying.copy_a_lesson, name="author-copy-lesson"),
    path(f"{LESSON}original/", copying.original_page, name="author-original"),
    # Writing a lesson: the editor, its revisions and pictures
    path(LESSON, editor.editor_page, name="author-lesson"),
    path(f"{LESSON}save/", editor.save_lesson, name="author-lesson-save"),
    path(f"{LESSON}preview/", editor.preview, name="author-lesson-preview"),
    path(f"{LESSON}publish/", editor.publish_lesson, name="author-lesson-publish"),
    path(f"{LESSON}withdraw/", editor.withdraw, name="author-lesson-withdraw"),
    path(f"{LESSON}presence/", editor.presence_in_editor, name="author-lesson-presence"),
    path(f"{LESSON}as-student/", editor.as_student, name="author-as-student"),
    path(f"{LESSON}preview-link/", editor.change_preview_link, name="author-lesson-preview-link"),
    path(f"{LESSON}images/", images.lesson_images, name="author-lesson-images"),
    path(f"{LESSON}revisions/", revisions.revisions_page, name="author-revisions"),
    path(f"{LESSON}revisions/<int:number>/", revisions.revision_page, name="author-revision"),
    path(f"{LESSON}revisions/compare/", revisions.compare_page, name="author-revisions-compare"),
    path(f"{LESSON}restore/", revisions.restore, name="author-lesson-restore"),
    path("preview/<str:token>/", editor.preview_link, name="lesson-preview-link"),
    # Export and import
    path(f"{COURSE}import/", archives.import_page, name="author-import"),
    path(f"{COURSE}export/", archives.export_course, name="author-export"),
    path(f"{LESSON}export/", archives.export_lesson, name="author-lesson-export"),
    # Staff
    path("staff/courses/", staff.courses_page, name="staff-courses"),
    path("staff/courses/<slug:course>/instructor/", staff.give_course, name="staff-course-give"),
]
