"""Serializers that all apps share, and how the one shape of errors looks in the API's schema."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses what it does not know, so that a misspelt name is told and not passed over."""

    def to_internal_value(self, data: Any) -> Any:
        values = super().to_internal_value(data)
        unknown = {str(name) for name in data} - set(self.fields)
        if unknown:
            raise serializers.ValidationError({name: ["There is no such field."] for name in sorted(unknown)})
        return values


class ErrorDetailSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="What kind of error it is, for programs: `invalid_params`, `not_found`, …")
    message = serializers.CharField(help_text="What happened and what to do next, for people.")
    fields = serializers.DictField(  # type: ignore[assignment]  # the wire's name, which DRF uses for something else
        child=serializers.ListField(child=serializers.CharField()),
        help_text="What is wrong with each field that is wrong; empty where it is not about fields.",
    )


class ErrorSerializer(serializers.Serializer[Any]):
    """The one shape of every error."""

    error = ErrorDetailSerializer()
