"""Scripts and styles as they travel: without what only their readers need.

Sources stay as they were written; what is sent has no comments that fill whole lines and no
indentation. Nothing else changes.
"""

from __future__ import annotations

import re

_COMMENT = re.compile(r"^[ \t]*/\*(?:[^*]|\*(?!/))*\*/[ \t]*$", re.MULTILINE)
_REMARK = re.compile(r"^[ \t]*//.*$", re.MULTILINE)
_CAST = re.compile(r"/\*\* @(?:type|param) [^*]*\*/ ?")
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_EMPTY = re.compile(r"\n{2,}")


def lean_script(source: str) -> str:
    """Leave comments, casts and indentation out of a module.

    It must not hold a template literal of several lines, whose text would lose its indentation;
    a test sees to that.
    """
    return _bare(_CAST.sub("", _REMARK.sub("", _COMMENT.sub("", source))))


def lean_style(source: str) -> str:
    """Leave comments and indentation out of a style sheet."""
    return _bare(_COMMENT.sub("", source))


def _bare(source: str) -> str:
    return _EMPTY.sub("\n", _INDENT.sub("", source)).lstrip("\n")
