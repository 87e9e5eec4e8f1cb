"""The map of two accounts beside each other: what both say, and where they differ.

Ground on which both agree has its holder's colour, faintly. Ground in dispute has the colour of
whoever holds it by our account, with stripes in that of whoever does by theirs; fainter where the
accounts differ on every date, which is a matter of their baselines and not of the front.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from frontmap.geo.comparison import Comparison, Verdict
from frontmap.geo.records import Actor
from frontmap.maps import style
from frontmap.maps.elements import Ground, LegendEntry, MapSpec, Piece
from frontmap.maps.spec import Project, describe_map
from frontmap.maps.style import Fill, Look
from frontmap.maps.words import Words

__all__ = ["describe_comparison"]

_AGREED_OPACITY, _BASELINE_OPACITY = 0.3, 0.45
#: Less than this cannot be seen, and stays out of the legend.
_VISIBLE_KM2 = 0.5


def describe_comparison(
    project: Project, comparison: Comparison, names: tuple[str, str], *, title: str | None = None
) -> MapSpec:
    """Describe the map of a comparison of `project` with another account, in English.

    `names` are what to call the two accounts, ours first.
    """
    words = Words.of("en")
    base = describe_map(project, comparison.as_of, title=title)
    drawn = _Drawn(comparison, names, list(project.actors().values()), words)
    one, other = names
    agreed = words.share(comparison.agreed_km2 / comparison.km2)
    heading = words.say("comparison_title", one=one, other=other)
    summary = words.say("comparison_agreed", share=agreed, area=words.area(comparison.km2))
    return replace(
        base,
        title=title or heading,
        known_line=summary,
        since=None,
        since_line="",
        alt=f"{heading}. {base.as_of_line}. {summary}. {' '.join(drawn.sentences())}",
        holders=(),
        grounds=drawn.grounds(),
        pieces=drawn.pieces(),
        front=(),
        gains=(),
        legend=drawn.legend(),
        changes=(),
        sources=(),
    )


@dataclass(frozen=True)
class _Drawn:
    """The verdicts of a comparison as elements of a map."""

    comparison: Comparison
    names: tuple[str, str]
    actors: Sequence[Actor]
    words: Words

    @cached_property
    def _by_name(self) -> dict[str, Actor]:
        """Actors by what the comparison calls them: their slugs, or their sides."""
        by_side = {actor.side: actor for actor in reversed(self.actors)}
        return by_side | {actor.slug: actor for actor in self.actors}

    def _colour(self, name: str | None) -> str:
        return style.colours(self.actors)[self._by_name[name].slug] if name else ""

    def _called(self, name: str | None) -> str:
        if name is None:
            return self.words.say("no_data")
        return self._by_name[name].short_name if self._is_actor(name) else name

    def _is_actor(self, name: str) -> bool:
        return any(actor.slug == name for actor in self.actors)

    def grounds(self) -> tuple[Ground, ...]:
        return tuple(
            Ground(
                verdict.ours,
                _look(verdict),
                (verdict.theirs,) if verdict.theirs and not verdict.agrees else (),
                self._fill(verdict),
                verdict.km2,
                verdict.polygon,
            )
            for verdict in self.comparison.verdicts
        )

    def pieces(self) -> tuple[Piece, ...]:
        return tuple(
            Piece(
                self._heading(verdict),
                verdict.ours,
                _look(verdict),
                None,
                (),
                (),
                verdict.km2,
                verdict.polygon,
            )
            for verdict in self.comparison.verdicts
        )

    def legend(self) -> tuple[LegendEntry, ...]:
        seen = [v for v in self.comparison.verdicts if v.km2 >= _VISIBLE_KM2]
        entries = [
            LegendEntry("area", self._heading(v), self._area(v), (self._fill(v),), _look(v))
            for v in seen
        ]
        explained = {_look(verdict) for verdict in seen}
        notes = [
            LegendEntry("note", "", self.words.say(f"comparison_{look}_note"))
            for look in (Look.DISPUTED, Look.BASELINE)
            if look in explained
        ]
        return (*entries, *notes)

    def sentences(self) -> list[str]:
        """Say of each dispute that can be seen who says what."""
        return [
            f"{self._heading(verdict)}: {self._area(verdict)}."
            for verdict in self.comparison.verdicts
            if not verdict.agrees and verdict.km2 >= _VISIBLE_KM2
        ]

    def _heading(self, verdict: Verdict) -> str:
        if verdict.agrees:
            return self.words.say("comparison_both", holder=self._called(verdict.ours))
        key = "comparison_always" if verdict.is_baseline else "comparison_either"
        return self.words.say(
            key,
            one=self.names[0],
            ours=self._called(verdict.ours),
            other=self.names[1],
            theirs=self._called(verdict.theirs),
        )

    def _area(self, verdict: Verdict) -> str:
        return self.words.say("area", area=self.words.area(verdict.km2))

    def _fill(self, verdict: Verdict) -> Fill:
        no_data = style.fill(Look.NO_DATA)
        if verdict.agrees:
            if verdict.ours is None:
                return no_data
            assessed = style.fill(Look.ASSESSED, self._colour(verdict.ours))
            return replace(assessed, opacity=_AGREED_OPACITY)
        ours = self._colour(verdict.ours) or no_data.colour
        theirs = self._colour(verdict.theirs) or no_data.colour
        striped = style.fill(Look.CONTESTED, ours, [theirs])
        if not verdict.is_baseline or striped.hatch is None:
            return striped
        faint = replace(striped.hatch, opacity=striped.hatch.opacity * _BASELINE_OPACITY)
        return replace(striped, opacity=striped.opacity * _BASELINE_OPACITY, hatch=faint)


def _look(verdict: Verdict) -> Look:
    if verdict.agrees:
        return Look.ASSESSED if verdict.ours else Look.NO_DATA
    return Look.BASELINE if verdict.is_baseline else Look.DISPUTED
