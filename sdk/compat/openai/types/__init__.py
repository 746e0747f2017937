"""The types of replies and of arguments, by the modules of the official package: `types.chat.ChatCompletion`.

`types.tsv` has a line for each module. A name there ends in a mark that says what it is:

    =        a model of the SDK; its name follows, if it is another one
    !        a model that the API description does not have: any object fits it
    :        a dict of arguments
    " [ {    a str, a list, a dict of any kind
    @        the module that it is from
    ?        something else

A `*` before a name says that the package exports it, too.
"""

from __future__ import annotations

from ..modules import names_of, type_named

_NAMES = names_of("")
#: Anything that is not a type of one module.
AllModels = str


def __getattr__(name: str) -> object:
    found = globals()[name] = type_named(__name__, "", name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *names_of("")})
