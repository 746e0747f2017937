"""Write the decoding expressions of the models, and the tables of their unions."""

from __future__ import annotations

from typing import assert_never

from attrs import define, field

from ..ir import Decision, JsonType, Scored, Shape, Tagged
from ..ir.decoding import DecodePlan
from .types import literal_value

#: How the runtime writes the types of JSON values.
_LETTERS = {
    JsonType.STRING: "s", JsonType.NUMBER: "n", JsonType.NULL: "0",
    JsonType.BOOLEAN: "b", JsonType.ARRAY: "a", JsonType.OBJECT: "o",
}  # fmt: skip


@define
class DecoderWriter:
    """Write decoders for one module; `local` are the classes defined in it, all others come lazily."""

    local: frozenset[str]
    lazies: set[str] = field(factory=set)
    helpers: set[str] = field(factory=set)
    tables: dict[str, str] = field(factory=dict)  # constant → its expression

    def expression(self, plan: DecodePlan, value: str, table: str, depth: int = 0) -> str:
        """Return an expression that decodes the variable `value`; `table` names a union's table if one is needed."""
        if plan.alias:
            return f"{self.name(plan.alias)}.decode({value})"
        cases = []
        if plan.object is not None:
            cases.append((f"{self.decoder(plan, table)}.from_dict({value})", "dict"))
        if plan.map is not None:
            inner = self.expression(plan.map, "x", f"{table}_VALUE", depth + 1)
            cases.append((f"{{k: {inner} for k, x in {value}.items()}}", "dict"))
        if plan.array is not None:
            item = "i" if depth == 0 else f"i{depth}"
            inner = self.expression(plan.array, item, f"{table}_ITEM", depth + 1)
            cases.append((f"[{inner} for {item} in {value}]", "list"))
        if plan.text:
            self.helpers.add(plan.text)
            cases.append((f"{plan.text}({value})", "str"))
        text = value
        for code, kind in reversed(cases):
            text = f"{code} if isinstance({value}, {kind}) else {text}"
        return f"({text})" if depth and plan.map else text

    def decoder(self, plan: DecodePlan, table: str) -> str:
        """Return the name of what decodes an object: a class, a named union, or a table of this module."""
        if isinstance(plan.object, str):
            return self.name(plan.object)
        assert plan.object is not None
        name, expression = f"_{table}", self.table(plan.object)  # the shapes that it names come first
        if plan.rest is not None:
            self.helpers.add("Alias")
            free = self.expression(plan.rest, "v", f"{table}_FREE")
            expression = f"{expression[:-1]}, Shape(Alias(lambda v: {free}), (), {{}}, {{}}))"
        while self.tables.get(name, expression) != expression:  # the name of an inner table of another field
            name += "_"
        self.tables[name] = expression
        return name

    def table(self, decision: Decision) -> str:
        """Return the expression that builds a union's decision."""
        match decision:
            case Tagged(tag, cases, rest):
                self.helpers.add("Union")
                rows = ", ".join(f"{literal_value(value)}: {self.table(target)}" for value, target in cases)
                return f"Union({literal_value(tag)}, {{{rows}}}{f', {self.table(rest)}' if rest else ''})"
            case Scored(shapes):
                self.helpers.update({"Best", "Shape"})
                return f"Best({', '.join(self._shape(s) for s in shapes)})"
            case str():
                return self.name(decision)
            case _:
                assert_never(decision)

    def _shape(self, shape: Shape) -> str:
        required = "".join(f"{literal_value(k)}, " for k in shape.required)
        values = ", ".join(
            f"{literal_value(k)}: ({''.join(literal_value(v) + ', ' for v in vs)})" for k, vs in shape.values
        )
        kinds = ", ".join(f"{literal_value(k)}: {literal_value(_letters(v))}" for k, v in shape.types)
        only = "" if shape.only is None else f", ({''.join(literal_value(k) + ', ' for k in shape.only)})"
        constant = f"_{shape.name}_SHAPE"
        self.tables.setdefault(
            constant, f"Shape({self.name(shape.name)}, ({required}), {{{values}}}, {{{kinds}}}{only})"
        )
        return constant

    def name(self, name: str) -> str:
        """Return how this module reaches a class or a named union."""
        if name in self.local:
            return name
        self.lazies.add(name)
        return f"_{name}"


def _letters(types: frozenset[JsonType]) -> str:
    return "".join(sorted(_LETTERS[one] for one in types))
