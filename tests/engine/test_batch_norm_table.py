"""The table of a batch: its columns, their sums, and what cancels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch_norm_pass_trace import trace_batch_norm_pass
from engine.batch_norm_table import batch_norm_names, batch_norm_table

BATCH = [1.0, 2.0, 4.0, 7.0]
UPSTREAM = [0.5, -0.2, 0.1, 0.3]
NUMBERS = st.floats(-1000, 1000).map(lambda value: round(value, 4))


def told(x=BATCH, back=UPSTREAM, *, gamma=1.0, beta=0.0, eps=1e-5, graph="lecture", target=False):
    x, back = (np.array(each)[:, np.newaxis] for each in (x, back))
    given_ = {"target" if target else "grad_output": back}
    return trace_batch_norm_pass(
        x, np.array([gamma]), np.array([beta]), eps=eps, graph=graph, **given_
    )


def table(*args, eps=1e-5, **settings):
    columns = batch_norm_table(told(*args, eps=eps, **settings), eps=eps)
    return {column.key: column for column in columns}


def test_columns_follow_the_computation():
    assert list(table(target=True)) == [
        "x", "centred", "squared", "xhat", "y", "target", "grad_y", "grad_xhat",
        "grad_x_xhat", "grad_x_sigma2", "grad_x_mu", "grad_x", "closed",
    ]  # fmt: skip


def test_routes_of_the_fine_graph_are_two():
    columns = table(graph="gates")

    assert {key: c.route for key, c in columns.items() if c.route} == {
        "grad_x_centred": "centred",
        "grad_x_mu": "mu",
    }


@pytest.mark.parametrize("graph", ["lecture", "gates"])
def test_routes_add_up_to_the_gradient_which_is_the_closed_form(graph):
    columns = table(graph=graph)

    routes = np.array([column.values for column in columns.values() if column.route])
    np.testing.assert_allclose(routes.sum(axis=0), columns["grad_x"].values, rtol=1e-12)
    np.testing.assert_allclose(columns["closed"].values, columns["grad_x"].values, rtol=1e-12)


@settings(deadline=None, max_examples=60)
@given(
    pairs=st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=16),
    gamma=NUMBERS,
    eps=st.sampled_from([1e-8, 1e-5, 1.0]),
)
def test_what_is_zero_in_exact_arithmetic_is_zero(pairs, gamma, eps):
    columns = table(*zip(*pairs, strict=True), gamma=gamma, eps=eps)

    zero = ("centred", "xhat", "y", "grad_x_sigma2", "grad_x", "closed")
    assert [columns[key].sum for key in zero] == [0.0] * len(zero)


def test_sums_that_cancel_say_so_and_other_sums_do_not():
    cancelling = {key for key, column in table().items() if column.cancels}

    assert cancelling == {"centred", "xhat", "y", "grad_x_sigma2", "grad_x", "closed"}


def test_nothing_cancels_where_all_is_zero():
    assert not any(column.cancels for column in table([5.0], [0.5]).values())


def test_given_numbers_that_cancel_by_accident_are_found():
    assert (table(back=[0.1, 0.2, -0.3, 0.0])["grad_y"].sum, 0.1 + 0.2 - 0.3 == 0) == (0, False)


def test_sum_is_rounded_once():
    assert table(back=[0.1] * 4)["grad_y"].sum == 0.4
    assert table([0.1] * 10, [0.1] * 10)["x"].sum == 1.0


def test_sum_of_y_is_m_times_the_shift():
    assert table(beta=2.5)["y"].sum == pytest.approx(10, rel=1e-15)
    assert not table(beta=2.5)["y"].cancels


def test_inputs_are_those_that_no_step_writes():
    given_, from_loss = (
        [key for key, column in table(target=target).items() if column.given]
        for target in (False, True)
    )

    assert (given_, from_loss) == (["x", "grad_y"], ["x", "target"])


def test_columns_are_written_as_formulas_write_them():
    columns = table()

    assert columns["centred"].latex == r"\sym{x}{x_{i}} - \sym{mu}{\mu}"
    assert columns["grad_x_mu"].latex.endswith(r"\cdot \frac{1}{m}")
    assert [c.role for c in columns.values()][:4] == ["input", *["intermediate"] * 3]


def test_names_tell_mean_and_spread_before_and_after():
    names = batch_norm_names(told(gamma=-2.0, beta=3.0, eps=1.0), eps=1.0)

    assert (names["m"], names["mean_x"], names["mean_xhat"], names["mean_y"]) == (4, 3.5, 0, 3)
    assert names["std_x"] == pytest.approx(5.25**0.5)
    assert names["root"] == 2.5
    assert names["std_xhat"] == pytest.approx((5.25 / 6.25) ** 0.5)
    assert names["std_y"] == pytest.approx(2 * names["std_xhat"])


def test_gradient_along_xhat_is_zero_but_for_eps():
    small, large = (batch_norm_names(told(eps=eps), eps=eps)["sum_dx_xhat"] for eps in (1e-8, 1.0))

    assert abs(small) < 1e-9
    assert large > 1e-3
