"""QGIS itself, without a window: answers a JSON line for each JSON line of requests.

It is run by the Python that has `qgis`, Debian's own, and imports nothing of frontmap.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsDateTimeRange,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProject,
    QgsTemporalUtils,
    QgsVectorLayer,
    QgsVectorLayerTemporalContext,
    QgsVectorLayerUtils,
)
from qgis.PyQt.QtCore import QDateTime, Qt


@dataclass
class Session:
    """Layers of one project, opened as QGIS opens them when a file is dropped on it."""

    path: str = ""
    opened: dict[str, QgsVectorLayer] = field(default_factory=dict)

    def open(self, path: str) -> bool:
        """Turn to a project file, with none of its layers open."""
        self.path, self.opened = path, {}
        return os.path.exists(path)

    def layer(self, name: str) -> QgsVectorLayer:
        """Return a layer with the style and the form that the file has for it."""
        if name not in self.opened:
            layer = QgsVectorLayer(f"{self.path}|layername={name}", name, "ogr")
            layer.loadDefaultStyle()
            self.opened[name] = layer
        return self.opened[name]

    def describe(self, layer: str) -> dict[str, Any]:
        """Say what the user sees of a layer: its symbols, its times, whether it can be edited."""
        one = self.layer(layer)
        renderer, times = one.renderer(), one.temporalProperties()
        categories = renderer.categories() if renderer.type() == "categorizedSymbol" else []
        return {
            "is_valid": one.isValid(),
            "rows": one.featureCount(),
            "crs": one.crs().authid(),
            "renderer": renderer.type(),
            "categories": [
                [each.value(), each.label(), each.symbol().color().name()] for each in categories
            ],
            "is_temporal": times.isActive(),
            "fields": [times.startField(), times.endField()],
            "span": self.span(one),
            "is_read_only": one.readOnly(),
        }

    @staticmethod
    def span(layer: QgsVectorLayer) -> list[str]:
        """Return the first and the last day that the Temporal Controller offers for a layer."""
        project = QgsProject()
        project.addMapLayer(layer)
        found = QgsTemporalUtils.calculateTemporalRangeForProject(project)
        project.takeMapLayer(layer)
        return [each.toString("yyyy-MM-dd") for each in (found.begin(), found.end())]

    def form(self, layer: str) -> dict[str, Any]:
        """Say what a layer's form offers for each field."""
        one = self.layer(layer)
        form = dict[str, Any]()
        for index, each in enumerate(one.fields()):
            widget = one.editorWidgetSetup(index)
            form[each.name()] = {
                "widget": widget.type(),
                "config": widget.config(),
                "is_editable": not one.editFormConfig().readOnly(index),
                "default": one.defaultValueDefinition(index).expression(),
            }
        return form

    def shown(self, layer: str, when: str) -> list[Any]:
        """Return the rows that the Temporal Controller shows on a day, as [actor, status]."""
        one = self.layer(layer)
        begin = QDateTime.fromString(f"{when}T00:00:00", Qt.ISODate)
        context = QgsVectorLayerTemporalContext()
        context.setLayer(one)
        day = QgsDateTimeRange(begin, begin.addDays(1), True, False)
        query = one.temporalProperties().createFilterString(context, day)
        rows = one.getFeatures(QgsFeatureRequest().setFilterExpression(query))
        return sorted([row["actor"], row["status"]] for row in rows)

    def add(self, layer: str, wkt: str, values: dict[str, Any]) -> bool:
        """Draw a shape, with a form that is filled in so far as values are given."""
        one = self.edited(layer)
        given = {one.fields().indexOf(name): value for name, value in values.items()}
        shape = QgsGeometry.fromWkt(wkt)
        return bool(one.addFeature(QgsVectorLayerUtils.createFeature(one, shape, given)))

    def edited(self, name: str) -> QgsVectorLayer:
        """Return a layer with its pencil on."""
        layer = self.layer(name)
        if not layer.isEditable():
            layer.startEditing()
        return layer

    def alter(self, layer: str, row: int, values: dict[str, Any]) -> bool:
        """Enter other values for a row."""
        one = self.edited(layer)
        return all(
            one.changeAttributeValue(row, one.fields().indexOf(name), value)
            for name, value in values.items()
        )

    def redraw(self, layer: str, row: int, wkt: str) -> bool:
        """Give a row another shape."""
        return bool(self.edited(layer).changeGeometry(row, QgsGeometry.fromWkt(wkt)))

    def delete(self, layer: str, row: int) -> bool:
        """Delete a row."""
        return bool(self.edited(layer).deleteFeature(row))

    def commit(self, layer: str) -> list[str]:
        """Save what was edited; return what QGIS says of it when it fails."""
        one = self.layer(layer)
        return [] if one.commitChanges() else list(one.commitErrors())


def main() -> None:
    application = QgsApplication([], False)  # to be kept: QGIS falls with it
    application.initQgis()
    session = Session()
    for line in sys.stdin:
        request = json.loads(line)
        answer = getattr(session, request.pop("do"))(**request)
        print(json.dumps(answer, default=lambda value: None), flush=True)
    # QGIS tends to crash on its way out.
    os._exit(0)


if __name__ == "__main__":
    main()
