"""The rules of the house: which way the arrows go, how long things are, what may not stand anywhere."""

import ast
import inspect
import itertools
import re
import subprocess
import sys
from pathlib import Path

import calls
import pytest

import xxmfg as xm

ROOT = Path(__file__).parent.parent
CORE, BINDING, PACKAGE = ROOT / "src/core", ROOT / "src/python", ROOT / "xxmfg"
C_FILES = sorted((ROOT / "src").rglob("*.[ch]"))
MODULES = sorted(PACKAGE.rglob("*.py"))
PYTHON_FILES = [*MODULES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "data").rglob("*.py"))]
TEXT_FILES = [*C_FILES, *sorted((ROOT / "tests/c").glob("*.[ch]")), *PYTHON_FILES, *sorted(ROOT.glob("*.md"))]

TOP_LEVEL = {"src", "xxmfg", "tests", "notebooks", "data", "docs", ".ci"}
TOP_LEVEL |= {"pyproject.toml", "setup.py", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"}
TOP_LEVEL |= {"Makefile", "MANIFEST.in", ".clang-format", ".clang-tidy", ".gitignore"}
FILE_LINES, FUNCTION_LINES, BINDING_LINES = 400, 50, 45

pytestmark = pytest.mark.skipif(not CORE.is_dir(), reason="the sources are not here")


def name_of(path):
    """Name a file from the root, as test ids and messages show it."""
    return path.relative_to(ROOT).as_posix()


def every_file(paths):
    """Parametrize a test by files."""
    return pytest.mark.parametrize("path", paths, ids=name_of)


def without_comments(text):
    """Blank C comments and string literals, keeping lines."""
    pattern = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def includes(path):
    """Give the names that a C file includes."""
    return re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', path.read_text(encoding="utf-8"), re.MULTILINE)


def c_functions(path):
    """Give (name, lines) of each function: in our style its braces stand alone in the first column."""
    lines = path.read_text(encoding="utf-8").splitlines()
    opened = None
    for i, line in enumerate(lines):
        if line == "{":
            opened = i
        elif line == "}" and opened is not None:
            head = next(text for text in reversed(lines[:opened]) if re.match(r"\w+\(", text) or "(" in text)
            yield head, i - opened + 1
            opened = None


def python_functions(tree):
    """Give (name, lines) of each function, its docstring not counted."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body, length = node.body, node.end_lineno - node.lineno + 1
            if ast.get_docstring(node) is not None:
                length -= body[0].end_lineno - body[0].lineno + 1
            yield node.name, length


def imports(path):
    """Give the absolute names that a module imports, relative ones resolved, typing-only ones left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = path.relative_to(ROOT).parent.parts
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def test_only_the_agreed_names_stand_at_the_top():
    """No folder or file beside those that the house names."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = {Path(name.strip('"')).parts[0] for name in listed.stdout.decode().splitlines()}
    assert set() == names - TOP_LEVEL


@every_file([*C_FILES, *PYTHON_FILES])
def test_files_keep_their_budget(path):
    """A file has at most 400 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FILE_LINES


@every_file([path for path in C_FILES if path.suffix == ".c" or path.name.endswith("_template.h")])
def test_c_functions_keep_their_budget(path):
    """A function of the core has at most 50 lines, one of the binding 45."""
    budget = BINDING_LINES if path.parent == BINDING else FUNCTION_LINES
    assert [] == [(head, lines) for head, lines in c_functions(path) if lines > budget]


@every_file(PYTHON_FILES)
def test_python_functions_keep_their_budget(path):
    """A Python function has at most 50 lines beside its docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [] == [(name, lines) for name, lines in python_functions(tree) if lines > FUNCTION_LINES]


@every_file([*C_FILES, *PYTHON_FILES])
def test_files_open_with_their_one_job(path):
    """The first line of a file says what it is for."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        assert (path.name == "__init__.py" and not text) or ast.get_docstring(ast.parse(text))
    else:
        assert text.startswith("/* ")


@every_file(sorted(CORE.glob("*.[ch]")))
def test_the_core_does_not_know_python(path):
    """src/core includes its own headers and the C library without stdio, never Python's or NumPy's."""
    own = {header.name for header in CORE.glob("*.h")}
    libc = {"float.h", "limits.h", "math.h", "pthread.h", "stddef.h", "stdint.h", "stdlib.h", "string.h", "fenv.h"}
    libc |= {
        "emmintrin.h",
        "errno.h",
        "inttypes.h",
        "sched.h",
        "stdatomic.h",
        "stdbool.h",
        "sys/mman.h",
        "time.h",
        "unistd.h",
        "xmmintrin.h",
    }
    assert set() == set(includes(path)) - own - libc
    assert not re.search(r"\bPy[A-Z_]\w*|\bPyArray|\bprintf\b", without_comments(path.read_text(encoding="utf-8")))


@every_file(sorted(path for path in CORE.glob("*.[ch]") if path.name != "memory.c"))
def test_memory_has_one_door(path):
    """Only memory.c calls malloc and its kin."""
    assert [] == re.findall(
        r"\b(?:malloc|calloc|realloc|free)\s*\(", without_comments(path.read_text(encoding="utf-8"))
    )


@every_file(C_FILES)
def test_no_mutable_statics(path):
    """A static is a function or const: a call keeps nothing behind."""
    text = without_comments(path.read_text(encoding="utf-8"))
    statics = re.findall(r"^\s*static\b[^;{(=]*[;=]", text, re.MULTILINE)
    allowed = r"\bconst\b|Py(?:Method|Module|Type)\w*Def|PyModuleDef_Slot|PyMethodDef|PyMemberDef|PyGetSetDef|PyType_S"
    assert [] == [static for static in statics if not re.search(allowed, static)]


@every_file(sorted(CORE.glob("*.c")))
def test_functions_that_others_see_are_named_mfg(path):
    """A function of the core that is not static begins with mfg_."""
    text = without_comments(path.read_text(encoding="utf-8"))
    definitions = re.findall(r"^([^\n#}]*)\n(\w+)\([^;{]*\)\n\{", text, re.MULTILINE)
    assert [] == [name for kind, name in definitions if "static" not in kind and not name.startswith("mfg_")]


@every_file(sorted(BINDING.glob("*.[ch]")))
def test_the_binding_has_one_door(path):
    """Python.h and NumPy's headers are included by binding.h alone; functions take FASTCALL or no arguments."""
    door = {name for name in includes(path) if name == "Python.h" or name.startswith("numpy/")}
    assert path.name == "binding.h" or not door
    text = without_comments(path.read_text(encoding="utf-8"))
    assert not re.search(r"METH_VARARGS|METH_KEYWORDS|PyArg_Parse|\b(?:malloc|calloc|realloc|free)\s*\(", text)


def test_the_build_cannot_change_the_numbers():
    """No flag lets the compiler reassociate, contract or assume the machine; -ffp-contract=off is there."""
    build = [path for path in (ROOT / "setup.py", ROOT / "Makefile", ROOT / "pyproject.toml") if path.exists()]
    text = "\n".join(path.read_text(encoding="utf-8") for path in build)
    assert [] == re.findall(r"-ffast-math|-Ofast|-march=native|-funsafe|-fassociative|-ffinite|-z,?\s*nodlopen", text)
    assert "-ffp-contract=off" in (ROOT / "setup.py").read_text(encoding="utf-8")


@every_file([path for path in TEXT_FILES if path != Path(__file__).resolve()])
def test_no_promises_without_owner(path):
    """No file keeps a note of work to be done."""
    assert [] == re.findall(r"\b(?:TODO|FIXME|XXX|HACK)\b", path.read_text(encoding="utf-8"))


@every_file([*C_FILES, *PYTHON_FILES])
def test_files_are_named_by_their_idea(path):
    """No file is a drawer for whatever is left."""
    assert not re.search(r"util|helper|manager|common|misc", path.stem)


@every_file(PYTHON_FILES)
def test_names_say_what_they_hold(path):
    """No argument or variable has one of the names that say nothing, or British spelling."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    names |= {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    empty = {"lab", "arr", "res", "tmp2", "utils", "helpers", "manager", "process", "handle"}
    british = {
        name for name in names if re.search(r"colour|isation|normalise|specialise|centre|labour|behaviour", name)
    }
    assert set() == names & empty | british


# A module may import those of the lines above its own, and its own kind within io and report.
LAYERS = (
    {"errors"},
    {"_zones"},
    {"_objects"},
    {"_columns"},
    {"_arrow"},
    {"_arrays"},
    {"_show", "_statistics", "_schemes", "_blocks", "_cycles"},
    {"_excel", "_columnar"},
    {"_export", "_crosswalk"},
    {"table"},
    {"grouping", "threads"},
    {"_periods", "_codes"},
    {"_weighted", "_decimals"},
    {"aggregate"},
    {"_entities", "_balance", "_totals"},
    {"_cells"},
    {"_rules"},
    {"share", "growth", "top", "_crosstab", "tiers", "classification", "rounding", "inequality", "concentration"},
    {"disclosure", "_frame", "_earlier"},
    {"_sums", "_programs"},
    {"_targets"},
    {"_pattern"},
    {"_line"},
    {"_suppression"},
    {"protection"},
    {"decomposition"},
    {"structure", "similarity", "agglomeration", "shift_share"},
    {"_structural", "_official", "_spread", "_dynamic"},
    {"_rounded"},
    {"records"},
    {"io", "charts"},
    {"audit"},
    {"text"},
    {"report"},
    {"cli"},
    {"__main__"},
    {"__init__"},
)
MEASURES = {"_arrow"}
MEASURES |= {"aggregate", "share", "growth", "top", "grouping", "_periods", "_statistics", "_crosstab", "_entities"}
MEASURES |= {"structure", "agglomeration", "shift_share", "classification", "inequality", "concentration"}
MEASURES |= {"disclosure", "_cells", "_frame", "protection"}
MEASURES |= {"_weighted", "_decimals", "decomposition", "_codes", "_totals"}


@every_file(MODULES)
def test_modules_import_what_is_below_them(path):
    """Inside xxmfg the arrows go one way; the charts, the reader and the report never reach the core by themselves."""
    level = {name: i for i, names in enumerate(LAYERS) for name in names}
    own = path.relative_to(PACKAGE).with_suffix("").parts[0]
    below = set(itertools.chain.from_iterable(LAYERS[: level[own]])) | {own, "data", "__version__"}
    for imported in imports(path):
        parts = imported.split(".")
        if parts[0] == "xxmfg" and len(parts) > 1 and own != "__init__":
            assert parts[1] in below | ({"_core"} if own in MEASURES else set()), imported


def test_importing_the_package_is_light():
    """Import loads NumPy and nothing else that is heavy."""
    code = "import numpy, sys; before = set(sys.modules); import xxmfg; print(*set(sys.modules) - before)"
    listed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True)
    loaded = {name.split(".")[0] for name in listed.stdout.split()}
    heavy = {"pandas", "polars", "pyarrow", "matplotlib", "jinja2", "scipy", "csv", "html", "difflib", "argparse"}
    heavy |= {"dataclasses", "decimal", "fractions", "inspect", "json", "pathlib", "tempfile"}
    assert set() == loaded & heavy


@every_file(sorted((ROOT / "tests/reference").glob("*.py")))
def test_the_slow_twins_stand_alone(path):
    """tests/reference uses NumPy, solvers of linear programs and the standard library's numbers, never xxmfg."""
    allowed = {"numpy", "math", "fractions", "decimal", "collections", "itertools", "tests", "scipy", "highspy"}
    assert set() == {name.split(".")[0] for name in imports(path)} - allowed


def test_every_measure_module_has_its_tests():
    """tests/test_<module>.py mirrors xxmfg/<module>.py."""
    names = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__", "errors"}
    public = {name for name in names if not name.startswith("_")} | {"errors"}
    assert set() == {name for name in public if not list((ROOT / "tests").glob(f"test_{name}*.py"))}


def test_the_map_names_every_file():
    """src/README.md has a line for each file of src."""
    text = (ROOT / "src/README.md").read_text(encoding="utf-8")
    assert [] == [path.name for path in C_FILES if path.stem not in text]


def test_notebooks_are_numbered():
    """A notebook's name begins with its number."""
    assert [] == [path.name for path in (ROOT / "notebooks").glob("*.ipynb") if not re.match(r"\d\d_\w+", path.name)]


def public_measures():
    """Give the names of the public functions and classes, errors apart."""
    for name in xm.__all__:
        public = getattr(xm, name, None)
        if callable(public) and not (isinstance(public, type) and issubclass(public, Exception)):
            yield name


@pytest.mark.parametrize("name", list(public_measures()))
def test_public_docstrings_are_manuals(name):
    """Each public function or class says its arguments and what it gives, and shows an example that runs."""
    public = getattr(xm, name)
    text = public.__doc__ or ""
    sections = ["Examples"] + ([] if isinstance(public, type) else ["Raises"])
    if isinstance(public, type) or inspect.signature(public).parameters:
        sections.append("Parameters")
    if not isinstance(public, type) and public.__annotations__["return"] not in {None, "None"}:
        sections.append("Returns")
    missing = [section for section in sections if not re.search(rf"^\s*{section}\n\s*-{{3,}}", text, re.MULTILINE)]
    assert [] == missing
    assert ">>> " in text


def test_every_public_function_is_walked():
    """What memory, leaks and interrupts are tested with has a call of each function that reads records."""
    assert set() == calls.uncalled(public_measures())


def test_public_names_are_those_listed():
    """Every name of __all__ exists; nothing else without an underscore is public but modules."""
    assert [] == [name for name in xm.__all__ if not hasattr(xm, name)]
    module = type(xm)
    others = {name for name in vars(xm) if not name.startswith("_") and not isinstance(getattr(xm, name), module)}
    assert set() == others - set(xm.__all__)
