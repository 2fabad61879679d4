from django.urls import include, path

from accounts import leaving, views

urlpatterns = [
    # In place of allauth's own, which would promise mail where none can be sent.
    path("accounts/password/reset/", views.PasswordResetView.as_view(), name="account_reset_password"),
    path("accounts/email/", views.EmailView.as_view(), name="account_email"),
    path("accounts/", include("allauth.urls")),
    path("account/", views.account_page, name="account"),
    path("account/export/", leaving.export_account, name="account-export"),
    path("account/delete/", leaving.delete_account, name="account-delete"),
    path("staff/people/", views.people_page, name="staff-people"),
    path("staff/people/<int:pk>/role/", views.change_role, name="staff-person-role"),
    path("staff/people/<int:pk>/deactivate/", views.deactivate, name="staff-person-deactivate"),
    path("staff/people/<int:pk>/reactivate/", views.reactivate, name="staff-person-reactivate"),
    path("staff/people/<int:pk>/reset-link/", views.make_reset_link, name="staff-person-reset-link"),
]
