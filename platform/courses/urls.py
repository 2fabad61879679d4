from django.urls import path, re_path

from courses.views import enrolment, glossary, images, printing, progress, reading, search, work

urlpatterns = [
    path("", reading.home, name="home"),
    path("courses/", reading.courses_page, name="courses"),
    path("courses/<slug:course>/", reading.course_page, name="course"),
    path("courses/<slug:course>/glossary/", glossary.glossary_page, name="glossary"),
    path("courses/<slug:course>/leave/", enrolment.leave, name="course-leave"),
    path("courses/<slug:course>/<slug:lesson>/", reading.lesson_page, name="lesson"),
    path("courses/<slug:course>/<slug:lesson>/progress/", progress.LessonProgress.as_view(), name="lesson-progress"),
    path("courses/<slug:course>/<slug:lesson>/print/", printing.printable_lesson, name="lesson-print"),
    path("search/", search.search_page, name="search"),
    path("my/", work.my_work, name="my-work"),
    path("enrol/", enrolment.enrol, name="enrol"),
    path("enrol/<slug:token>/", enrolment.enrol_link, name="enrol-link"),
    re_path(r"^images/(?P<file>[0-9a-f]{32}\.(png|jpg|webp|gif))$", images.lesson_image, name="lesson-image"),
]
