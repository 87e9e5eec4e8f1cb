"""The review of claims drawn in a terminal, with Textual; `frontmap.maps.review` decides what.

Needs the extra `review`. Imported only by `run_review`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Grid, Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, Label, OptionList, Static
from textual.widgets.option_list import Option

from frontmap.geo.dates import parse_date
from frontmap.geo.errors import FrontmapError, InputError
from frontmap.geo.geodesy import parse_distance_km
from frontmap.geo.reading import Relation
from frontmap.geo.records import Certainty
from frontmap.geo.review import Correction, FiledClaim
from frontmap.maps.review import Desk, Segments, Style, Tally, describe_claim, one_line

__all__ = ["ReviewApp"]

T = TypeVar("T")

#: Bold, underlined and reversed show without colour, too.
_STYLES = {
    Style.PLAIN: "",
    Style.HEADING: "bold underline",
    Style.QUOTE: "bold reverse",
    Style.FAINT: "dim",
    Style.STRONG: "bold",
    Style.DOUBT: "bold italic yellow",
}


def _text(segments: Segments) -> Text:
    return Text.assemble(*((piece, _STYLES[style]) for piece, style in segments))


def _cut(line: str) -> Text:
    return Text(line, no_wrap=True, overflow="ellipsis")


class _Reason(ModalScreen[str | None]):
    """Asks why a claim is rejected."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "Cancel")]

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue"):
            yield Label("Why does it make no change?", classes="heading")
            yield Input(compact=True, id="reason")
            yield Label("", id="problem")
            yield Label("Enter rejects the claim, Esc goes back.", classes="hint")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self.dismiss(event.value.strip())
        else:
            self.query_one("#problem", Label).update("! A rejection needs a reason.")


class _Edit(ModalScreen[Correction | None]):
    """Asks what is to be read in a claim; what is left as it is is not changed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "dismiss", "Cancel"),
        ("down", "app.focus_next", "Next"),
        ("up", "app.focus_previous", "Previous"),
    ]

    def __init__(self, filed: FiledClaim, actors: str, save: Callable[[Correction], None]) -> None:
        super().__init__()
        self._actors, self._save = actors, save
        claim = filed.claim
        self._shown = {
            "place": claim.place.place.name if claim.place.place else claim.place.surface,
            "actor": claim.actor_id or "",
            "on": claim.date.last.isoformat(),
            "within": f"{claim.distance_km:g} km" if claim.distance_km else "",
            "relation": str(claim.relation),
            "certainty": str(filed.certainty or ""),
            "note": filed.note,
        }

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialogue"):
            yield Label("Edit the claim", classes="heading")
            with Grid(id="fields"):
                for name, value in self._shown.items():
                    yield Label(name)
                    yield Input(value, compact=True, id=name, select_on_focus=True)
            yield Label("", id="problem")
            yield Label(Text(f"actors: {self._actors}"), classes="hint")
            yield Label(f"relations: {', '.join(Relation)}", classes="hint")
            yield Label(f"certainties: {', '.join(Certainty)}", classes="hint")
            yield Label("Enter saves, Esc goes back, Tab and arrows move.", classes="hint")

    def on_input_submitted(self) -> None:
        try:
            correction = self._correction()
            self._save(correction)
        except FrontmapError as error:
            self.query_one("#problem", Label).update(Text(f"! {error}"))
        else:
            self.dismiss(correction)

    def _correction(self) -> Correction:
        given = {name: self.query_one(f"#{name}", Input).value.strip() for name in self._shown}
        values: dict[str, Any] = {}
        problems: list[str] = []
        for field, name, parse in _FIELDS:
            if given[name] == self._shown[name]:
                continue
            try:
                values[field] = parse(given[name])
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(problems)
        return Correction(**values)


def _member(kind: type[Relation] | type[Certainty]) -> Callable[[str], Relation | Certainty]:
    def parse(text: str) -> Relation | Certainty:
        try:
            return kind(text.lower())
        except ValueError:
            raise InputError(f"{text!r} is none of {', '.join(kind)}") from None

    return parse


#: Field of the correction, input, and what makes the one of the other.
_FIELDS: tuple[tuple[str, str, Callable[[str], Any]], ...] = (
    ("place", "place", str),
    ("actor", "actor", str),
    ("on", "on", parse_date),
    ("within_km", "within", parse_distance_km),
    ("relation", "relation", _member(Relation)),
    ("certainty", "certainty", _member(Certainty)),
    ("note", "note", str),
)


class ReviewApp(App[None]):
    """Shows the pending claims one by one, and decides on them by single keys."""

    TITLE = "frontmap review"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares it of the instance
        (0, "-narrow"),
        (110, "-wide"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept", "Accept"),
        Binding("r", "reject", "Reject"),
        Binding("e", "edit", "Edit"),
        Binding("s", "skip", "Skip"),
        *(
            Binding(str(n), f"choose({n})", "Place", show=n == 1, key_display="1-9")
            for n in range(1, 10)
        ),
        Binding("q", "quit", "Quit"),
        Binding("pagedown,space", "turn(1)", "Scroll", show=False, priority=True),
        Binding("pageup", "turn(-1)", "Scroll back", show=False, priority=True),
    ]
    CSS = """
    #title { height: 1; background: $primary; color: $text; text-style: bold; padding: 0 1; }
    #claims { border: none; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
    #report { padding: 0 1; }
    #below { height: auto; max-height: 10; border-top: solid $primary; padding: 0 1; }
    #status { height: 1; padding: 0 1; text-style: bold; }
    .-narrow #body { layout: vertical; }
    .-narrow #claims { height: auto; max-height: 5; border-bottom: solid $primary; }
    .-wide #claims { width: 46; height: 1fr; border-right: solid $primary; }
    #page { width: 1fr; height: 1fr; }
    ModalScreen { align: center middle; }
    .dialogue { width: 76; max-width: 96%; height: auto; max-height: 100%;
      border: round $primary; background: $surface; padding: 0 1; }
    .heading { text-style: bold; }
    .hint { color: $text-muted; width: 100%; }
    #problem { width: 100%; text-style: bold; height: auto; }
    #fields { grid-size: 2; grid-columns: 11 1fr; grid-rows: 1; height: auto; }
    """

    def __init__(self, desk: Desk) -> None:
        """Review the claims of a desk."""
        super().__init__()
        self._desk, self.tally = desk, Tally()
        self._claims: list[FiledClaim] = []

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield Static(id="title")
        with Horizontal(id="body"):
            yield OptionList(id="claims")
            with Vertical(id="page"):
                with VerticalScroll(id="report", can_focus=False):
                    yield Static(id="text")
                with VerticalScroll(id="below", can_focus=False):
                    yield Static(id="change")
        yield Static("Arrows choose a claim; PgDn and PgUp scroll its report.", id="status")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Show the first claim, once it is known how wide the screen is."""
        self.call_after_refresh(self._list, 0)

    # Showing

    def _list(self, position: int) -> None:
        """List what is pending, and show the claim at a position."""
        pending = self._try(self._desk.pending)
        if pending is None:
            return
        self._claims = list(pending)
        self.tally.left = len(self._claims)
        actors = self._desk.actors()
        claims = self.query_one("#claims", OptionList)
        claims.clear_options()
        claims.add_options(
            Option(_cut(f"{filed.id:>3}  {one_line(filed.claim, actors)}"), id=str(filed.id))
            for filed in self._claims
        )
        claims.focus()
        if self._claims:
            claims.highlighted = min(position, len(self._claims) - 1)
        else:
            self.query_one("#title", Static).update("frontmap review")
            done = f"Nothing is left to review: {self.tally.describe()}. q leaves."
            self.query_one("#text", Static).update(done)
            self.query_one("#change", Static).update("")

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the claim that the list has come to."""
        self._show(self._claims[event.option_index])

    def _show(self, filed: FiledClaim) -> None:
        page = self._try(lambda: describe_claim(self._desk, filed.id))
        if page is None:
            return
        number = [known.id for known in self._claims].index(filed.id) + 1
        title = f"{number} of {len(self._claims)} · {page.title}"
        self.query_one("#title", Static).update(_cut(title))
        self.query_one("#text", Static).update(_text(page.report))
        self.query_one("#change", Static).update(_text(page.change))
        for part in self.query(VerticalScroll):
            part.scroll_home(animate=False)

    def _say(self, message: str) -> None:
        self.query_one("#status", Static).update(Text(message))

    def _try(self, step: Callable[[], T]) -> T | None:
        """Return the step's result, or say what went wrong: another may have the file, too."""
        try:
            return step()
        except FrontmapError as error:
            self._say("! " + "; ".join(str(error).splitlines()))
            return None

    @property
    def _position(self) -> int | None:
        return self.query_one("#claims", OptionList).highlighted if self._claims else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys to an open dialogue."""
        return not isinstance(self.screen, ModalScreen) or action not in _DECISIONS

    # Deciding

    def action_accept(self) -> None:
        """Record the change of the claim that is shown."""
        if (at := self._position) is None:
            return
        filed = self._claims[at]
        change_id = self._try(lambda: self._desk.accept(filed.id))
        if change_id is None:
            return
        self.tally.accepted += 1
        self._say(f"claim {filed.id} accepted: change {change_id}")
        self._list(at)

    def action_reject(self) -> None:
        """Ask why, and reject the claim that is shown."""
        if (at := self._position) is None:
            return
        filed = self._claims[at]

        def decide(reason: str | None) -> None:
            if reason is None:
                return
            if self._try(lambda: self._rejected(filed, reason)):
                self._list(at)

        self.push_screen(_Reason(), decide)

    def _rejected(self, filed: FiledClaim, reason: str) -> bool:
        self._desk.reject(filed.id, reason)
        self.tally.rejected += 1
        self._say(f"claim {filed.id} rejected: {reason}")
        return True

    def action_edit(self) -> None:
        """Ask what is to be read in the claim that is shown."""
        if (at := self._position) is None:
            return
        filed = self._claims[at]

        def save(correction: Correction) -> None:
            self._desk.edit(filed.id, correction)

        def saved(correction: Correction | None) -> None:
            if correction is not None:
                self._say(f"claim {filed.id} edited")
                self._list(at)

        self.push_screen(_Edit(filed, ", ".join(self._desk.actors()), save), saved)

    def action_choose(self, number: int) -> None:
        """Settle which of the listed places is meant."""
        if (at := self._position) is None:
            return
        filed = self._claims[at]
        assessed = self._try(lambda: self._desk.assess(filed.id))
        if assessed is None:
            return
        candidates = assessed.candidates
        if number > len(candidates):
            self._say(f"! there is no place {number} to choose")
            return
        place = candidates[number - 1]
        if self._try(lambda: self._desk.edit(filed.id, Correction(place=place.id))):
            self._say(f"claim {filed.id}: the place is {place.name}")
            self._list(at)

    def action_skip(self) -> None:
        """Go on to the next claim, after the last to the first."""
        if (at := self._position) is not None:
            self.query_one("#claims", OptionList).highlighted = (at + 1) % len(self._claims)

    def action_turn(self, pages: int) -> None:
        """Scroll the report's text, and what stands below it where that is too long."""
        for part in self.query(VerticalScroll):
            part.scroll_relative(y=pages * max(1, part.size.height - 1), animate=False)


#: What the keys of the screen below do not do while a dialogue is open.
_DECISIONS = {"accept", "reject", "edit", "skip", "choose", "turn", "quit"}
