"""How the people of the story move: who sits at the browser, what is pressed, and a look at every new page."""

import re
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from playwright.sync_api import Page

from records.actions import deliver
from records.models import Letter
from tests.browser import Screens
from tests.strict import BACKEND

PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"


@dataclass
class Walk:
    """One browser that the people of the story share. address: of the server. mail: what has left it."""

    page: Page
    address: str
    screens: Screens
    mail: Any

    def sits_down(self, user: Any) -> None:
        """The next pages are this person's. Staff have shown a second factor."""
        client = Client()
        client.force_login(user, BACKEND)
        session = client.session
        session["second_factor_elsewhere"] = True
        session.save()
        cookie = {"name": "sessionid", "value": session.session_key, "url": self.address, "httpOnly": True}
        self.page.context.clear_cookies()
        self.page.context.add_cookies([cookie])

    def opens(self, name: str, *args: Any) -> None:
        """Go to a page by the name of its address, and look at it."""
        answer = self.page.goto(self.address + reverse(name, args=args))
        assert answer, self.page.url
        assert answer.status == 200, f"{self.page.url} answers {answer.status}"
        self.looks(name.split(":")[-1])

    def looks(self, name: str) -> None:
        """The page fits both widths and passes axe. Once for each page of the story."""
        if f"story-{name}" not in self.screens.seen:
            self.screens(self.page, f"story-{name}")

    def writes(self, **texts: str) -> None:
        """Type in fields by their names; __ in a name is -, so that q__plan is the field q-plan."""
        for name, text in texts.items():
            self.page.locator(f"main [name='{name.replace('__', '-')}']").fill(text)

    def chooses(self, **values: str) -> None:
        """Choose in a list, or a radio button."""
        for name, value in values.items():
            field = name.replace("__", "-")
            listed = self.page.locator(f"main select[name='{field}']")
            if listed.count():
                listed.select_option(value)
            else:
                self.page.locator(f"main input[name='{field}'][value='{value}']").check()

    def ticks(self, *names: str) -> None:
        for name in names:
            self.page.locator(f"main input[type=checkbox][name='{name}']").check()

    def hands_over(self, field: str, name: str) -> None:
        """Choose a file, a small PDF of that name."""
        file: Any = {"name": name, "mimeType": "application/pdf", "buffer": PDF}
        self.page.locator(f"main input[type=file][name='{field}']").set_input_files(file)

    def presses(self, words: str, *, refused: bool = False) -> None:
        """Press a button by its words. Unless it is to be refused, the page that comes has no errors."""
        button = self.page.locator("main").get_by_role("button", name=words).first
        assert button.count(), f"no button {words!r} on {self.page.url}:\n{self.page.locator('main').inner_text()}"
        with self.page.expect_navigation():
            button.click()
        errors = self.page.locator(".ds-error-summary")
        assert bool(errors.count()) == refused, errors.all_inner_texts() or f"nothing was refused on {self.page.url}"

    def reads(self, *sentences: str) -> None:
        """Each sentence stands on the page; spaces of any kind are the same."""
        text = spaced(self.page.locator("main").inner_text())
        for sentence in sentences:
            assert spaced(sentence) in text, f"{sentence!r} does not stand on {self.page.url}:\n{text}"

    def post_comes(self) -> None:
        """The worker delivers what has been posted."""
        for letter in Letter.objects.due(now()):
            deliver(letter.pk, at=now())

    def newest_letter_to(self, address: str) -> Any:
        return next(message for message in reversed(self.mail) if address in message.to)


def code_in(message: Any) -> str:
    """The code of a sign-up letter."""
    found = re.search(r"\d{4}-\d{4}", message.body)
    assert found, message.body
    return found.group()


def spaced(text: str) -> str:
    """With one plain space wherever there are spaces or line breaks."""
    return " ".join(text.split())
