"""From a YAML document to a validated object, with errors that name the line and the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from careline.documents import Document
from careline.errors import ContentError, Problem, problem

Model = TypeVar("Model", bound=BaseModel)


def parse(model: type[Model], document: Document, *at: Any) -> Model:
    """Make a `model` of the part of a document at key path `at`.

    Raises:
        ContentError: with one problem for each unknown key, missing key or wrong value.
    """
    value = document.value
    for key in at:
        value = value[key]
    if not isinstance(value, dict):
        raise ContentError([problem(document.path, document.line(*at), f"expected keys and values here; write {_keys(model)}")])
    try:
        return model(**value)
    except ValidationError as error:
        raise ContentError([_problem(document, at, model, item) for item in error.errors()]) from error


def _problem(document: Document, at: tuple[Any, ...], model: type[BaseModel], item: Mapping[str, Any]) -> Problem:
    location = item["loc"]
    name = ".".join(map(str, location))
    line = document.line(*at, *location)
    if item["type"] == "value_error.extra":
        return problem(document.path, line, f"unknown key {name!r}; remove it or use one of {_keys(model)}")
    if item["type"] == "value_error.missing":
        return problem(document.path, line, f"the key {name!r} is missing; add it")
    return problem(document.path, line, f"{name!r}: {item['msg']}; correct the value")


def _keys(model: type[BaseModel]) -> str:
    return ", ".join(field.alias for field in model.__fields__.values())
