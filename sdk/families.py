"""Families of models: the models of the API with another base class, for packages that offer them otherwise."""

from __future__ import annotations

from ._core.model.family import Family as Family
