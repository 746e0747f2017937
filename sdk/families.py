"""Families of models: the models of the API with another base class, for packages that offer them in a way of their own."""

from __future__ import annotations

from ._core.model.family import Family as Family
