from django.urls import path, re_path

from courses.views import enrolment, images, reading

urlpatterns = [
    path("", reading.home, name="home"),
    path("courses/<slug:course>/", reading.course_page, name="course"),
    path("courses/<slug:course>/leave/", enrolment.leave, name="course-leave"),
    path("courses/<slug:course>/<slug:lesson>/", reading.lesson_page, name="lesson"),
    path("enrol/", enrolment.enrol, name="enrol"),
    path("enrol/<slug:token>/", enrolment.enrol_link, name="enrol-link"),
    re_path(r"^images/(?P<file>[0-9a-f]{32}\.(png|jpg|webp|gif))$", images.lesson_image, name="lesson-image"),
]
