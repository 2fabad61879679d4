from django.urls import path

from courses import views

urlpatterns = [
    path("", views.home, name="home"),
    path("courses/<slug:course>/", views.course_page, name="course"),
    path("courses/<slug:course>/<slug:lesson>/", views.lesson_page, name="lesson"),
]
