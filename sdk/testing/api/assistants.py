"""Assistants."""

from .collection import Collection


class Assistants(Collection):
    """The assistants."""

    operation, prefix, noun, deletion = "assistants.create", "asst_", "assistant", "assistant.deleted"


ASSISTANTS = Assistants()
