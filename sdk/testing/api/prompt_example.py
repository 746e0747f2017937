"""Build a value that is valid by a JSON schema, of what a prompt says: arguments of tool calls, structured output."""

import re
from typing import Any

from ..description.example import Example


class PromptExample(Example):
    """Take strings and numbers from the prompt where they are valid."""

    def __init__(self, schema: Any, prompt: str) -> None:
        super().__init__(schema)
        self._prompt = prompt
        self.words = re.findall(r"\w[\w.'-]*", prompt)
        found = re.findall(r"(?<![\w.])-?\d{1,15}(?:\.\d{1,15})?(?![\w])", prompt)
        self.numbers = [float(text) for text in found]

    def text(self, name: str) -> str:
        """Return the prompt's value for a name: `name=value`, a value in quotes, else its last proper noun or word."""
        if name and (value := re.search(rf"\b{re.escape(name)}\s*(?:=|:| is )\s*[\"']?([^\s\"',;]+)", self._prompt)):
            return str(value[1]).rstrip(".!?")
        if quoted := re.search(r"\"([^\"]+)\"", self._prompt):
            return str(quoted[1])
        # Most tools want a proper noun: the last capitalised word that does not start the prompt.
        names = [word for word in self.words[1:] if word[0].isupper()]
        return [name, *self.words[-1:], *names[-1:]][-1].rstrip(".'-")
