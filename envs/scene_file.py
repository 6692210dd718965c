"""Scene files: YAML to a validated `Scene` and back, with errors that name file, line and field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from envs.generate import FAMILIES, generate
from envs.scene import Scene, SceneError
from envs.scene_checks import Location, find_problems
from envs.suggest import did_you_mean

_PLAIN_TAGS = ("str", "int", "float", "bool", "null", "seq", "map")
_DEEPEST = 32
"""Lists and mappings within each other; our scenes have nine. Time to read grows by its square."""
_GENERATED = re.compile(r"([A-Za-z_]+):(.*)")


def written_scenes() -> tuple[str, ...]:
    """Names of the scenes that come with the package."""
    folder = resources.files("scenes")
    return tuple(
        sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml"))
    )


def load_scene(name: str | Path) -> Scene:
    """Find a scene: ``museum`` (written), ``museum:SEED`` (generated) or the path of a file.

    Raises:
        SceneError: the name is unknown or the file is not a valid scene; says why and the cure.
    """
    path = Path(name)
    if isinstance(name, str):
        if not name.strip():
            raise SceneError(f"A scene needs a name: {did_you_mean('', written_scenes())}")
        if name in written_scenes():
            text = (resources.files("scenes") / f"{name}.yaml").read_text(encoding="utf-8")
            return parse_scene(text, f"{name}.yaml")
        generated = _GENERATED.fullmatch(name)
        if generated and not path.exists():
            return generate(generated[1], _seed(name, generated[2]))
        if path.suffix not in (".yaml", ".yml", ".json") and "/" not in name and not path.exists():
            known = (*written_scenes(), *(f"{family}:SEED" for family in FAMILIES))
            cure = did_you_mean(name, known)
            if cure.startswith("known"):
                cure += f" A file is named with its ending, such as {name}.yaml."
            raise SceneError(f"No scene is called '{name}': {cure}")
    return read_scene(path)


def _seed(name: str, digits: str) -> int:
    try:
        return int(digits)
    except ValueError:
        raise SceneError(
            f"The seed of scene '{name}' must be a whole number, such as museum:7."
        ) from None


def read_scene(path: Path) -> Scene:
    """Read and validate one scene file."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SceneError(f"{path}: there is no such file: check the path.") from None
    except IsADirectoryError:
        raise SceneError(f"{path}: this is a directory: name a scene file in it.") from None
    except UnicodeDecodeError:
        raise SceneError(f"{path}: this is not UTF-8 text: save the scene as UTF-8 YAML.") from None
    except OSError as error:
        raise SceneError(f"{path}: cannot be read ({error.strerror}): check it.") from None
    return parse_scene(text, str(path))


def parse_scene(text: str, file: str) -> Scene:
    """Make a scene of YAML text.

    Args:
        text: the whole file.
        file: what to call it in errors.

    Raises:
        SceneError: with every problem found, "FILE:LINE: field 'doors[2].state': ..." each.
    """
    root = _compose(text, file)
    if root is None:
        raise SceneError(f"{file}: the file is empty: a scene needs {_needed()}.")
    if not isinstance(root, yaml.MappingNode):
        raise SceneError(
            f"{file}:{root.start_mark.line + 1}: a scene is a mapping of fields, "
            f"not {_node_kind(root)}: begin with {_needed()}."
        )
    marks = _Marks(file, root)
    if marks.nameless:
        raise SceneError(*(f"{file}:{line}: a field's name must be text, such as name: value."
                           for line in marks.nameless))  # fmt: skip
    if marks.repeated:
        raise SceneError(*(marks.sentence(at, "is there twice: leave one out.")
                           for at in marks.repeated))  # fmt: skip
    try:
        scene = Scene.model_validate(_construct(root, text, file))
    except ValidationError as error:
        raise SceneError(*_sentences(error, marks)) from None
    problems = find_problems(scene)
    if problems:
        raise SceneError(*(marks.sentence(problem.at, problem.text) for problem in problems))
    return scene


def dump_scene(scene: Scene) -> str:
    """Write a scene as YAML that `parse_scene` reads back; defaults are left out."""
    data = scene.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for thing in data.get("objects", ()):
        if "inside" in thing or "upon" in thing:
            del thing["position"]  # that of what carries it
    return yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100,
        default_flow_style=None,
    )  # fmt: skip


class _Loader(yaml.SafeLoader):
    """YAML 1.2's booleans (`on` is a field name here, not a truth value) and plain values only."""

    yaml_constructors = {
        tag: constructor
        for tag, constructor in yaml.SafeLoader.yaml_constructors.items()
        if tag is None or tag.rpartition(":")[2] in _PLAIN_TAGS
    }

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """A value; one that its tag does not fit is reported with its line."""
        try:
            return super().construct_object(node, deep)
        except (ValueError, TypeError, KeyError, AttributeError):
            kind = node.tag.rpartition(":")[2]
            raise yaml.constructor.ConstructorError(
                None, None, f"'{node.value}' is no {kind}", node.start_mark
            ) from None


class _Dumper(yaml.SafeDumper):
    """Writes what `_Loader` reads."""


for _class in (_Loader, _Dumper):
    _class.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in (
            "tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }  # fmt: skip
    _class.add_implicit_resolver(
        "tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"]
    )


def _compose(text: str, file: str) -> yaml.Node | None:
    """The tree of a YAML text, None when there is nothing in it."""
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST and event.start_mark:
                raise SceneError(
                    f"{file}:{event.start_mark.line + 1}: lists are nested too deeply: check the "
                    "brackets."
                )
            if isinstance(event, yaml.AliasEvent) and event.start_mark:
                raise SceneError(
                    f"{file}:{event.start_mark.line + 1}: aliases such as *{event.anchor} are not "
                    "read: write the value out."
                )
        return yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise _not_yaml(error, file) from None


def _construct(root: yaml.Node, text: str, file: str) -> Any:
    """The values of a tree."""
    try:
        return _Loader(text).construct_document(root)
    except yaml.YAMLError as error:
        raise _not_yaml(error, file) from None


def _not_yaml(error: yaml.YAMLError, file: str) -> SceneError:
    line, reason = 1, str(error).splitlines()[0]
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        line, reason = (mark.line + 1 if mark else 1), error.problem or reason
    if "'\\t'" in reason:
        reason += ": indent with spaces, not tabs"
    elif isinstance(error, yaml.parser.ParserError | yaml.scanner.ScannerError):
        reason += ": check the colons, brackets and indentation here and above"
    return SceneError(f"{file}:{line}: this is not YAML: {reason}.")


class _Marks:
    """Where in the file each field is."""

    def __init__(self, file: str, root: yaml.Node) -> None:
        self._file = file
        self._lines: dict[Location, int] = {}
        self.repeated: list[Location] = []
        self.nameless: list[int] = []
        self._visit(root, (), root.start_mark.line)

    def _visit(self, node: yaml.Node, at: Location, line: int) -> None:
        if at in self._lines:
            self.repeated.append(at)
        self._lines[at] = line + 1
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode) and key.tag == "tag:yaml.org,2002:str":
                    self._visit(value, (*at, key.value), key.start_mark.line)
                else:
                    self.nameless.append(key.start_mark.line + 1)
        elif isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                self._visit(item, (*at, number), item.start_mark.line)

    def sentence(self, at: Location, text: str) -> str:
        """A problem with its file, line and field; a missing field has the line of its parent."""
        known = at
        while known not in self._lines:
            known = known[:-1]
        place = f"{self._file}:{self._lines[known]}"
        return f"{place}: field '{field_name(at)}': {text}" if at else f"{place}: {text}"


def field_name(at: Location) -> str:
    """How a field is called in sentences.

    >>> field_name(("objects", 3, "color"))
    'objects[3].color'
    """
    name = ""
    for part in at:
        name += f"[{part}]" if isinstance(part, int) else f".{part}" if name else part
    return name


def _node_kind(node: yaml.Node) -> str:
    return "a list" if isinstance(node, yaml.SequenceNode) else "a single value"


def _needed() -> str:
    return ", ".join(name for name, f in Scene.model_fields.items() if f.is_required())


def _sentences(error: ValidationError, marks: _Marks) -> list[str]:
    """A sentence for each thing that pydantic found.

    A misspelt field is not missing as well, and a list is not short of the entries that are wrong.
    """
    errors = error.errors()
    places = [tuple(found["loc"]) for found in errors]
    texts = {
        at: _explain(found) for at, found in zip(places, errors, strict=True)
        if found["type"] != "too_short"
        or not any(len(other) > len(at) and other[: len(at)] == at for other in places)
    }  # fmt: skip
    meant = {
        (*at[:-1], text.split("did you mean ")[1].strip("'?"))
        for at, text in texts.items() if text.startswith("unknown field, did you mean")
    }  # fmt: skip
    return [
        marks.sentence(at, text)
        for at, text in texts.items()
        if at not in meant or not text.startswith("is missing")
    ]


def _explain(found: ErrorDetails) -> str:
    """One sentence about what pydantic found, with the cure."""
    at, kind, value = tuple(found["loc"]), found["type"], found["input"]
    limits: Mapping[str, Any] = found.get("ctx", {})
    shown = repr(value) if isinstance(value, str | int | float | bool) else _kind_of(value)
    if kind == "extra_forbidden":
        return f"unknown field, {did_you_mean(str(at[-1]), _fields_at(at[:-1]))}"
    if kind == "missing":
        if isinstance(at[-1], int):
            return f"the list is too short: value number {at[-1] + 1} is missing."
        return "is missing: add it."
    if kind in ("literal_error", "enum"):
        allowed = re.findall(r"'([^']+)'", limits["expected"])
        return f"{shown} is not possible, {did_you_mean(str(value), allowed)}"
    if kind == "string_pattern_mismatch" and at[-1] == "sign":
        return f"{shown} cannot be drawn: use one to three capital letters and digits."
    if kind == "string_pattern_mismatch":
        return f"{shown} is no id: begin with a letter and use letters, digits and _ only."
    least, most = limits.get("min_length"), limits.get("max_length")
    sentences = {
        "float": f"must be a number, not {shown}.",
        "finite": f"must be an ordinary number, not {shown}.",
        "int": f"must be a whole number, not {shown}.",
        "bool": f"must be true or false, not {shown}.",
        "string_type": f"must be text, not {shown}: put it in quotes.",
        "string_too_short": "must not be empty.",
        "string_too_long": f"must have at most {most} letters, not {len(str(value))}.",
        "tuple": f"must be a list, not {shown}.",
        "too_long": f"must have at most {most} values, not {limits.get('actual_length')}.",
        "too_short": f"must have at least {least} entry: add one.",
        "model": f"must be fields ({', '.join(_fields_at(at))}), not {shown}.",
        "greater_than_equal": f"must be at least {limits.get('ge')}, not {shown}.",
        "greater_than": f"must be more than {limits.get('gt')}, not {shown}.",
        "less_than_equal": f"must be at most {limits.get('le')}, not {shown}.",
    }
    for start, sentence in sentences.items():
        if kind.startswith(start):
            return sentence
    return f"{found['msg']}."


def _kind_of(value: object) -> str:
    if value is None:
        return "nothing"
    return "a list" if isinstance(value, list) else "fields" if isinstance(value, dict) else "this"


def _fields_at(at: Location) -> tuple[str, ...]:
    """Names that the fields of the mapping at this location can have, as in files."""
    model: type[BaseModel] = Scene
    for part in at:
        if isinstance(part, str):
            for name, field in model.model_fields.items():
                if part in (name, field.validation_alias):
                    model = _model_in(field.annotation) or model
    return tuple(str(field.validation_alias or name) for name, field in model.model_fields.items())


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a field's type holds, perhaps in a tuple."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(part) for part in get_args(annotation))
    return next((model for model in found if model is not None), None)
