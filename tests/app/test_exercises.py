import pytest

from app.exercises import SizeSettings, make_size_task, size_task

SEEDS = range(300)
TASKS = [make_size_task(seed) for seed in SEEDS]


def slips(**settings):
    return dict(size_task(SizeSettings(**settings)).wrong)


def test_alexnet_first_layer_is_55_wide():
    task = size_task(SizeSettings(size=227, filter=11, stride=4))

    assert task.answer == 55
    assert task.prompt == (
        "An input 227 columns wide, a filter 11 wide, stride 4, no padding. How wide is the output?"
    )


@pytest.mark.parametrize(
    ("slip", "because"),
    [
        pytest.param(6, "leaves out the padding", id="(13 - 3)/2 + 1, without 2P"),
        pytest.param(7, "counts the moves", id="(13 - 3 + 4)/2, without the 1"),
        pytest.param(15, "width at stride 1", id="13 - 3 + 4 + 1, without S"),
        pytest.param(14, "room to move", id="13 - 3 + 4"),
        pytest.param(13, "input's width", id="W1"),
    ],
)
def test_a_wrong_answer_is_met_by_what_it_gets_wrong(slip, because):
    assert because in slips(size=13, filter=3, stride=2, padding=2)[slip]


def test_padding_counted_once_is_told_apart_from_a_forgotten_one():
    told = slips(size=16, filter=3, stride=1, padding=3)  # 20; without 14; once 17

    assert "leaves out the padding" in told[14]
    assert "adds the padding once" in told[17]


def test_rounding_up_is_told_where_the_stride_does_not_divide():
    assert "rounds up" in slips(size=8, filter=3, stride=2)[4]


def test_nothing_is_rounded_where_the_stride_divides():
    assert not any("rounds up" in told for told in slips(size=7, filter=3, stride=2).values())


def test_a_filter_that_fits_nowhere_is_refused():
    with pytest.raises(ValueError, match="filter: 9 does not fit into 7 padded columns"):
        SizeSettings(size=5, filter=9, padding=1)


def test_the_same_seed_makes_the_same_task():
    assert make_size_task(5).prompt == make_size_task(5).prompt != make_size_task(6).prompt


def test_the_right_answer_is_never_among_the_wrong_ones():
    assert all(task.answer not in dict(task.wrong) for task in TASKS)


def test_every_task_has_slips_to_meet():
    assert min(len(task.wrong) for task in TASKS) >= 2


def value(task, name):
    return task.working.tensors[name].values.item()


def test_the_working_leads_to_the_answer():
    assert all(value(task, "W2") == task.answer for task in TASKS)


def test_some_tasks_leave_columns_over_and_some_do_not():
    whole = sum(value(task, "W_quotient").is_integer() for task in TASKS)

    assert 0.3 * len(TASKS) < whole < 0.9 * len(TASKS)


def test_padding_is_smaller_than_the_input():
    assert all(value(task, "P") < value(task, "W1") for task in TASKS)
