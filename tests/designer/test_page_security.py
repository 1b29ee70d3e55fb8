"""What every page says to the browser, and what no template does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from tests.designer.people import person, signed_in

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def policy(response) -> dict[str, str]:
    parts = response.headers["Content-Security-Policy"].split("; ")
    return dict(part.split(" ", 1) for part in parts)


@pytest.mark.django_db
def test_only_our_own_scripts_run_and_nobody_frames_us():
    response = Client().get("/login/")
    rules = policy(response)
    assert rules["default-src"] == "'self'"
    assert "unsafe-inline" not in rules["script-src"]
    assert "unsafe-eval" not in rules["script-src"]
    assert (rules["object-src"], rules["base-uri"], rules["frame-ancestors"], rules["form-action"]) == (
        "'none'", "'none'", "'none'", "'self'")
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.django_db
def test_each_page_has_a_nonce_of_its_own_on_each_inline_script():
    nonces = set()
    for _ in range(2):
        response = Client().get("/login/")
        nonce = re.search(r"'nonce-([^']+)'", policy(response)["script-src"])
        assert nonce is not None
        nonces.add(nonce[1])
        for tag in re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", response.content.decode()):
            assert f'nonce="{nonce[1]}"' in tag or "application/json" in tag
    assert len(nonces) == 2


@pytest.mark.django_db
def test_a_refusal_and_a_wrong_address_are_pages_with_their_status():
    client = signed_in(person("misaki", "viewer"))
    for path, status in (("/people/", 403), ("/nowhere/", 404), ("/functions/none-such/", 404)):
        response = client.get(path)
        assert response.status_code == status
        assert "</html>" in response.content.decode()
        assert "Content-Security-Policy" in response.headers


@pytest.mark.django_db
def test_a_form_that_was_open_too_long_is_explained():
    response = signed_in(person("misaki", "viewer"), csrf=True).post("/account/", {"name": "x"})
    assert response.status_code == 403
    assert "open for too long" in response.content.decode()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_escape_everything_and_hold_no_script(template: Path):
    text = template.read_text(encoding="utf-8")
    assert "|safe" not in text
    assert "autoescape off" not in text
    assert not re.search(r"\son[a-z]+\s*=", re.sub(r"{%.*?%}|{{.*?}}", "", text))
    assert "javascript:" not in text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_form_that_posts_has_the_token(template: Path):
    text = template.read_text(encoding="utf-8")
    for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL):
        assert "{% csrf_token %}" in form
