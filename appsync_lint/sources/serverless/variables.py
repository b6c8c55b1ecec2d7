"""What the variables of a service come to, as far as its files decide.

The default of what is passed at deployment (an option, an environment variable, a parameter) is used and
remembered as such. A value that is looked up by the stage may be that of any stage. Nothing is run, and no
file outside the project is read.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

from ...errors import InputError
from ...files import read_source
from ...text import SourceText
from ...tree import Node, Open, Scalar, Sequence, Table
from ..intrinsics import intrinsic
from ..places import project_folder, real_path
from ..resolution import MAX_OPTIONS, Resolution, choice, left_open, resolved
from .syntax import Source, segments, variables

__all__ = ["Variables"]

#: How many variables deep a value may be.
MAX_DEPTH = 60
#: How many variables of a service are followed.
MAX_STEPS = 50_000
#: In characters: a longer text is no setting, and a text may not become longer by its variables.
MAX_TEXT = 4_000
#: How many files a service may be read from.
MAX_FILES = 500

_STAGE = Source("opt", address="stage")
_REGION = Source("opt", address="region")
_RUN = (".js", ".cjs", ".mjs", ".ts", ".cts", ".mts")
_STRUCTURED = (".yml", ".yaml", ".json", ".tfstate")

#: Values that exist before the deployment, somewhere else.
_ELSEWHERE = {
    "cf": "it is the output of another stack",
    "ssm": "it is read from the parameter store when the service is deployed",
    "s3": "it is read from a bucket when the service is deployed",
    "git": "it depends on the commit that is deployed",
    "output": "it is the output of another service",
    "terraform": "it is read from Terraform's state when the service is deployed",
    "vault": "it is read from a vault when the service is deployed",
}


class Variables:
    """Resolves the values of one service.

    ``folder`` is the service's folder, ``note`` takes what the user should know. ``sources`` are the files
    that were read besides the service's own.
    """

    def __init__(
        self, service: Table, folder: Path, note: Callable[[Node, str], None], *, allow_outside: bool = False
    ) -> None:
        self.service = service
        self.folder = folder
        self.sources: list[SourceText] = []
        self._note = note
        self._allow_outside = allow_outside
        self._project: Path | None = None
        # The node is kept beside its resolution, so that its id stays its own.
        self._known: dict[int, tuple[Node, Resolution]] = {}
        self._busy: set[int] = set()
        self._files: dict[Path, Node | InputError] = {}
        self._depth = 0
        self._steps = 0
        self._own_syntax = self._has_own_syntax()

    def resolve(self, node: Node) -> Resolution:
        """Return what a value can be. The members of a list or mapping are not resolved."""
        known = self._known.get(id(node))
        if known is not None:
            return known[1]
        if id(node) in self._busy:
            return left_open(node, "it refers to itself")
        self._busy.add(id(node))
        try:
            result = self._resolve(node)
        finally:
            self._busy.discard(id(node))
        self._known[id(node)] = (node, result)
        return result

    def value(self, node: Node | None) -> Node | None:
        """Return a value where the service decides it, by defaults or not; None where it does not."""
        return None if node is None else self.resolve(node).node

    def lookup(self, *path: str) -> Node | None:
        """Return what stands at a path of the service where the service decides it."""
        node: Node | None = self.service
        for key in path:
            node = self.value(node.get(key)) if isinstance(node, Table) else None
        return node

    def label(self, node: Node) -> str:
        """Return a text for people to know a thing by, with the variables that are open as they are written."""
        value = self.value(node)
        return value.text if isinstance(value, Scalar) else node.text if isinstance(node, Scalar) else ""

    # Values.

    def _has_own_syntax(self) -> bool:
        provider = self.service.get("provider")
        return isinstance(provider, Table) and "variableSyntax" in provider

    def _resolve(self, node: Node) -> Resolution:
        if isinstance(node, Open) or (isinstance(node, Table) and node.tag is None and intrinsic(node) is None):
            return resolved(node)
        if intrinsic(node) is not None:
            return left_open(node, "CloudFormation works it out when the stack is deployed")
        if not isinstance(node, Scalar):
            return resolved(node)
        if "#{" in node.text and "}" in node.text:
            return left_open(node, "CloudFormation works it out when the stack is deployed")
        if "${" not in node.text or not isinstance(node.value, str):
            return resolved(node)
        if self._own_syntax:
            return left_open(node, "the service has a syntax of its own for variables")
        return self._text(node.text, node)

    def _text(self, text: str, node: Node) -> Resolution:
        """Return what a text with variables in it can be; ``node`` is where it stands."""
        if len(text) > MAX_TEXT:
            return left_open(node, "it is too long to be followed")
        found = list(variables(text))
        if not found:
            return Resolution((_scalar(text, node),))
        self._steps += len(found)
        if self._depth >= MAX_DEPTH or self._steps > MAX_STEPS:
            return left_open(node, "it has too many variables to be followed")
        self._depth += 1
        try:
            values = [self._variable(item.sources, node) for item in found]
        finally:
            self._depth -= 1
        if len(found) == 1 and found[0].start == 0 and found[0].end == len(text):
            return values[0]
        pieces: list[Resolution] = []
        end = 0
        for item, value in zip(found, values, strict=True):
            pieces += [Resolution((_scalar(text[end : item.start], node),)), value]
            end = item.end
        return self._joined([*pieces, Resolution((_scalar(text[end:], node),))], node)

    def _joined(self, pieces: list[Resolution], node: Node) -> Resolution:
        combinations = length = 1
        for piece in pieces:
            if not piece.complete:
                return left_open(node, _why(piece))
            if not all(isinstance(option, Scalar) for option in piece.options):
                return left_open(node, "it joins what is no text")
            combinations *= len(piece.options)
            length += max(len(_word(option)) for option in piece.options)
            if combinations > MAX_OPTIONS or length > MAX_TEXT:
                return left_open(node, "there are too many possible texts")
        texts = ["".join(map(_word, chosen)) for chosen in product(*(piece.options for piece in pieces))]
        why = next((_why(piece) for piece in pieces if piece.unresolved), "")
        return choice(node, [_scalar(text, node) for text in texts], why, assumed=_assumed(pieces))

    def _variable(self, sources: tuple[Source, ...], node: Node) -> Resolution:
        """Return what a variable can be: what the first of its sources has that has something."""
        if not sources:
            return left_open(node, "it is no variable that the Framework has")
        passed: tuple[str, ...] = ()
        tried: list[Resolution] = []
        for source in sources:
            found = self._source(source, node)
            if found is None:
                if source.type in ("opt", "env", "param", "file"):
                    passed += (f"{source.type}:{source.parameters or source.address}",)
                continue
            tried.append(found)
            if not any(map(_is_nothing, found.options)):
                break
        if not tried:
            return left_open(node, _lacking(sources[0]))
        for item in tried:
            if not item.complete:
                return left_open(node, _why(item))
        options = [option for item in tried for option in item.options]
        # Null counts where no source has anything else.
        options = [option for option in options if not _is_nothing(option)] or [
            option for option in options if option is not _LACKING
        ]
        if not options:
            return left_open(node, _lacking(sources[0]))
        why = next((_why(item) for item in tried if item.unresolved), "")
        return choice(node, options, why, assumed=tuple(dict.fromkeys((*passed, *_assumed(tried)))))

    # Sources.

    def _source(self, source: Source, node: Node) -> Resolution | None:
        """Return what a source has, None where it has nothing."""
        if source.type == "":
            return self._text(source.address, node) if source.quoted else Resolution((_literal(source.address, node),))
        if source.type in _ELSEWHERE:
            return left_open(node, _ELSEWHERE[source.type])
        read = {
            "self": self._self,
            "opt": lambda *_: None,
            "env": lambda *_: None,
            "param": self._param,
            "file": self._file,
            "sls": self._framework,
            "aws": self._aws,
            "strToBool": self._truth,
        }.get(source.type)
        if read is None:
            return left_open(node, f"{source.type}: is no variable of the Framework's own")
        return read(source, node)

    def _self(self, source: Source, node: Node) -> Resolution | None:
        address = source.address
        if address in ("service", "service.name"):
            service = self.value(self.service.get("service"))
            name = service.get("name") if isinstance(service, Table) else service
            return None if name is None else self.resolve(name)
        found = self._at(Resolution((self.service,)), address, node)
        if found is not None:
            return found
        if address == "provider.stage":
            return Resolution((_scalar("dev", node),), assumed=("opt:stage",))
        if address == "provider.region":
            return Resolution((_scalar("us-east-1", node),), assumed=("opt:region",))
        return None

    def _at(self, start: Resolution, address: str, node: Node) -> Resolution | None:
        """Return what stands at an address; None where there is nothing."""
        result = start
        for segment in segments(address) if address else ():
            keys = self._text(segment, node)
            if not keys.complete and not _is_variable(segment):
                return left_open(node, _why(keys))
            step = self._step(result, keys, node)
            if step is None or not step.complete:
                return step
            result = step
        return result

    def _step(self, holders: Resolution, keys: Resolution, node: Node) -> Resolution | None:
        """Return what stands under one of some keys in one of some nodes."""
        fixed = keys.decided and not keys.assumed
        found: list[Resolution] = []
        for holder in holders.options:
            if isinstance(holder, Table) and holder.more is not None:
                return left_open(node, holder.more.why)
            names = self._names(holder, keys)
            if not names and not keys.complete:
                return left_open(node, _why(keys))
            found += [self.resolve(member) for name in names if (member := _member(holder, name)) is not None]
        if not found:
            return None
        if not all(item.complete for item in found):
            return left_open(node, next(_why(item) for item in found if not item.complete))
        options = [option for item in found for option in item.options]
        if not fixed or len(found) < len(holders.options):
            options.append(_LACKING)
        why = next((_why(item) for item in (keys, holders, *found) if item.unresolved), "")
        why = why or f"it depends on {', '.join(keys.assumed)}"
        return choice(node, options, why, assumed=_assumed([holders, keys, *found]))

    def _names(self, holder: Node | None, keys: Resolution) -> list[str]:
        """Return the keys that a lookup can use in a node, the likeliest first."""
        names = [_word(option) for option in keys.options]
        if (keys.complete and not keys.assumed) or not isinstance(holder, Table):
            return names
        likely = holder.get(names[0]) if names else None
        if any(holder is section for section in (self.service, self.lookup("custom"))) and not isinstance(
            likely, Table
        ):
            # What stands beside it there is of another kind.
            return names
        others = [
            name
            for name, member in holder
            if name not in names and (likely is None or isinstance(member, Table) == isinstance(likely, Table))
        ]
        return [*names, *others] if len(others) < MAX_OPTIONS else names

    def _param(self, source: Source, node: Node) -> Resolution | None:
        by_stage: dict[str, Node] = {}
        for section, inner in (("params", ""), ("stages", "params")):
            for stage, block in _entries(self.lookup(section)):
                value: Node | None = self.value(block)
                if inner and isinstance(value, Table):
                    value = self.value(value.get(inner))
                member = value.get(source.address) if isinstance(value, Table) else None
                if member is not None:
                    by_stage[stage] = member
        if not by_stage:
            return None
        stage = _word(self._stage(node).node) or "default"
        ordered = sorted(by_stage, key=lambda name: (name != stage, name != "default"))
        found = [self.resolve(by_stage[name]) for name in ordered[: MAX_OPTIONS + 1]]
        if not all(item.complete for item in found):
            return left_open(node, next(_why(item) for item in found if not item.complete))
        options = [option for item in found for option in item.options]
        assumed = (f"param:{source.address}", *_assumed(found))
        return choice(node, options, f"the parameter {source.address} depends on the stage", assumed=assumed)

    def _stage(self, node: Node) -> Resolution:
        return self._variable((_STAGE, Source("self", address="provider.stage")), node)

    def _framework(self, source: Source, node: Node) -> Resolution | None:
        if source.address == "stage":
            return self._stage(node)
        return left_open(node, f"the Framework makes {source.address} when the service is deployed")

    def _aws(self, source: Source, node: Node) -> Resolution | None:
        if source.address == "region":
            return self._variable((_REGION, Source("self", address="provider.region")), node)
        return left_open(node, f"{source.address} depends on where the service is deployed")

    def _truth(self, source: Source, node: Node) -> Resolution | None:
        value = self._text(source.parameters, node)
        words = {"true": True, "1": True, "false": False, "0": False}
        truths = [words.get(_word(option).lower()) for option in value.options]
        if not value.complete or None in truths:
            return left_open(node, _why(value) if value.unresolved else "it is no truth value")
        nodes = [Scalar(truth, str(truth).lower(), node.span) for truth in truths]
        return choice(node, nodes, _why(value) if value.unresolved else "", assumed=value.assumed)

    # Files.

    def _file(self, source: Source, node: Node) -> Resolution | None:
        path = self._text(source.parameters, node)
        name = _word(path.node)
        if not path.decided or not name:
            return left_open(node, _why(path) if path.unresolved else "it names no file")
        if name.lower().endswith(_RUN):
            return left_open(node, f"{name} is a program that makes it")
        content = self._content(name, node)
        if content is None:
            return None
        if path.assumed:
            names = ", ".join(path.assumed)
            self._note(node, f"{name} is read, by the default of {names}; a deployment may read another file")
        start = Resolution((content,), assumed=path.assumed)
        return self._at(start, source.address, node) if source.address else self._whole(start)

    def _whole(self, start: Resolution) -> Resolution:
        assert start.node is not None
        result = self.resolve(start.node)
        return Resolution(
            result.options,
            result.unresolved,
            result.complete,
            tuple(dict.fromkeys((*start.assumed, *result.assumed))),
        )

    def _content(self, name: str, node: Node) -> Node | None:
        """Return what a file of the project holds; None where there is none."""
        if name.startswith("~"):
            raise node.error(f"{name} leads out of the project's folder; see --allow-outside")
        if "\0" in name:
            raise node.error(f"{name!r} is no path")
        path = Path(self.folder, name)
        if self._project is None:
            self._project = project_folder(self.folder)
        real = real_path(path, self._project, name, node.span, allow_outside=self._allow_outside)
        if real not in self._files:
            if len(self._files) >= MAX_FILES:
                raise node.error(f"the service is read from more than {MAX_FILES} files")
            try:
                if not real.exists():
                    return None
                self._files[real] = self._load(path, name)
            except InputError as error:
                self._files[real] = error
            except OSError as error:
                self._files[real] = node.error(f"{name} cannot be read: {error.strerror}")
        found = self._files[real]
        if isinstance(found, InputError):
            raise found
        return found

    def _load(self, path: Path, name: str) -> Node:
        source = read_source(path)
        self.sources.append(source)
        if name.lower().endswith(_STRUCTURED):
            from ..loader import load_tree

            return load_tree(source)
        return Scalar(source.text, source.text, source.span(0, len(source.text)))


#: Stands among the options for "there is nothing under this key".
_LACKING = Scalar(None, "", None)


def _is_nothing(option: Node | None) -> bool:
    """Whether a source has nothing: then the next one counts."""
    return option is None or (isinstance(option, Scalar) and option.value is None)


def _is_variable(text: str) -> bool:
    return any(item.start == 0 and item.end == len(text) for item in variables(text))


def _lacking(source: Source) -> str:
    """Say why a variable has no value."""
    return {
        "opt": f"the option --{source.address} has no default",
        "env": f"the environment variable {source.address} has no default",
        "param": f"the parameter {source.address} has no default",
        "file": f"there is no file {source.parameters} in the project"
        + (f", or no {source.address} in it" if source.address else ""),
    }.get(source.type, f"there is no {source.address} in the service")


def _member(holder: Node | None, name: str) -> Node | None:
    if isinstance(holder, Table):
        return holder.get(name)
    if isinstance(holder, Sequence) and name.isdecimal() and len(name) < 7 and int(name) < len(holder):
        return holder.items[int(name)]
    return None


def _entries(node: Node | None) -> list[tuple[str, Node]]:
    return list(node) if isinstance(node, Table) else []


def _literal(text: str, node: Node) -> Scalar:
    value: str | int | float | bool | None
    if text in ("true", "false"):
        value = text == "true"
    elif text == "null":
        value = None
    else:
        value = float(text) if "." in text else int(text[:30])
    return Scalar(value, "" if value is None else text, node.span)


def _scalar(text: str, node: Node) -> Scalar:
    return Scalar(text, text, node.span)


def _word(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _why(result: Resolution) -> str:
    return result.unresolved.why if result.unresolved else ""


def _assumed(results: list[Resolution]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for result in results for name in result.assumed))
