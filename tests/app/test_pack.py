from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
import rjsmin

from app.pack import imports_of, modules_of, pack_modules

STATIC = Path(__file__).parents[2] / "static"
TOOLS = Path(__file__).parents[1] / "js"
MODULES = sorted(STATIC.rglob("*.js"))
PAGES = sorted((STATIC / "js" / "pages").glob("*.js"))

TREE = {
    "pages/a.js": 'import { two as zwei } from "../b.js";\nimport { one } from "../c.js";\n'
    "console.log(one + zwei());\n",
    "b.js": 'import { one } from "./c.js";\nexport function two() {\n  return one + one;\n}\n',
    "c.js": "const hidden = 1;\nexport const one = hidden;\n",
}


def test_packed_modules_do_what_the_modules_do():
    tree = TREE | {
        "pages/a.js": TREE["pages/a.js"].replace("two as zwei", "two").replace("zwei", "two")
    }

    packed = pack_modules("pages/a.js", tree.__getitem__)

    ran = subprocess.run(["node", "-e", packed], capture_output=True, text=True, check=True)
    assert ran.stdout == "3\n"


def test_a_module_that_two_others_import_is_packed_once_and_before_them():
    packed = pack_modules("pages/a.js", TREE.__getitem__)

    assert packed.count("const hidden") == 1
    assert packed.index("const hidden") < packed.index("function two")


def test_modules_that_import_each_other_are_refused():
    tree = {"a.js": 'import { b } from "./b.js";\n', "b.js": 'import { a } from "./a.js";\n'}

    with pytest.raises(ValueError, match=r"a\.js -> b\.js -> a\.js"):
        pack_modules("a.js", tree.__getitem__)


def test_a_part_meets_the_modules_of_the_page_and_does_not_bring_them_again():
    tree = TREE | {
        "pages/a.js": 'import { one } from "../c.js";\nconsole.log(one);\n',
        "pages/part.js": 'import { two } from "../b.js";\nconsole.log(two());\n',
    }
    page = pack_modules("pages/a.js", tree.__getitem__)

    present = modules_of("pages/a.js", tree.__getitem__)
    part = pack_modules("pages/part.js", tree.__getitem__, present=present)

    assert "hidden" not in part
    both = "".join(f"{{\n{script}}}\n" for script in (page, part))
    ran = subprocess.run(["node", "-e", both], capture_output=True, text=True, check=True)
    assert ran.stdout == "1\n2\n"


def test_what_all_parts_need_travels_with_the_page_and_the_rest_runs_once():
    tree = {
        "page.js": "console.log(1);\n",
        "first.js": 'import { all } from "./all.js";\nimport { some } from "./some.js";\n'
        "console.log(all + some);\n",
        "second.js": 'import { all } from "./all.js";\nimport { some } from "./some.js";\n'
        "console.log(all - some);\n",
        "third.js": 'import { all } from "./all.js";\nconsole.log(all);\n',
        "all.js": "export const all = 10;\n",
        "some.js": 'console.log("some");\nexport const some = 2;\n',
    }
    parts = ("first.js", "second.js", "third.js")

    present = modules_of("page.js", tree.__getitem__, parts=parts)
    page = pack_modules("page.js", tree.__getitem__, parts=parts)
    packed = [pack_modules(part, tree.__getitem__, present=present) for part in parts]

    assert present == ["all.js", "page.js"]
    assert ["const all" in script for script in (page, *packed)] == [True, False, False, False]
    assert ["const some" in script for script in packed] == [True, True, False]
    both = "".join(f"{{\n{script}}}\n" for script in (page, *packed))
    ran = subprocess.run(["node", "-e", both], capture_output=True, text=True, check=True)
    assert ran.stdout == "1\nsome\n12\n8\n10\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_packs_into_a_script_without_imports(page):
    packed = pack_modules(f"js/pages/{page.name}", lambda path: (STATIC / path).read_text("utf-8"))

    assert not re.search(r"^(import|export)\b", packed, re.MULTILINE)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_every_module_keeps_to_what_packing_understands(module):
    source = module.read_text(encoding="utf-8")
    code = without_comments(source)

    lines = [line for line in code.splitlines() if re.match(r"(import|export)\b", line)]
    assert [line for line in lines if re.search(r" as |(import|export) (\*|default)", line)] == []
    assert code.count("import {") + code.count('import "') == len(imports_of(code))
    assert "import(" not in code
    assert all(text.count("`") % 2 == 0 for text in source.splitlines()), "a literal of many lines"


@pytest.mark.skipif(not (TOOLS / "node_modules").is_dir(), reason="the tools are not installed")
def test_a_minified_module_is_the_same_program():
    sources = {path.relative_to(STATIC).as_posix(): path.read_text("utf-8") for path in MODULES}
    changed = {"a literal in another": "const a = `${b ? ` and  ${b}` : 0}`;"}

    assert different_when_minified(sources) == []
    assert different_when_minified(changed) == ["a literal in another"]


def different_when_minified(sources: dict[str, str]) -> list[str]:
    pairs = {name: [source, rjsmin.jsmin(source)] for name, source in sources.items()}
    ran = subprocess.run(
        ["node", "same-code.js"],
        input=json.dumps(pairs),
        capture_output=True,
        text=True,
        check=True,
        cwd=TOOLS,
    )
    names: list[str] = json.loads(ran.stdout)
    return names


def without_comments(source: str) -> str:
    return re.sub(r"^\s*//.*$", "", re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL), flags=re.M)
