"""What import-linter cannot say: `ckanext` is one namespace of many packages."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "ckanext" / "cn_govdata"
MODULES = [
    path
    for room in ("standards", "text", "crawl", "portals")
    for path in sorted((PACKAGE / room).rglob("*.py"))
]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_other_extension_below_the_line(path):
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            imported.add(node.module)
    others = {name for name in imported if name.split(".")[0] == "ckanext"}
    assert all(name.split(".")[1:2] == ["cn_govdata"] for name in others), others


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.name)
def test_no_module_is_longer_than_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
