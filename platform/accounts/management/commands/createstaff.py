"""The first staff account, or one more: `manage.py createstaff teacher@example.org --name "Ada"`."""

from __future__ import annotations

import getpass
import os
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts import services
from accounts.models import User
from accounts.validators import validate_email_letters, validate_name


class Command(BaseCommand):
    help = (
        "Make a staff account; with --promote, make an existing account staff and give it a new password. "
        "The password is asked for, unless it comes by --password-stdin or in STAFF_PASSWORD."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="shown to others; without it, the part of the email before @")
        parser.add_argument("--promote", action="store_true", help="make an account that exists staff")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *, email: str, name: str, promote: bool, password_stdin: bool, **options: Any) -> None:
        email = User.objects.normalize_email(email)
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"“{email}” is not an email address.") from error
        name = name.strip() or email.partition("@")[0]
        try:
            validate_email_letters(email)
            validate_name(name)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if user := User.objects.filter(email=email).first():
            self.stdout.write(self._promote(user, agreed=promote, stdin=password_stdin))
            return
        password = self._read_password(User(email=email, name=name), stdin=password_stdin)
        services.create_staff(email=email, name=name, password=password)
        self.stdout.write(f"Made a staff account for {email}. Sign in with it and the password you gave.")

    def _promote(self, user: User, *, agreed: bool, stdin: bool) -> str:
        if user.is_staff and user.is_active:
            return f"{user.email} is staff already; nothing was changed."
        if not agreed:
            raise CommandError(
                f"{user.email} has an account already: {user.name}, who joined on {user.joined:%d %B %Y}. Nothing was "
                "changed. Anybody may have registered it, so ask the person face to face whether it is theirs. To make "
                "it staff, run this again with --promote: it gets a new password and is signed out everywhere."
            )
        services.promote_to_staff(user=user, password=self._read_password(user, stdin=stdin))
        return (
            f"{user.email} ({user.name}) is staff now. Sign in with it and the password you gave; "
            "the old password, old sessions and two-step sign-in ended."
        )

    def _read_password(self, user: User, *, stdin: bool) -> str:
        if stdin:
            password = sys.stdin.readline().rstrip("\n")
        elif not (password := os.environ.get("STAFF_PASSWORD", "")):
            password = getpass.getpass("Password: ")
            if getpass.getpass("Password again: ") != password:
                raise CommandError("The two passwords differ. Nothing was changed; try again.")
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return password
