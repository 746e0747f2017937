"""A family of models: those of a package once more, with another base class in front of their own."""

from __future__ import annotations

from typing import Any

from ..public import expose
from .base import ApiModel, _Hooks
from .decoder import load


class Family:
    """The models of `package`, each as a subclass of itself and of `base`, made with its first use.

    A member reads JSON by the fields of its model, and all models inside are members, too. `module` is the package that
    offers the members: its `__getattr__` calls the family, and its module `_index` has the names of that of `package`.
    `slots` are further attributes of every member. With "__dict__" it takes any, in `_own`, which are not in its JSON.
    """

    __slots__ = ("_base", "_found", "_module", "_package", "_slots")

    def __init__(self, package: str, base: type, module: str, slots: tuple[str, ...] = ()) -> None:
        self._package, self._base, self._module, self._slots = package, base, module, slots
        self._found: dict[str, Any] = {}

    def __call__(self, name: str) -> Any:
        """Return a member, or a union of members, by the name of its model. Raises: AttributeError."""
        found = self._found.get(name)
        if found is None:
            model = load(self._package, name)
            found = self.member(model, self._base) if isinstance(model, type) else model.within(self._module)
            found = self._found.setdefault(name, found)  # another thread may have made it
        return found

    def model(self, name: str) -> Any:
        """Return the model of a name."""
        return load(self._package, name)

    def member(self, model: type[ApiModel], base: type) -> Any:
        """Return a class of a model of its own, with another `base`, that reads the same members inside."""
        scope = {"__module__": self._module, "__doc__": model.__doc__, "_family": self._module}
        meta: Any = type(model)
        made = meta(model.__name__, (base, model), {"__slots__": self._slots, **scope})
        if "__dict__" in self._slots:  # which is the JSON of a model to all who ask for it
            shown = {"__dict__": vars(_Hooks)["__dict__"], "_own": vars(made)["__dict__"]}
            made = meta(model.__name__, (made,), {"__slots__": (), **shown, **scope})
        return made


expose(globals(), "families")
