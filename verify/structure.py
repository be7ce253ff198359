"""The shape of a document: pydantic's findings as objections with places and plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from verify.faults import Objection
from verify.models.scenario import Document
from verify.models.values import Misfit, Place, describe
from verify.references import MOST_SUGGESTIONS
from verify.spelling import did_you_mean

M = TypeVar("M", bound=BaseModel)

EXPECTED = {
    "model_type": "an object",
    "model_attributes_type": "an object",
    "dict_type": "an object",
    "mapping_type": "an object",
    "tuple_type": "a list",
    "string_type": "text",
}


def typed(root: object, model: type[M]) -> M | tuple[Objection, ...]:
    """The typed document with its open values still nameless, or all that its shape objects to."""
    try:
        return model.model_validate(root)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        return tuple(
            objection
            for position, detail in enumerate(found)
            for objection in _objections(detail, root, model, suggest=position < MOST_SUGGESTIONS)
        )


def _objections(
    detail: ErrorDetails, root: object, model: type[BaseModel], *, suggest: bool
) -> Iterator[Objection]:
    place = _place_in(root, detail["loc"])
    kind, last = detail["type"], str(detail["loc"][-1]) if detail["loc"] else ""
    if kind == "misfit":
        for misfit in detail["ctx"]["misfits"]:
            yield Objection((*place, *misfit.at), misfit)
    elif kind == "missing":
        yield Objection(place, Misfit(f"no {last}", f"the key {last}"), needs_whole=True)
    elif kind == "extra_forbidden":
        hint = did_you_mean(last, known_keys(place[:-1], model)) if suggest and len(last) <= 200 else ""
        yield Objection(place, Misfit(f"the key {describe(last)}", "a known key", hint), at_key=True)
    elif kind != "default_factory_not_called":  # which only follows from another error
        found = describe(_at(root, place))
        expected = EXPECTED.get(kind, detail["msg"].removeprefix("Input should be ").lower())
        yield Objection(place, Misfit(found, expected))


def _place_in(root: object, location: tuple[str | int, ...]) -> Place:
    """The place that pydantic means: its location as far as the document has it, without union tags."""
    place: list[str | int] = []
    here: Any = root
    for step in location:
        in_object = isinstance(here, Mapping) and step in here
        in_list = isinstance(here, list) and isinstance(step, int) and step < len(here)
        if in_object or in_list:
            place.append(step)
            here = here[step]
    return tuple(place)


def _at(root: Any, place: Place) -> object:
    for step in place:
        root = root[step]
    return root


def known_keys(place: Place, model: type[BaseModel] = Document) -> tuple[str, ...]:
    """The keys that the format has at a place."""
    models: tuple[type[BaseModel], ...] = (model,)
    for step in place:
        if isinstance(step, str):
            models = tuple(inner for model in models for inner in _models_under(model, step))
    return tuple(
        dict.fromkeys(field.alias or name for model in models for name, field in model.model_fields.items())
    )


def _models_under(model: type[BaseModel], key: str) -> Iterator[type[BaseModel]]:
    for name, field in model.model_fields.items():
        if (field.alias or name) == key:
            yield from _models_in(field.annotation)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
