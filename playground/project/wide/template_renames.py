"""A template under another name: its file, and all in Python and templates that names it."""

from __future__ import annotations

import re

from playground.core.problems import refuse
from playground.core.proposals import Rename
from playground.project import templates
from playground.project.wide import python_uses, template_uses
from playground.project.wide.wide_edits import WideEdit

_MADE_UP_TEMPLATE = re.compile(rb"(?:_template|template_attribute)\(\s*(?![\s'\"\[(])")

_MADE_UP_TEXT = re.compile(_MADE_UP_TEMPLATE.pattern.decode())
_TEMPLATE_TAGS = re.compile(rb"\{%[-+]?\s*(?:extends|include|import|from)\s+(?![\s'\"])")
_UNSURE_TEMPLATE = "the name of the template is made while the program runs; look whether it is this one"


class TemplateRenamer:
    """Carries out the rename of a template on a ``WideEdit``."""

    def __init__(self, wide: WideEdit) -> None:
        self._wide, self._picture = wide, wide.picture

    def rename(self, wanted: Rename) -> None:
        """Note all that it replaces."""
        old, new = wanted.old, wanted.new
        files = self._wide.index.template_files()
        file = files.get(old)
        if file is None:
            raise refuse(f"There is no template called {old}.", field="template")
        templates.check_template_name(new, files)
        new_file = file[: len(file) - len(old)] + new
        if self._wide.data(new_file) is not None:
            raise refuse(
                f"There is already something at {new_file}.", "Choose another name.", field="template"
            )
        self._wide.move(file, new_file)
        hidden = [
            one for one, name in self._wide.index.all_template_files().items() if name == old and one != file
        ]
        for other in hidden:
            self._wide.note(f"there is another template called {old}, which keeps its name", other)
        for reading in self._wide.python(old, _MADE_UP_TEMPLATE):
            for use in python_uses.names_said(reading, self._wide.statements(reading, old, _MADE_UP_TEXT)):
                if use.about != "template":
                    continue
                if isinstance(use, python_uses.Unsure):
                    self._wide.note(_UNSURE_TEMPLATE, reading.file, use.call.lineno)
                elif use.name == old:
                    self._wide.rename_literal(reading.source, use.node, new)
        for _, source in self._wide.templates(old, _TEMPLATE_TAGS):
            said, unsure = template_uses.names_said(source.text)
            for one in unsure:
                if one.about == "template":
                    self._wide.note(_UNSURE_TEMPLATE, source.file, source.line_of(one.start))
            for named in said:
                if (named.about, named.name) == ("template", old):
                    self._wide.replace(source, named.start, new, old)
