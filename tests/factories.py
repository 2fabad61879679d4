"""Objects for tests, real rows with plausible values."""

from __future__ import annotations

from typing import Any

import factory

from accounts.models import User

PASSWORD = "correct horse 42"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """`UserFactory(role="staff")`; signs in with `PASSWORD` unless given another."""

    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    role = User.Role.STUDENT
    password = PASSWORD

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(*args, **kwargs)
