"""What an email and a name may be made of."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError


def validate_email_letters(email: str) -> None:
    """Raises ValidationError for other than printable ASCII.

    Python and PostgreSQL disagree on the small letters of other scripts, and accounts are found by the small form.
    """
    if not (email.isascii() and email.isprintable()):
        raise ValidationError("Use an email made of the letters a to z, digits and signs. Others do not work here.")


def validate_name(name: str) -> None:
    """Raises ValidationError for control and format characters: they hide, or turn round, what stands beside them."""
    if any(unicodedata.category(letter) in ("Cc", "Cf") for letter in name):
        raise ValidationError("There are invisible characters in this name. Type it instead of pasting it.")
