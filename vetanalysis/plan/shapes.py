"""Where the units of a plan lie: `units.geojson`, polygons matched to units.csv by the code in their properties.

Coordinates are longitude and latitude (RFC 7946). The member `schematic: true` says that the shapes only show who lies
beside whom and were not surveyed, `source` where they come from; a figure prints either. What a file says is read here;
whether its units are those of the plan is judged in `vetanalysis.plan.checks`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vetanalysis.checks import finding, is_number, within
from vetanalysis.errors import DataRefused, Finding
from vetanalysis.text_files import read_text

SHAPES_FILE = "units.geojson"
RULE = "plan-shapes"
Ring = tuple[tuple[float, float], ...]  # (longitude, latitude), the first point not repeated at the end
Shape = tuple[tuple[Ring, ...], ...]  # polygons: the outer ring anticlockwise, its holes clockwise
_FINEST = 600  # parts of the map's width below which a bend is not drawn
_LONGITUDE_LATITUDE = ("CRS84", "EPSG::4326", "EPSG:4326")


@dataclass(frozen=True, slots=True)
class Shapes:
    """The shapes of units by code; `file`: where they stand, as a reader knows it; `places`: of each feature there."""

    file: str = ""
    of: dict[str, Shape] = field(default_factory=dict)
    schematic: bool = False
    source: str = ""
    places: dict[str, str] = field(default_factory=dict)


class _Wrong(Exception):
    """A feature that cannot be used: a line of `language/plan.yaml` and its facts."""

    def __init__(self, line: str, **facts: Any) -> None:
        super().__init__(line)
        self.line, self.facts = line, facts


def read_shapes(folder: Path) -> tuple[Shapes | None, list[Finding]]:
    """The shapes in a plan folder, None without the file; features that cannot be used are told and left out."""
    path, file = folder / SHAPES_FILE, f"{folder.name}/{SHAPES_FILE}"
    if not path.is_file():
        return None, []
    found: list[Finding] = []
    try:
        raw = json.loads(read_text(path, file, "plan"))
    except DataRefused as error:
        return None, [*error.findings]
    except json.JSONDecodeError as error:
        return None, [finding(file, f"line {error.lineno}", RULE, "plan.shapes_json", problem=error.msg)]
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, lists within lists
        return None, [finding(file, "", RULE, "plan.shapes_json", problem=str(error))]
    features = raw.get("features") if isinstance(raw, dict) else None
    if not isinstance(features, list) or raw.get("type") != "FeatureCollection":
        return None, [finding(file, "", RULE, "plan.shapes_collection")]
    if not _is_longitude_latitude(raw.get("crs")):
        return None, [finding(file, "crs", RULE, "plan.shapes_crs", given=json.dumps(raw["crs"])[:80])]
    shapes: dict[str, Shape] = {}
    places: dict[str, str] = {}
    for number, feature in enumerate(features, start=1):
        code = _code(feature)
        place = f"feature {number} ({code})" if code else f"feature {number}"
        try:
            if not code:
                raise _Wrong("shapes_code")
            if code in places:
                raise _Wrong("shapes_twice", code=code)
            places[code] = place
            shapes[code] = _shape(feature.get("geometry"))
        except _Wrong as error:
            found.append(finding(file, place, RULE, f"plan.{error.line}", **error.facts))
    made = Shapes(file, _thinned(shapes), raw.get("schematic") is True, str(raw.get("source") or ""), places)
    return made, found


def _is_longitude_latitude(crs: Any) -> bool:
    """Whether the member that older files carry names longitude and latitude; newer ones have none."""
    if crs is None:
        return True
    named = crs.get("properties") if isinstance(crs, dict) else None
    name = named.get("name") if isinstance(named, dict) else None
    return isinstance(name, str) and name.endswith(_LONGITUDE_LATITUDE)


def _code(feature: Any) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = properties.get("code") if isinstance(properties, dict) else None
    return str(code).strip() if isinstance(code, str) or type(code) is int else ""


def _shape(geometry: Any) -> Shape:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise _Wrong("shapes_geometry", given=str(kind))
    parts = geometry.get("coordinates")
    polygons = [parts] if kind == "Polygon" else parts
    if not isinstance(polygons, list) or not polygons or not all(isinstance(one, list) for one in polygons):
        raise _Wrong("shapes_geometry", given=str(kind))
    return tuple(tuple(_rings(polygon)) for polygon in polygons)


def _rings(polygon: list[Any]) -> Iterator[Ring]:
    if not polygon:
        raise _Wrong("shapes_ring", count=0)
    for number, points in enumerate(polygon):
        if not isinstance(points, list) or len(points) < 4 or points[0] != points[-1]:
            raise _Wrong("shapes_ring", count=len(points) if isinstance(points, list) else 0)
        ring = tuple(_point(one) for one in points[:-1])
        outer = number == 0
        yield ring if (_area(ring) > 0) == outer else ring[::-1]


def _point(given: Any) -> tuple[float, float]:
    """A position; what stands behind longitude and latitude (a height) is left out."""
    ends = given[:2] if isinstance(given, list) else []
    if len(ends) < 2 or not all(is_number(one) for one in ends):
        raise _Wrong("shapes_position", given=json.dumps(given)[:60])
    if not (within(ends[0], -180, 180) and within(ends[1], -90, 90)):
        raise _Wrong("shapes_position", given=json.dumps(given)[:60])
    return float(ends[0]), float(ends[1])


def _area(ring: Ring) -> float:
    """The area within a ring, positive where it runs anticlockwise."""
    pairs = zip(ring, (*ring[1:], ring[0]), strict=True)
    return sum(x * v - u * y for (x, y), (u, v) in pairs) / 2


def _thinned(shapes: dict[str, Shape]) -> dict[str, Shape]:
    """Shapes without the bends that nobody sees: points nearer to the one before than the finest part of the map."""
    points = [at for shape in shapes.values() for polygon in shape for ring in polygon for at in ring]
    if not points:
        return shapes
    step = max(max(side) - min(side) for side in zip(*points, strict=True)) / _FINEST
    return {
        code: tuple(tuple(_fewer(ring, step) for ring in polygon) for polygon in shape)
        for code, shape in shapes.items()
    }


def _fewer(ring: Ring, step: float) -> Ring:
    kept = [ring[0]]
    for x, y in ring[1:]:
        if max(abs(x - kept[-1][0]), abs(y - kept[-1][1])) >= step:
            kept.append((x, y))
    return tuple(kept) if len(kept) >= 3 else ring


def bounds(shapes: Iterable[Shape]) -> tuple[float, float, float, float]:
    """West, south, east and north of everything in these shapes."""
    points = [at for shape in shapes for polygon in shape for at in polygon[0]]
    (west, south), (east, north) = (tuple(map(end, zip(*points, strict=True))) for end in (min, max))
    return west, south, east, north
