"""The page that shows a failing view in the browser of the person who writes it.

One HTML text that needs nothing else: no script, no picture, no font of its own. All that comes from the app
is escaped, and what looks like a secret is not in it at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from playground.core.frame_runs import Run, marked, runs, where
from playground.core.problems import Problem
from playground.core.secrets import HIDDEN, without_secrets
from playground.core.trips import Frame, Raised, Trip, Value

SHORT = 90
"""Characters of a value beyond which the rest is folded away."""
SECRET = 4
"""Characters from which on the text of a secret is looked for everywhere."""
LONGEST = 2000
"""Characters of a message that are shown; the traceback has more of it."""
OWN_HANDLER = (
    "Your own error handler for 500 is not asked while Debug pages is on, "
    "as with <code>flask run --debug</code>."
)

STYLE = """
:root { color-scheme: light dark; --ground: #f4f5f6; --panel: #fff; --sunken: #f8f9fa; --line: #e2e5e8;
  --text: #1d2127; --muted: #646c76; --error: #b3261e; --tint: #e3f3f5; --accent: #0b7285; }
@media (prefers-color-scheme: dark) { :root { --ground: #15181c; --panel: #1c2025; --sunken: #181b20;
  --line: #2b3037; --text: #e4e7eb; --muted: #9aa3ae; --error: #f0787e; --tint: #15343a;
  --accent: #3fbac6; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 2rem 1rem; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 60rem; margin: 0 auto; }
h1 { font-size: 1.5rem; line-height: 1.3; margin: 0 0 .5rem; }
h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
h3 { font-size: .95rem; margin: 0; padding: .5rem .75rem; font-weight: 600; }
h3 small, footer, .request { color: var(--muted); font-weight: 400; }
code, pre, td, th[scope=row] { font-family: ui-monospace, Consolas, "DejaVu Sans Mono", monospace;
  font-size: .85rem; }
.error { color: var(--error); font-weight: 600; white-space: pre-wrap; margin: .5rem 0; }
.frame, details.run { background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
  margin: .5rem 0; }
details.run > summary, details.text > summary { padding: .5rem .75rem; color: var(--muted); cursor: pointer; }
details.run .frame { margin: .5rem; }
pre { margin: 0; padding: .5rem 0; overflow-x: auto; background: var(--sunken); overflow-wrap: normal; }
pre span { display: block; padding: 0 .75rem; white-space: pre; min-width: max-content; }
pre i { display: inline-block; width: 3.5rem; padding-right: 1rem; text-align: right; font-style: normal;
  color: var(--muted); user-select: none; }
pre .at { background: var(--tint); box-shadow: inset 3px 0 var(--accent); }
pre .at i { color: var(--text); }
pre u { text-decoration: underline wavy var(--error); text-underline-offset: 3px; }
pre.plain { padding: .75rem; white-space: pre; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem; border-top: 1px solid var(--line); }
thead th { color: var(--muted); font-weight: 400; font-size: .85rem; }
th[scope=row] { font-weight: 400; width: 10rem; }
td:nth-child(2) { color: var(--muted); width: 9rem; }
td summary { cursor: pointer; }
.secret { color: var(--muted); font-style: italic; }
ul { padding-left: 1.2rem; margin: .5rem 0; }
footer { margin-top: 2rem; font-size: .9rem; }
"""


def page(trip: Trip, raised: Raised, problem: Problem | None = None, *, own_handler: bool = False) -> str:
    """The whole page.

    ``problem`` is what the failure is in plain words, where that is known; ``own_handler`` whether the app
    has an error handler of its own that would answer otherwise.
    """
    request = f"{trip.method} {trip.path}"
    parts = [*_told(raised, problem, request), *_Parts(raised).all(), _footer(own_handler)]
    title = f"{raised.type} · {request}"[:200]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(parts)
        + "\n</main>\n</body>\n</html>\n"
    )


def as_text(raised: Raised, problem: Problem | None = None) -> str:
    """The same for a program that asked for no HTML: the sentence, then what Python says."""
    said = f"{sentence(raised, problem)}\n\n" if problem is not None else ""
    return said + without_secrets(raised.traceback or _message(raised), hidden_values(raised))


def hidden_values(raised: Raised) -> tuple[str, ...]:
    """What is hidden as a whole among the variables, as it would stand in any other text, too."""
    frames = [frame for one in (raised, *raised.before, *raised.inner) for frame in one.frames]
    texts = {value.text for frame in frames for value in frame.variables if value.masked == HIDDEN}
    inner = (text[1:-1] for text in texts if text[:1] in "'\"" and text[:1] == text[-1:])
    return tuple(sorted((text for text in inner if len(text) >= SECRET), key=len, reverse=True))


def sentence(raised: Raised, problem: Problem | None) -> str:
    """What went wrong, in a sentence."""
    if problem is not None:
        return problem.sentence.replace("`", "")
    frame = raised.own_frame
    place = f" in line {frame.line} of {frame.file}" if frame is not None else ""
    article = "an" if raised.type[:1] in "AEIOU" else "a"
    return f"This request failed with {article} {raised.type}{place}."


def _told(raised: Raised, problem: Problem | None, request: str) -> Iterator[str]:
    yield f'<p class="request"><code>{escape(request)}</code> · 500 Internal Server Error</p>'
    yield f"<h1>{escape(sentence(raised, problem))}</h1>"
    if problem is not None:
        for words in filter(None, (problem.why, problem.hint)):
            yield f"<p>{_with_code(words)}</p>"
        if problem.fixes:
            ways = "".join(f"<li>{_with_code(fix.label)}</li>" for fix in problem.fixes)
            yield f"<p>What helps:</p>\n<ul>{ways}</ul>"


def _with_code(words: str) -> str:
    """A sentence, whose code stands between backquotes."""
    parts = [escape(part) for part in words.split("`")]
    if len(parts) % 2 == 0:
        return escape(words)
    return "".join(f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts))


def _message(raised: Raised) -> str:
    words = raised.message if len(raised.message) <= LONGEST else f"{raised.message[:LONGEST]}…"
    return f"{raised.type}: {words}" if words else raised.type


def kind(value: Value) -> str:
    """The type of a variable, and how many items it has."""
    if value.size < 0:
        return value.type
    return f"{value.type} · {value.size:,} item{'s' * (value.size != 1)}"


class _Parts:
    """The parts of the page that show the exception, without the secrets that its frames hold."""

    def __init__(self, raised: Raised) -> None:
        self._raised = raised
        self._known = hidden_values(raised)

    def all(self) -> Iterator[str]:
        """The exception, what it came of, and its traceback as text."""
        yield from self._failure(self._raised)
        for one in self._raised.before:
            words = (
                "It was raised because of this" if one.how == "cause" else "It came while this was handled"
            )
            yield f"<h2>{words}</h2>"
            yield from self._failure(one)
        if self._raised.traceback:
            summary = "<summary>The traceback as Python prints it</summary>"
            text = self._shown(self._raised.traceback)
            yield f'<details class="text">{summary}<pre class="plain">{text}</pre></details>'

    def _shown(self, text: str) -> str:
        return escape(without_secrets(text, self._known))

    def _failure(self, raised: Raised) -> Iterator[str]:
        """One exception: what it says, and where it was raised."""
        yield f'<p class="error">{self._shown(_message(raised))}</p>'
        if raised.syntax is not None:
            yield self._frame(raised.syntax)
        yield from (self._run(run) for run in runs(raised))
        for at, one in enumerate(raised.inner, 1):
            yield f"<h2>Exception {at} of the group</h2>"
            yield from self._failure(one)

    def _run(self, run: Run) -> str:
        frames = "\n".join(map(self._frame, run.frames))
        if not run.words:
            return frames
        return f'<details class="run"><summary>{escape(run.words)}</summary>\n{frames}\n</details>'

    def _frame(self, frame: Frame) -> str:
        place = f"<code>{escape(frame.file)}:{frame.line}</code> <small>{escape(where(frame))}</small>"
        parts = [f"<h3>{place}</h3>"]
        if frame.source:
            lines = "".join(self._line(frame, at, text) for at, text in enumerate(frame.source, frame.first))
            parts.append(f"<pre>{lines}</pre>")
        if frame.variables:
            parts.append(self._table(frame.variables, frame.more))
        return f'<section class="frame">{"".join(parts)}</section>'

    def _line(self, frame: Frame, number: int, text: str) -> str:
        """A line with its number; the one that failed has a sign, and what failed of it is underlined."""
        part = marked(frame, number, text)
        code = self._shown(text)
        if part is not None and code == escape(text):
            begin, end = part
            code = f"{escape(text[:begin])}<u>{escape(text[begin:end])}</u>{escape(text[end:])}"
        if number == frame.line:
            return f'<span class="at"><i>▸ {number}</i>{code}</span>'
        return f"<span><i>{number}</i>{code}</span>"

    def _table(self, values: Iterable[Value], more: int) -> str:
        rows = "".join(
            f'<tr><th scope="row">{escape(one.name)}</th><td>{escape(kind(one))}</td>'
            f"<td>{self._value(one)}</td></tr>"
            for one in values
        )
        if more:
            rows += f'<tr><th scope="row">…</th><td></td><td>{more:,} more</td></tr>'
        head = "".join(f'<th scope="col">{title}</th>' for title in ("Name", "Type", "Value"))
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"

    def _value(self, value: Value) -> str:
        if value.masked == HIDDEN:
            return f'<span class="secret">{HIDDEN}</span>'
        text = without_secrets(value.masked or value.text, self._known)
        if len(text) <= SHORT:
            return escape(text)
        return f"<details><summary>{escape(text[:SHORT])}…</summary>{escape(text)}</details>"


def _footer(own_handler: bool) -> str:
    handler = f" {OWN_HANDLER}" if own_handler else ""
    return (
        "<footer><p>Only this computer sees this page, while Debug pages is on in Route Playground. "
        f"Everybody else gets a plain 500.{handler}</p></footer>"
    )
