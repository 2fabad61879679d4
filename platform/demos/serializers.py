"""What the API says about a demo, and what a request to run one looks like."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from common.serializers import StrictSerializer


class PresetSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    params = serializers.DictField(help_text="Changes to the defaults.")


class DemoSerializer(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    title = serializers.CharField()
    summary = serializers.CharField()
    lesson = serializers.SlugField(help_text="The lesson it belongs to.")
    queue = serializers.ChoiceField(
        ["inference", "training"],
        help_text="`inference` answers in a moment; `training` takes its time and needs an account.",
    )
    deterministic = serializers.BooleanField(help_text="Equal params give an equal result.")
    follows_typing = serializers.BooleanField(help_text="The page runs it while a person types.")
    continues = serializers.BooleanField(help_text="A stopped or finished run can go on from where it was.")
    params = serializers.DictField(help_text="JSON Schema of `params`; every field has a default.")
    presets = serializers.DictField(child=PresetSerializer(), help_text="Named starting points.")


@extend_schema_serializer(
    examples=[OpenApiExample("A first run", {"params": {}}), OpenApiExample("Changed", {"params": {"word": "berlin"}})]
)
class JobRequestSerializer(StrictSerializer):
    params = serializers.DictField(
        help_text="See the demo's `params`; what is left out keeps its default, and `{}` is a good first run."
    )
    replaces = serializers.UUIDField(
        required=False,
        help_text="The job of the words typed a moment ago, where the demo follows typing: it is stopped, "
        "and both count once.",
    )
