from django.urls import path, re_path

from courses.views import images, reading

urlpatterns = [
    path("", reading.home, name="home"),
    path("courses/<slug:course>/", reading.course_page, name="course"),
    path("courses/<slug:course>/<slug:lesson>/", reading.lesson_page, name="lesson"),
    re_path(r"^images/(?P<file>[0-9a-f]{32}\.(png|jpg|webp|gif))$", images.lesson_image, name="lesson-image"),
]
