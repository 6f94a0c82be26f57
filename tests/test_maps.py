"""Where units lie: the outlines a plan brings, refused where they cannot be used, drawn where they can."""

import json
import math
from collections import Counter

import pytest
from opened import opened
from test_plan_hostile import folder, told  # noqa: F401

from vetanalysis.errors import PlanInvalid
from vetanalysis.figures.maps import outlines, roomiest, square
from vetanalysis.plan import load_plan
from vetanalysis.plan.shapes import SHAPES_FILE, read_shapes
from vetanalysis.report import period_of

SIDE = [[106.0, 21.0], [107.0, 21.0], [107.0, 22.0], [106.0, 22.0], [106.0, 21.0]]


def feature(code="178", kind="Polygon", coordinates=(SIDE,)):
    return {
        "type": "Feature", "properties": {"code": code}, "geometry": {"type": kind, "coordinates": list(coordinates)}
    }  # fmt: skip


def collection(*features, **more):
    return {"type": "FeatureCollection", **more, "features": list(features)}


def shapes_of(path, content):
    text = content if isinstance(content, str) else json.dumps(content)
    path.joinpath(SHAPES_FILE).write_text(text, encoding="utf-8")
    return read_shapes(path)


def test_the_schematic_of_the_province_leaves_no_gap_and_no_overlap():
    """Every side is shared by two units, run through in opposite directions, or lies on the one outer border."""
    plan = load_plan("lang-son-2023")
    shapes = plan.shapes.of
    assert set(shapes) == set(plan.units.loc[plan.units["kind"] == "district", "code"])
    rings = [ring for shape in shapes.values() for polygon in shape for ring in polygon]
    sides = Counter(side for ring in rings for side in zip(ring, (*ring[1:], ring[0]), strict=True))
    assert max(sides.values()) == 1
    outer = dict(side for side in sides if side[::-1] not in sides)
    at = first = next(iter(outer))
    border = []
    while not border or at != first:
        border.append(at)
        at = outer[at]
    assert len(border) == len(outer)
    assert sum(map(area, rings)) == pytest.approx(area(border))


def area(ring):
    turns = zip(ring, (*ring[1:], ring[0]), strict=True)
    return sum(x * v - u * y for (x, y), (u, v) in turns) / 2


def test_neighbours_on_the_schematic_are_neighbours_in_the_province():
    shapes = load_plan("lang-son-2023").shapes.of
    points = {
        code: {at for polygon in shape for ring in polygon for at in ring} for code, shape in shapes.items()
    }
    beside = {
        code: {other for other in points if other != code and len(points[code] & points[other]) > 1}
        for code in points
    }
    assert beside["178"] == {"183", "187"}  # the city lies within Cao Lộc, in the south beside Chi Lăng
    assert beside["180"] == {"181", "182"}
    assert beside["189"] == {"188"}
    assert beside["186"] == {"184", "185", "187"}


def test_a_plan_that_extends_another_has_its_outlines_and_its_tiles():
    plan, base = load_plan("lang-son-2023-example"), load_plan("lang-son-2023")
    assert plan.shapes == base.shapes
    codes = list(base.shapes.of)
    drawn = outlines(plan, codes)
    assert drawn["areas"] == base.shapes.of
    assert drawn["note"].vi == "Sơ đồ vị trí các đơn vị, không phải bản đồ đo đạc."
    assert "not a survey" in drawn["note"].en
    assert drawn["stretch"] == pytest.approx(1 / math.cos(math.radians(21.9)), abs=0.001)
    tiles = outlines(plan.model_copy(update={"shapes": None}), codes)["areas"]
    assert tiles["180"] == square(0, 2)
    assert outlines(plan, [*codes[:4], "cdn-ls"])["areas"]["cdn-ls"] == square(
        1, 0
    )  # the fifth, in rows of four


def test_outlines_of_a_source_name_it_and_holes_run_the_other_way(tmp_path):
    hole = [[106.4, 21.4], [106.6, 21.4], [106.6, 21.6], [106.4, 21.6], [106.4, 21.4]]
    both = feature("178", "MultiPolygon", [[SIDE[::-1], hole], [[[at[0] + 2, at[1], 12] for at in SIDE]]])
    shapes, found = shapes_of(tmp_path, collection(both, source="Cục Đo đạc, CC BY 4.0"))
    assert found == []
    (outer, inner), (second,) = shapes.of["178"]
    assert (area(outer), area(inner), area(second)) == pytest.approx((1, -0.04, 1))
    plan = load_plan("lang-son-2023").model_copy(update={"shapes": shapes})
    assert outlines(plan, ["178"])["note"].en == "Boundaries: Cục Đo đạc, CC BY 4.0."
    x, y = roomiest(((outer, inner),))
    assert not (106.4 < x < 106.6 and 21.4 < y < 21.6)


def test_a_border_of_many_points_is_drawn_with_those_that_can_be_seen(tmp_path):
    ring = [
        [106 + math.cos(one / 5000 * math.tau), 21 + math.sin(one / 5000 * math.tau)] for one in range(5000)
    ]
    shapes, _ = shapes_of(tmp_path, collection(feature(coordinates=[[*ring, ring[0]]])))
    ((kept,),) = shapes.of["178"]
    assert len(kept) < 2000
    assert area(kept) == pytest.approx(math.pi, rel=0.002)


def test_a_name_stands_where_its_unit_has_room():
    bow = (((0.0, 0.0), (10.0, 0.0), (10.0, 6.0), (9.0, 6.0), (9.0, 1.0), (0.0, 1.0)),)  # a thin angle
    x, y = roomiest((bow,))
    assert 9 < x < 10 or 0 < y < 1
    assert roomiest(square(0, 0)) == pytest.approx((0.5, -0.5), abs=0.05)


REFUSED = {
    "no JSON": ("{", "line 1", "export the GeoJSON again"),
    "deep": ("[" * 100_000, "", "export the GeoJSON again"),
    "digits": (f'{{"a": {"9" * 5000}}}', "", "export the GeoJSON again"),
    "no collection": ([1], "", "FeatureCollection"),
    "a list of anything": (collection(3), "feature 1", "add code"),
    "metres": (
        collection(feature(), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3405"}}),
        "crs", "EPSG:4326",
    ),
    "no code": (collection({"type": "Feature", "properties": None, "geometry": None}), "feature 1", "add code"),
    "twice": (collection(feature(), feature()), "feature 2 (178)", "MultiPolygon"),
    "a point": (collection(feature(kind="Point", coordinates=[106.0, 21.0])), "feature 1 (178)", "Polygon"),
    "no coordinates": (collection(feature(coordinates=[])), "feature 1 (178)", "four points"),
    "open": (collection(feature(coordinates=[SIDE[:-1]])), "feature 1 (178)", "the last the same as the first"),
    "swapped": (collection(feature(coordinates=[[at[::-1] for at in SIDE]])), "feature 1 (178)", "longitude first"),
    "words": (collection(feature(coordinates=[[["a", "b"]] * 4])), "feature 1 (178)", "longitude first"),
    "no number": (collection(feature(coordinates=[[[math.nan, 21.0]] * 4])), "feature 1 (178)", "longitude first"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFUSED)
def test_outlines_that_cannot_be_used_are_refused_with_file_feature_and_what_to_do(tmp_path, kind):
    content, place, remedy = REFUSED[kind]
    _, (found,) = shapes_of(tmp_path, content)
    assert (found.file, found.place, found.rule) == (f"{tmp_path.name}/units.geojson", place, "plan-shapes")
    assert remedy in found.remedy.en
    assert found.found.vi != found.found.en


def test_a_plan_is_refused_for_an_unknown_unit_and_for_one_without_a_shape(folder):  # noqa: F811
    raw = json.loads((folder / SHAPES_FILE).read_text(encoding="utf-8"))
    raw["features"][0]["properties"]["code"] = "1780"
    shapes_of(folder, raw)
    with pytest.raises(PlanInvalid) as raised:
        load_plan(folder)
    unknown, missing = sorted(raised.value.findings, key=lambda one: one.place)
    assert (unknown.file, unknown.place) == ("copy/units.geojson", "feature 1 (1780)")
    assert "did you mean" in unknown.remedy.en
    assert missing.place == "features"
    assert "178 (Thành phố Lạng Sơn)" in missing.found.vi


def test_tiles_of_no_unit_and_of_no_place_are_refused(folder):  # noqa: F811
    with (folder / "tiles.csv").open("a", encoding="utf-8") as file:
        file.write("1799,0,x\n")
    assert told(folder) == [
        ("copy/tiles.csv", "row 13, code", "plan-tiles"),
        ("copy/tiles.csv", "row 13, column", "plan-tiles"),
    ]


def test_names_on_the_map_of_the_example_keep_inside_their_own_unit_in_english():
    """Each name, folded and without "district", lies within the outline's own width at the place where it stands."""
    study = opened("lang-son-2023-example", "2023-9M", lang="en")
    figure = period_of(study).figures["districts"].data.figure("en")
    figure.canvas.draw()
    ax = figure.axes[0]
    drawn = {text.get_gid(): text for text in ax.texts if str(text.get_gid()).startswith("unit-")}
    assert drawn["unit-183"].get_text().startswith("Cao Lộc\n")
    assert len(drawn) == 11
    boxes = [text.get_window_extent() for text in drawn.values()]
    assert not [1 for i, one in enumerate(boxes) for other in boxes[:i] if one.overlaps(other)]
