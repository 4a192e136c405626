"""Rule files → a rulebook, whole or not at all, with every problem in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from govern.documents import yaml
from govern.documents.files import digest, read_yaml_files
from govern.documents.node import Mapping as MappingNode
from govern.documents.problem import Level, Problem, did_you_mean
from govern.documents.read import read
from govern.documents.source import Place, Source
from govern.rulebook import format as keys
from govern.rulebook.build import build_rules
from govern.rulebook.rule import Rule, Rulebook, Status


@dataclass(frozen=True, slots=True)
class Loaded:
    """`rulebook` is `None` where there is any error. `sources` is what `render` needs: the path
    that places name → the file."""

    rulebook: Rulebook | None
    problems: tuple[Problem, ...]
    sources: Mapping[str, Source]


def load(directory: Path) -> Loaded:
    """The rulebook of a directory; problems name files as `directory` does."""
    files = read_yaml_files(directory)
    return _load(files.texts, directory.as_posix().rstrip("/") + "/", files.problems)


def load_sources(sources: Mapping[str, str]) -> Loaded:
    """The rulebook of texts by path, as `Rulebook.sources` has them: the same digest, the same
    rules."""
    return _load(sources, "", ())


def _load(texts: Mapping[str, str], prefix: str, found: tuple[Problem, ...]) -> Loaded:
    problems = list(found)
    rules: dict[str, Rule] = {}
    taken: dict[str, Place] = {}
    sources: dict[str, Source] = {}
    for path, text in sorted(texts.items()):
        source = Source(prefix + path, text)
        sources[source.path] = source
        for rule_id, place, rule in _rules_of(source, problems):
            if rule_id in taken:
                what = f"the rule '{rule_id}' is already defined at {taken[rule_id]}"
                problems.append(Problem("E301", what, place, "give one of them another id"))
            else:
                taken[rule_id] = place
                if rule is not None:
                    rules[rule_id] = rule
    if not texts and not problems:
        place = Place(prefix.rstrip("/") or ".", 1, 1)
        problems.append(Problem("E312", "there are no rule files here", place))
    problems += _replacements(rules, taken)
    problems.sort(key=lambda each: (each.place.path, each.place.line, each.place.column))
    rulebook = None
    if all(each.level is not Level.ERROR for each in problems):
        ordered = tuple(rules[rule_id] for rule_id in sorted(rules))
        rulebook = Rulebook(ordered, digest(texts), dict(texts))
    return Loaded(rulebook, tuple(problems), sources)


def _rules_of(source: Source, problems: list[Problem]) -> list[tuple[str, Place, Rule | None]]:
    """Every rule's id with its place; the rule itself where nothing is wrong with it."""
    document = yaml.load(source)
    problems.extend(document.problems)
    root = document.root
    if root is None:
        return []
    if isinstance(root, MappingNode) and (tables := root.entry("tables")) is not None:
        what = "decision tables are not supported yet"
        problems.append(Problem("E304", what, tables.key_place, "write rules instead"))
        entries = tuple(entry for entry in root.entries if entry.key != "tables")
        root = MappingNode(entries, root.place)
        if root.entry("rules") is None:
            return []
    file = read(root, keys.FILE, problems)
    return build_rules(file, problems) if file is not None else []


def _replacements(rules: Mapping[str, Rule], taken: Mapping[str, Place]) -> list[Problem]:
    problems: list[Problem] = []
    for rule in rules.values():
        if rule.replaced_by is None:
            continue
        if rule.status is not Status.DEPRECATED:
            what = f"'{rule.id}' is {rule.status}, so nothing replaces it"
            problems.append(Problem("E305", what, rule.place, "status: deprecated"))
        elif rule.replaced_by not in taken or rule.replaced_by == rule.id:
            what = f"there is no rule '{rule.replaced_by}' to replace '{rule.id}'"
            helps = did_you_mean(rule.replaced_by, set(taken) - {rule.id})
            problems.append(Problem("E305", what, rule.place, helps))
    return problems
