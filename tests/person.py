"""Somebody with a browser's manners but no browser: cookies, CSRF tokens, JSON and a socket."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.factories import PASSWORD

FINAL = {"result", "failed", "stopped"}


class Person:
    """A visitor of a running Unroll; `sign_up` makes them a student."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=30, follow_redirects=True)

    def sign_up(self, email: str, name: str = "Ada") -> Person:
        self.post_form("/accounts/signup/", email=email, name=name, password1=PASSWORD, password2=PASSWORD)
        return self

    def sign_in(self, email: str, password: str = PASSWORD) -> Person:
        self.post_form("/accounts/login/", login=email, password=password)
        return self

    def post_form(self, path: str, **fields: str) -> httpx.Response:
        page = self.http.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token, page.text
        answer = self.http.post(
            path, data={**fields, "csrfmiddlewaretoken": token[1]}, headers={"Referer": self.url + path}
        )
        assert answer.status_code == 200, answer.text
        assert answer.url.path != path, f"the form came back: {answer.text}"
        return answer

    def post(self, path: str, body: Any = None) -> httpx.Response:
        token = self.http.cookies.get("csrftoken")
        headers = {"X-CSRFToken": token, "Referer": self.url} if token else {}
        return self.http.post(path, json=body or {}, headers=headers)

    def submit(self, demo: str, **params: Any) -> dict[str, Any]:
        answer = self.post(f"/api/demos/{demo}/jobs/", {"params": params})
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def job(self, job_id: str) -> dict[str, Any]:
        return dict(self.http.get(f"/api/jobs/{job_id}/").json())

    def stop(self, job_id: str) -> None:
        assert self.post(f"/api/jobs/{job_id}/stop/").status_code == 200

    def events(self, job_id: str, after: int = 0) -> dict[str, Any]:
        return dict(self.http.get(f"/api/jobs/{job_id}/events/", params={"after": after}).json())

    def listen(self, job_id: str, after: int = 0, timeout: float = 90) -> Iterator[dict[str, Any]]:
        """The events of a job as they come over the socket, until it is closed; `queued` ones are left out."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        url = f"{self.url.replace('http', 'ws', 1)}/ws/jobs/{job_id}/?after={after}"
        with connect(url, origin=self.url, additional_headers={"Cookie": cookies}) as socket:  # type: ignore[arg-type]
            while True:
                try:
                    event = json.loads(socket.recv(timeout=timeout))
                except ConnectionClosed:
                    return
                if event["seq"]:
                    yield event
