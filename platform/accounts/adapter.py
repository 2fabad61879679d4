"""Where allauth asks how things are done here."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.actors import client_address
from accounts.validators import validate_email_letters


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This email and password do not go together. Check both, or reset your password.",
        "email_taken": "There is already an account with this email. Sign in, or use another address.",
        "too_many_login_attempts": "Too many tries with a wrong password. Wait five minutes, then try again.",
        "rate_limited": "That was too often in a short time. Wait a minute, then try again.",
        "incorrect_password": "This is not your password. Check it and try again.",
        "enter_current_password": "This is not your current password. Check it and try again.",
        "incorrect_code": "This code does not fit. Check it, or wait for the next one.",
    }

    def clean_email(self, email: str) -> str:
        validate_email_letters(email)
        return email

    def is_safe_url(self, url: str) -> bool:
        """Only this very host and port: behind the other names in ALLOWED_HOSTS may be somebody else's program."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts={context.request.get_host()})

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))
