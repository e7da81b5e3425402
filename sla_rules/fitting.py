"""Parts of an agreement that are right by themselves and do not fit together, found at once with those that are wrong.

A model says by methods marked `fits` what has to hold among its parts. They are asked of a model whose parts are all right, and of
a *draft*, which lacks the parts that are not: who asks for one of those finds nothing, and everybody else is heard.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cache
from typing import Annotated, Any, Final, ParamSpec, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError, ValidationInfo
from pydantic_core import InitErrorDetails

Place = tuple[int | str, ...]
"""Keys and numbers from the model down to a part of it."""
Misfit = tuple[Place, str]
"""Where, and what is wrong there with what would be right."""
Asked = ParamSpec("Asked")
Model = TypeVar("Model", bound=BaseModel)
Method = TypeVar("Method", bound=Callable[..., Iterator[Misfit]])

MADE: Final = "made"
"""The key of the validation context under which models and drafts are kept by the mapping that each was made of.

Without it no drafts are made, and whoever wrote one wrong part hears of that alone.
"""
_FITS: Final = "_fits"


class Unread:
    """In the place of an item of a draft that nothing could be made of; it may have a name, which others know."""

    def __init__(self, item: object) -> None:
        name = item.get("id") if isinstance(item, Mapping) else None
        if isinstance(name, str):
            self.id = name


def in_a_whole_file(info: ValidationInfo) -> bool:
    """Whether what is read is a file of which all is to be found that is wrong."""
    return info.context is not None and MADE in info.context


def fits(method: Method) -> Method:
    """Mark a method that yields what does not fit together in its model."""
    setattr(method, _FITS, True)
    return method


def looked_at(check: Callable[Asked, Iterable[Misfit]], *asked: Asked.args, **named: Asked.kwargs) -> Iterator[Misfit]:
    """What a check finds, up to where it asks a draft for a part that is wrong itself."""
    try:
        yield from check(*asked, **named)
    except AttributeError as missing:
        if not _lacks(missing.obj, missing.name):
            raise


def misfits(part: BaseModel) -> Iterator[Misfit]:
    """What does not fit together in a model or a draft; what is inside of its parts they have said themselves."""
    for name in _checks(type(part)):
        yield from looked_at(getattr(part, name))


def fitted(
    model: type[Model], value: object, read: Callable[[object], Model], context: Mapping[str, Any] | None
) -> Model:
    """What pydantic reads of a value, with all that is wrong with it, or does not fit together, in one error.

    Raises:
        ValidationError: anything is.

    """
    made = None if context is None else context.get(MADE)
    try:
        part = read(value)
    except ValidationError as wrong:
        if made is None or not isinstance(value, Mapping):
            raise
        part = made[id(value)] = _draft(model, value, wrong, made, context)
        found = [*map(_again, wrong.errors(include_url=False)), *_errors(part)]
        raise ValidationError.from_exception_data(model.__name__, found) from None
    if found := [*_errors(part)]:
        if made is not None:
            made[id(value)] = part
        raise ValidationError.from_exception_data(model.__name__, found)
    if made is not None:
        made[id(value)] = part
    return part


def _errors(part: BaseModel) -> Iterator[InitErrorDetails]:
    for place, message in misfits(part):
        yield InitErrorDetails(type="value_error", loc=place, input=None, ctx={"error": ValueError(message)})


def _again(error: Any) -> InitErrorDetails:
    """An error as pydantic takes it back."""
    return InitErrorDetails(type=error["type"], loc=error["loc"], input=error["input"], ctx=error.get("ctx", {}))


def _draft(
    model: type[Model], value: Mapping[Any, Any], wrong: ValidationError, made: Mapping[int, object], context: Any
) -> Model:
    """The model with what is right of its parts."""
    faulty = {error["loc"][0] for error in wrong.errors(include_url=False, include_input=False) if error["loc"]}
    parts: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        key = field.alias or name
        if key not in value:
            continue
        if key not in faulty:
            parts[name] = _reader(model, name).validate_python(value[key], context=context)
        elif (found := _drafted(value[key], made)) is not None:
            parts[name] = found
        elif not field.is_required():
            parts[name] = _ABSENT
    draft = model.model_construct(**parts)
    for name, part in parts.items():
        if part is _ABSENT:
            del draft.__dict__[name]
    return draft


_ABSENT: Final = object()


def _drafted(value: object, made: Mapping[int, object]) -> object:
    """What models of a part that is wrong came to: itself, its items by number or by name; None where it has none."""
    if id(value) in made:
        return made[id(value)]
    if isinstance(value, Mapping):
        items = {str(key): made.get(id(item), Unread(item)) for key, item in value.items()}
        return items if _any_model(items.values()) else None
    if isinstance(value, Sequence) and not isinstance(value, str):
        listed = tuple(made.get(id(item), Unread(item)) for item in value)
        return listed if _any_model(listed) else None
    return None


def _any_model(items: Iterable[object]) -> bool:
    return any(not isinstance(item, Unread) for item in items)


@cache
def _reader(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    """One field by itself."""
    field = copy(model.model_fields[name])
    field.alias = field.validation_alias = field.serialization_alias = None  # what it is called stands in its model
    annotated: Any = Annotated[field.annotation, field]
    return TypeAdapter(annotated)


@cache
def _checks(model: type[BaseModel]) -> tuple[str, ...]:
    marked = [name for base in reversed(model.__mro__) for name, member in vars(base).items() if hasattr(member, _FITS)]
    return tuple(dict.fromkeys(marked))


def _lacks(part: object, name: str | None) -> bool:
    """Whether something is a draft without one of its fields, and not a fault of ours."""
    return isinstance(part, Unread) or (isinstance(part, BaseModel) and name in type(part).model_fields)
