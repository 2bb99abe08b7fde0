"""Labels of a picture stand where they cover no letters and as few lines as can be."""

from kg.bundle.room import Room, point_on

ACROSS = ((0.0, 0.0), (50.0, 0.0), (100.0, 0.0))


def test_a_place_that_no_line_crosses_is_taken_before_one_that_some_do():
    assert Room([ACROSS], []).take([(50.0, 0.0), (50.0, 40.0)], (10.0, 8.0)) == (50.0, 40.0)


def test_letters_are_covered_last():
    room = Room([ACROSS], [(50.0, 40.0, 10.0, 8.0)])
    assert room.take([(50.0, 40.0), (50.0, 0.0)], (10.0, 8.0)) == (50.0, 0.0)
    assert room.take([(50.0, 0.0), (50.0, 20.0)], (10.0, 8.0)) == (50.0, 20.0)


def test_of_equal_places_the_first_counts():
    assert Room([], []).take([(1.0, 1.0), (2.0, 2.0)], (1.0, 1.0)) == (1.0, 1.0)


def test_a_curve_runs_from_its_beginning_to_its_end():
    curve = ((0.0, 0.0), (50.0, 80.0), (100.0, 0.0))
    assert [point_on(curve, along) for along in (0, 0.5, 1)] == [(0.0, 0.0), (50.0, 40.0), (100.0, 0.0)]
