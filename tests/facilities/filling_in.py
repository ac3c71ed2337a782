"""A browser without script: reads the form of a page, fills in its fields, presses a button, goes where it is sent."""

from lxml import html


class Filling:
    """Filling(client, address) opens a page. fill(name=…) types; press("words of a button") sends the form."""

    def __init__(self, client, address):
        self.client = client
        self.answer = client.get(address)
        self._read()

    def _read(self):
        assert self.answer.status_code in (200, 409, 422), self.answer.status_code
        self.tree = html.fromstring(self.answer.content.decode())
        self.form = next(iter(self.tree.xpath("//main//form")))
        self.typed = {}

    def names(self):
        return {element.name for element in self.form.inputs}

    def fill(self, **fields):
        """Type in fields; a list ticks boxes. A field that is not on the page is an error."""
        for name, value in fields.items():
            assert name in self.names(), f"{name} is not among {sorted(filter(None, self.names()))}"
            self.typed[name] = value
        return self

    def press(self, words, *, form=None):
        """Press the button with these words (its name and value come along); follow where it leads."""
        if form is not None:
            self.form, self.typed = form, {}
        button = next(
            each
            for each in self.form.xpath(".//button[@type='submit'][not(@hidden)]")
            if " ".join(each.text_content().split()).startswith(words)
        )
        sent = {}
        for name, value in self.form.form_values():
            sent.setdefault(name, []).append(value)
        for name, value in self.typed.items():
            sent[name] = value if isinstance(value, list) else [value]
        if button.get("name"):
            sent[button.get("name")] = [button.get("value")]
        address = self.form.get("action") or self.answer.request["PATH_INFO"]
        self.answer = self.client.post(address, sent)
        if self.answer.status_code == 302:
            self.answer = self.client.get(self.answer["Location"].partition("#")[0])
        self._read_if_there()
        return self

    def press_named(self, name, value):
        """Press the button that carries this name and value."""
        button = next(each for each in self.form.xpath(".//button") if (each.get("name"), each.get("value")) == (name, value))
        return self.press(" ".join(button.text_content().split()))

    def _read_if_there(self):
        try:
            self._read()
        except StopIteration:
            self.form = None
