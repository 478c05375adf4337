"""Runs and experiments: frozen, validated from one table, refusing in one sentence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bnviz.experiment import Experiment, arm_label
from bnviz.fields import NOW, RESTARTS, InvalidChoice
from bnviz.run import FIELDS, OVER_THE_BATCH, Run

RUN = Run()


def test_a_run_without_choices_is_the_first_figure_of_the_2015_paper():
    assert (RUN.dataset, RUN.depth, RUN.width, RUN.activation) == ("digits", 3, 100, "sigmoid")
    assert (RUN.init, RUN.initial_scale, RUN.learning_rate, RUN.batch_size) == ("gaussian", 0.1, 0.5, 60)


def test_equal_choices_make_equal_runs_with_one_hash():
    assert Run(depth=5) == RUN.replace(depth=5)
    assert len({Run(depth=5), RUN.replace(depth=5), RUN}) == 2


def test_a_run_cannot_be_changed_in_place():
    with pytest.raises(ValueError, match="frozen"):
        RUN.depth = 4


@pytest.mark.parametrize("name", [name for name, field in FIELDS.items() if field.low is not None])
def test_every_number_refuses_what_lies_outside_its_range_and_says_the_range(name):
    field = FIELDS[name]
    for outside in (field.low - 1, field.high * 2 + 1):
        with pytest.raises(InvalidChoice, match=rf"^{name} was .*allowed is {field.low:g} to {field.high:g}"):
            Run(**{name: int(outside) if field.whole else outside})


@pytest.mark.parametrize("name", [name for name, field in FIELDS.items() if field.choices])
def test_every_word_refuses_an_unknown_one_and_lists_the_known(name):
    with pytest.raises(InvalidChoice, match=rf"{name} was 'nonsense'; allowed is {FIELDS[name].choices[0]}"):
        Run(**{name: "nonsense"})


def test_a_refusal_says_what_was_given_what_is_allowed_and_what_the_field_means():
    with pytest.raises(InvalidChoice) as refusal:
        Run(depth=99)
    words = "depth was 99; allowed is 1 to 50 (whole numbers). How many hidden layers the network has."
    assert str(refusal.value) == words
    assert (FIELDS["dropout"].allowed, FIELDS["shuffle"].allowed) == ("0 to 0.95", "true or false")


def test_some_fields_may_be_empty_and_some_are_whole():
    optional = {name for name, field in FIELDS.items() if field.optional}
    whole = {name for name, field in FIELDS.items() if field.whole}
    assert optional == {"samples", "noise", "ghost_size", "init_scale", "half_life"}
    assert whole == {"samples", "depth", "width", "ghost_size", "groups", "batch_size", "half_life", "schedule_steps"}


@pytest.mark.parametrize("truth", [True, False, np.True_])
@pytest.mark.parametrize("name", [name for name, field in FIELDS.items() if field.low is not None or field.choices])
def test_true_and_false_are_no_number_and_no_word(name, truth):
    with pytest.raises(InvalidChoice, match=f"^{name} was .*(True|False).*; allowed is"):
        Run(**{name: truth})


def test_true_is_no_seed():
    with pytest.raises(InvalidChoice, match=r"seeds were \(0, True\); allowed are 1 to 32 different whole numbers"):
        Experiment(arms={"a": RUN}, seeds=[0, True])


@pytest.mark.parametrize("wrong", [True, "x", float("nan"), float("inf"), [1]])
def test_a_learning_rate_must_be_a_finite_number(wrong):
    with pytest.raises(InvalidChoice, match="learning_rate was"):
        Run(learning_rate=wrong)


def test_every_field_tells_a_reader_its_label_its_meaning_and_when_it_applies():
    for field in FIELDS.values():
        assert field.label and field.meaning.endswith(".") and field.applies in (NOW, RESTARTS)
    assert [name for name, field in FIELDS.items() if field.applies == NOW] == ["learning_rate"]


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"network": "cnn", "depth": 11}, "depth was 11; allowed with network='cnn' is 1 to 10"),
        ({"network": "cnn", "width": 129}, "width was 129; allowed with network='cnn' is 2 to 128"),
        ({"network": "rnn", "depth": 5}, "depth was 5; allowed with network='rnn' is 1 to 4"),
        ({"network": "rnn", "dataset": "xor"}, "allowed with xor is mlp"),
        ({"network": "cnn", "normalization": "linf"}, "allowed with network='cnn' is none, batch, layer"),
        ({"network": "cnn", "normalization": "noisy", "ghost_size": 20}, "^normalization was 'noisy'"),
        ({"network": "cnn", "ghost_size": 8}, "^ghost_size was 8; allowed with network='cnn' is an empty one"),
        ({"network": "rnn", "normalization": "batch", "ghost_size": 7}, "^ghost_size was 7; allowed with network"),
    ],
)
def test_a_kind_of_network_says_what_it_cannot_have(choices, sentence):
    with pytest.raises(InvalidChoice, match=sentence):
        Run(**choices)


@pytest.mark.parametrize("most", [{"network": "cnn", "depth": 10, "width": 128}, {"network": "rnn", "depth": 4}])
def test_a_kind_of_network_may_have_its_most(most):
    assert Run(**most).depth == most["depth"]


@pytest.mark.parametrize(("width", "groups"), [(100, 4), (100, 50), (4, 2), (7, 1), (2, 1)])
def test_groups_divide_the_width_and_leave_two_units_at_least(width, groups):
    assert Run(normalization="group", width=width, groups=groups).groups == groups


@pytest.mark.parametrize(
    ("width", "groups", "instead"),
    [(100, 3, "2 or 4"), (4, 4, "1 or 2"), (100, 100, "25 or 50"), (7, 7, "1"), (2, 2, "1"), (256, 256, "64 or 128")],
)
def test_a_group_of_one_unit_is_refused_and_a_number_that_leaves_more_is_named(width, groups, instead):
    with pytest.raises(InvalidChoice, match=f"^groups was {groups}; allowed .*two units or more.*: try {instead}\\.$"):
        Run(normalization="group", width=width, groups=groups)
    for number in map(int, instead.split(" or ")):
        assert Run(normalization="group", width=width, groups=number)


def test_the_usual_number_of_groups_is_refused_where_it_leaves_one_unit_each():
    with pytest.raises(InvalidChoice, match="groups was 4"):
        Run(normalization="group", width=4)


def test_one_unit_is_no_layer_to_normalize():
    with pytest.raises(InvalidChoice, match="width was 1; allowed is 2"):
        Run(normalization="layer", width=1)


def test_ghost_batches_fill_the_mini_batch():
    assert Run(normalization="batch", batch_size=60, ghost_size=20).ghost_size == 20
    with pytest.raises(InvalidChoice, match="ghost_size was 40; allowed is a divisor of the batch size 60"):
        Run(normalization="batch", batch_size=60, ghost_size=40)


def test_every_kind_of_network_is_described_in_its_own_words():
    assert Run().describe() == "digits, 3 x 100 sigmoid, rate 0.5"
    assert Run(network="cnn", width=8).describe() == "digits, 3 convolutions of 8 maps, sigmoid, rate 0.5"
    assert "2 convolutions of" in Run(network="cnn", depth=2).describe()
    per_step = Run(network="rnn", depth=1, normalization="batch", per_step=True).describe()
    assert "1 recurrent layer of 100 units" in per_step and "statistics per time step on" in per_step


def test_a_description_names_the_normalization_where_it_stands_and_what_it_lacks():
    run = Run(normalization="batch", placement="after", affine=False)
    assert run.describe() == "digits, 3 x 100 sigmoid, batch normalization after, rate 0.5, gamma and beta off"
    assert "normalization before, rate" in run.replace(placement="before", affine=True).describe()


def test_a_description_says_how_fast_the_rate_falls():
    assert "1,500" in Run(half_life=1500).describe()


def test_around_the_nonlinearity_gamma_and_beta_are_needed():
    with pytest.raises(InvalidChoice, match=r"^affine was False; allowed with placement='around' is True, because"):
        Run(normalization="layer", placement="around", affine=False)
    assert Run(placement="around", affine=False).normalization == "none"


def test_a_description_names_every_choice_that_is_not_the_default_and_makes_a_difference():
    run = Run(optimizer="adam", batch_size=30, placement="after")
    assert run.describe() == "digits, 3 x 100 sigmoid, rate 0.5, optimizer Adam, batch size 30"


def test_an_unknown_field_is_named_with_the_known_ones():
    with pytest.raises(InvalidChoice, match=r"'lr' is no choice of a Run; the choices are dataset, "):
        Run(lr=0.1)


@pytest.mark.parametrize("normalization", OVER_THE_BATCH)
def test_one_example_cannot_be_batch_normalized_and_the_sentence_says_why(normalization):
    with pytest.raises(InvalidChoice, match="minus its own mean is always 0"):
        Run(normalization=normalization, batch_size=1)


def test_one_picture_of_a_convolutional_network_can_be_batch_normalized_since_a_map_has_many_values():
    assert Run(network="cnn", normalization="batch", batch_size=1).batch_size == 1
    with pytest.raises(InvalidChoice, match="minus its own mean is always 0"):
        Run(network="rnn", normalization="batch", batch_size=1)


def test_one_example_can_be_layer_normalized():
    assert Run(normalization="layer", batch_size=1).batch_size == 1


@pytest.mark.parametrize(
    ("normalization", "placement", "has_bias"),
    [("none", "before", True), ("batch", "before", False), ("batch", "after", True), ("batch", "around", False),
     ("layer", "before", True), ("noisy", "before", False), ("detached", "before", True)],
)  # fmt: skip
def test_the_bias_is_dropped_only_where_batch_normalization_subtracts_it(normalization, placement, has_bias):
    assert Run(normalization=normalization, placement=placement).has_bias is has_bias


def test_an_empty_initial_scale_means_a_tenth_for_gaussian_and_one_for_the_others():
    assert [Run(init=init).initial_scale for init in ("gaussian", "he")] == [0.1, 1.0]
    assert Run(init="he", init_scale=3).initial_scale == 3


def test_an_experiment_is_its_content():
    one = Experiment(arms={"a": RUN}, seeds=[0, 1])
    same = Experiment(arms={"a": Run()}, seeds=range(2))
    other = same.replace(learning_rate=0.1)
    assert one == same and one.key == same.key and hash(one) == hash(same)
    assert other.key != one.key and other.arms["a"].learning_rate == 0.1


def test_instruments_are_a_set_that_a_change_of_every_arm_leaves_alone():
    one = Experiment(arms={"a": RUN}, instruments=("modes", "landscape"))
    other = Experiment(arms={"a": RUN}, instruments=("landscape", "modes", "modes"))
    assert one == other and one.key == other.key
    assert one.replace(depth=5).instruments == ("landscape", "modes")
    assert one.replace(instruments=()).instruments == ()


TURNED = Experiment(arms={"plain": RUN, "bn": RUN.replace(normalization="batch")}, changes=[(9, 1), (20, 0.1, "bn")])


def test_an_experiment_without_changes_is_told_as_it_was_before_there_were_any():
    assert "changes" not in TURNED.replace(changes=()).to_json()


def test_changes_are_a_part_of_the_experiment():
    again = Experiment.from_json(TURNED.to_json())
    assert again == TURNED and hash(again) == hash(TURNED) and again.key == TURNED.key
    assert len({TURNED.key, TURNED.replace(changes=TURNED.changes[:1]).key, TURNED.replace(changes=()).key}) == 3
    assert TURNED.replace(depth=5).changes == TURNED.changes


@pytest.mark.parametrize(
    ("step", "rates"), [(0, (0.5, 0.5)), (8, (0.5, 0.5)), (9, (1.0, 1.0)), (19, (1.0, 1.0)), (20, (1.0, 0.1))]
)
def test_each_arm_has_the_rate_that_was_set_last(step, rates):
    assert TURNED.rates_at(step) == dict(zip(("plain", "bn"), rates, strict=True))


def test_settled_is_an_experiment_that_begins_with_the_rates_it_would_end_with():
    assert {arm: run.learning_rate for arm, run in TURNED.settled().arms.items()} == {"plain": 1.0, "bn": 0.1}
    assert TURNED.settled().changes == () and TURNED.settled().settled() == TURNED.settled()


@pytest.mark.parametrize(
    ("step", "arm", "changes"),
    [
        (25, None, [(9, 1.0, None), (20, 0.1, "bn"), (25, 3.0, None)]),
        (20, None, [(9, 1.0, None), (20, 3.0, None)]),
        (20, "plain", [(9, 1.0, None), (20, 0.1, "bn"), (20, 3.0, "plain")]),
        (20, "bn", [(9, 1.0, None), (20, 3.0, "bn")]),
        (12, None, [(9, 1.0, None), (12, 3.0, None)]),
    ],
)
def test_a_rate_that_is_set_by_hand_ends_what_was_still_to_come(step, arm, changes):
    assert list(TURNED.turned(step, 3.0, arm).changes) == changes


def test_a_rate_that_is_set_before_the_first_step_is_the_experiments_own():
    assert TURNED.turned(0, 3.0) == TURNED.replace(changes=(), learning_rate=3.0)


def test_names_of_24_letters_eight_arms_and_32_seeds_are_allowed():
    arms = {"a" * 24: RUN, **{f"a{number}": RUN for number in range(7)}}
    assert len(Experiment(arms=arms, seeds=range(32)).arms) == 8


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"arms": {}}, "there were 0 arms"),
        ({"arms": {"a" * 25: RUN}}, "up to 24 lower-case letters"),
        ({"arms": {"a": RUN}, "seeds": range(33)}, "1 to 32 different whole numbers"),
        ({"arms": {"a": RUN}, "seeds": "12"}, r"seeds was '12'; allowed are several whole numbers: try seeds=\[0\]"),
        ({"arms": {"a": RUN}, "seeds": 5}, "seeds was 5; allowed are several whole numbers"),
        ({"arms": {"a": RUN}, "seeds": None}, "seeds was None; allowed are several whole numbers"),
        ({"arms": {"Big Name": RUN}}, "lower-case"),
        ({"arms": {f"a{i}": RUN for i in range(9)}}, "there were 9 arms"),
        ({"arms": {"a": RUN}, "seeds": []}, "1 to 32 different whole numbers"),
        ({"arms": {"a": RUN}, "seeds": [1, 1]}, "1 to 32 different whole numbers"),
        ({"arms": {"a": RUN}, "seeds": [-1]}, "was -1"),
        ({"arms": {"a": {"depth": 99}}}, "depth was 99; allowed is 1 to 50"),
        ({"arms": {"a": RUN}, "changes": 9}, "changes was 9; allowed are pairs"),
        ({"arms": {"a": RUN}, "changes": [9]}, "a change was 9; allowed is .step, rate. or .step, rate, arm."),
        ({"arms": {"a": RUN}, "changes": ["9:1"]}, "a change was '9.1'; allowed is .step, rate."),
        ({"arms": {"a": RUN}, "changes": [(0, 1.0)]}, "the step of a change was 0; allowed is 1 or more"),
        ({"arms": {"a": RUN}, "changes": [(1.5, 1.0)]}, "the step of a change was 1.5; allowed is 1 or more"),
        ({"arms": {"a": RUN}, "changes": [(10**10, 1.0)]}, "was 10,000,000,000; allowed is 1 to 1,000,000,000"),
        ({"arms": {"a": RUN}, "changes": [(9, 1.0), (8, 1.0)]}, "a change at step 8 came behind one at step 9"),
        ({"arms": {"a": RUN}, "changes": [(9, 0.0)]}, "a change was to the rate 0.0; allowed is 1e-05 to 100"),
        ({"arms": {"a": RUN}, "changes": [(9, True)]}, "a change was to the rate True"),
        ({"arms": {"a": RUN}, "changes": [(9, float("nan"))]}, "a change was to the rate nan"),
        ({"arms": {"a": RUN}, "changes": [(9, 1.0, "b")]}, "a change was of the arm 'b'; allowed here are a"),
        ({"arms": {"a": RUN}, "changes": [(9, 1.0)] * 201}, "there were 201 changes .* allowed are up to 200"),
    ],
)
def test_an_experiment_refuses_in_one_sentence(choices, sentence):
    with pytest.raises(InvalidChoice, match=sentence):
        Experiment(**choices)


@given(st.binary(max_size=80))
def test_json_that_is_no_experiment_is_refused_in_one_sentence(data):
    with pytest.raises(InvalidChoice):
        Experiment.from_json(data)


def test_json_gives_the_experiment_back():
    experiment = Experiment(arms={"plain": RUN, "bn": RUN.replace(normalization="batch")}, seeds=(3, 9))
    assert Experiment.from_json(experiment.to_json()) == experiment


def test_arms_are_called_by_the_field_s_words():
    assert [arm_label(arm) for arm in ("plain", "bn", "layer_norm", "bn_after")] == [
        "plain", "BN", "layer norm", "BN after",
    ]
