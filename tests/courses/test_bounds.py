"""What one instructor writes costs everybody else little."""

from __future__ import annotations

import pytest
from django.test import Client

from courses.models import GlossaryTerm
from courses.services.glossary import GlossaryFileError, read_glossary
from tests.factories import CourseFactory


def test_a_term_has_no_more_forms_than_people_use() -> None:
    text = "- term: a\n  definition: b\n  also: [{}]\n"
    assert read_glossary(text.format(", ".join(f"w{n}" for n in range(20))))
    with pytest.raises(GlossaryFileError, match="at most 20"):
        read_glossary(text.format(", ".join(f"w{n}" for n in range(21))))


@pytest.mark.django_db
def test_a_term_with_endless_forms_does_not_keep_others_from_searching(client: Client) -> None:
    forms = [f"word{number}" for number in range(150_000)]
    GlossaryTerm.objects.create(course=CourseFactory(), term="zz", definition="Its meaning.", also=forms)
    page = client.get("/search/?q=zz")
    assert page.status_code == 200
    assert "Its meaning." in page.content.decode()
