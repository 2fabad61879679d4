from django.urls import URLPattern

COURSE = "author/courses/<slug:course>/"
LESSON = f"{COURSE}lessons/<slug:lesson>/"

urlpatterns: list[URLPattern] = [
    # Courses
    # The lessons of a course
    # Members
    # Announcements and glossary
    # Copies and their originals
    # Writing a lesson: the editor, its revisions and pictures
    # Export and import
    # Staff
]
