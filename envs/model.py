"""The base of everything that files hold: frozen, strict models, and the types they share."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Name = Annotated[str, Field(min_length=1, max_length=60)]


class Model(BaseModel):
    """A frozen model that takes no unknown fields; fields may be given by name or alias.

    The text under a field is its description in the JSON Schema too.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True,
        serialize_by_alias=True, allow_inf_nan=False, use_attribute_docstrings=True,
    )  # fmt: skip
