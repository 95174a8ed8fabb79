"""What is compiled: turns of the discriminator and of the generator, their draws, and many noises at once.

Reals and fakes stand side by side in the lanes of the discriminator: reals from lane 0 on, fakes from `half` on.
"""

import math
from typing import Any, NamedTuple

from engine.kernel import called, inlined, kernel
from engine.machine.input_slopes import back_to_inputs, directions, move_along, second_gradients
from engine.machine.kernels import backward, forward
from engine.machine.methods import update
from engine.vectors.elementary import sigmoid
from engine.vectors.lanes import LANES, are_finite, at_least, at_most, fill, keep_first, load, pointer, store
from engine.vectors.splitmix import random_below, random_share

# Plain integers: inside a kernel they are constants.
MINIMAX, NON_SATURATING, LEAST_SQUARES, CLIPPED, PENALIZED = range(5)
PLANE = 2  # coordinates


class Player(NamedTuple):
    """One of the two networks, and the memory that its turns need."""

    rows: Any
    trained: int
    output: int  # its first row of outputs
    size: int  # parameters
    parameters: Any
    statistics: Any
    moments: Any
    alive: Any
    is_weight: Any
    gradients: Any
    values: Any
    slopes: Any
    width: int


class Second(NamedTuple):
    """What the gradient penalty needs beside; arrays like the discriminator's values, then like its gradients."""

    tangents: Any
    bends: Any
    seconds: Any
    gradients: Any
    more: Any


class Draws(NamedTuple):
    """Where each step's numbers come from."""

    points: Any  # (2, stride)
    stride: int
    examples: int  # how many points
    batch: int
    point_seed: int
    noise_seed: int
    mix_seed: int
    is_normal: bool
    dimensions: int  # of the noise


# The passes are called, not inlined: each has the whole table of operations in it, and a turn has up to four of them.


@called
def go_forward(rows: Any, trained: int, parameters: Any, statistics: Any, values: Any, width: int, count: int) -> None:
    for r in range(trained):
        forward(rows[r], parameters, statistics, values, width, count)


@called
def go_back(
    rows: Any, trained: int, parameters: Any, statistics: Any, gradients: Any, values: Any, slopes: Any, turned: Any,
    width: int, count: int,
) -> None:  # fmt: skip
    for r in range(trained - 1, -1, -1):
        backward(rows[r], parameters, statistics, gradients, values, slopes, turned, width, count)


@called
def go_to_inputs(rows: Any, trained: int, parameters: Any, values: Any, slopes: Any, width: int, count: int) -> None:
    back_to_inputs(rows, trained, parameters, values, slopes, width, count)


@inlined
def noise(seed: int, number: int, is_normal: bool) -> float:
    """From -1 to 1, or standard normal (Box and Muller, 1958)."""
    first = random_share(seed, 2 * number)
    if not is_normal:
        return 2.0 * first - 1.0
    return math.sqrt(-2.0 * math.log(1.0 - first)) * math.cos(2.0 * math.pi * random_share(seed, 2 * number + 1))


@inlined
def draw_noise(draws: Any, step: int, values: Any, width: int) -> None:
    for e in range(draws.batch):
        for d in range(draws.dimensions):
            number = (step * draws.batch + e) * PLANE + d
            values[d * width + e] = noise(draws.noise_seed, number, draws.is_normal)


@inlined
def draw_points(draws: Any, points: Any, step: int, values: Any, width: int) -> None:
    for e in range(draws.batch):
        chosen = random_below(draws.point_seed, step * draws.batch + e, draws.examples)
        for d in range(PLANE):
            values[d * width + e] = points[d * draws.stride + chosen]


@inlined
def make_fakes(player: Any, draws: Any, step: int, parameters: Any, statistics: Any, values: Any) -> None:
    """The generator's way forward."""
    draw_noise(draws, step, values, player.width)
    go_forward(player.rows, player.trained, parameters, statistics, values, player.width, draws.batch)


@inlined
def copy_fakes(generator: Any, fakes: Any, values: Any, width: int, first: int, count: int) -> None:
    for d in range(PLANE):
        for lane in range(0, count, LANES):
            store(values, d * width + first + lane, load(fakes, (generator.output + d) * generator.width + lane))


@inlined
def judge_slopes(objective: int, output: Any, is_real: bool) -> Any:
    """Of the discriminator's loss by its output, which is a logit, or the critic's score."""
    if objective == LEAST_SQUARES:
        return output - 1.0 if is_real else output
    if objective >= CLIPPED:
        return output * 0.0 - 1.0 if is_real else output * 0.0 + 1.0
    return sigmoid(output) - 1.0 if is_real else sigmoid(output)


@inlined
def fooling_slopes(objective: int, output: Any) -> Any:
    """Of the generator's loss by what the discriminator says of a fake."""
    if objective == LEAST_SQUARES:
        return output - 1.0
    if objective >= CLIPPED:
        return output * 0.0 - 1.0
    if objective == MINIMAX:
        return sigmoid(output) * -1.0
    return sigmoid(output) - 1.0


@inlined
def discriminate(
    generator: Any, discriminator: Any, second: Any, draws: Any, rule: Any, objective: int, weight: float,
    bound: float, step: int, taken: int, half: int, turned: Any,
) -> None:  # fmt: skip
    """A step of the discriminator."""
    gp, gn, gv = pointer(generator.parameters), pointer(generator.statistics), pointer(generator.values)
    p, n, g = pointer(discriminator.parameters), pointer(discriminator.statistics), pointer(discriminator.gradients)
    v, s, t = pointer(discriminator.values), pointer(discriminator.slopes), pointer(turned)
    width, batch = discriminator.width, draws.batch
    make_fakes(generator, draws, step, gp, gn, gv)
    draw_points(draws, pointer(draws.points), step, v, width)
    copy_fakes(generator, gv, v, width, half, batch)
    count = half + batch
    go_forward(discriminator.rows, discriminator.trained, p, n, v, width, count)
    out = discriminator.output * width
    for lane in range(0, batch, LANES):
        real, fake = load(v, out + lane), load(v, out + half + lane)
        store(s, out + lane, keep_first(judge_slopes(objective, real, True), batch - lane))
        store(s, out + half + lane, keep_first(judge_slopes(objective, fake, False), batch - lane))
    go_back(discriminator.rows, discriminator.trained, p, n, g, v, s, t, width, count)
    if objective == PENALIZED:
        penalize(discriminator, second, draws, weight, step, half, turned)
    update(
        rule, rule.learning_rate, taken, p, g, pointer(discriminator.moments), pointer(discriminator.alive),
        pointer(discriminator.is_weight), batch, discriminator.size,
    )  # fmt: skip
    if objective == CLIPPED:
        for at in range(0, discriminator.size, LANES):
            store(p, at, at_least(at_most(load(p, at), bound), -bound))


@inlined
def penalize(discriminator: Any, second: Any, draws: Any, weight: float, step: int, half: int, turned: Any) -> float:
    """Add the penalty's gradient, taken at places between a real and a fake; returns the penalty's sum."""
    p, n, g = pointer(discriminator.parameters), pointer(discriminator.statistics), pointer(discriminator.gradients)
    v, s, t = pointer(discriminator.values), pointer(discriminator.slopes), pointer(turned)
    tangents, bends, seconds = pointer(second.tangents), pointer(second.bends), pointer(second.seconds)
    extra, more = pointer(second.gradients), pointer(second.more)
    width, batch, trained = discriminator.width, draws.batch, discriminator.trained
    for e in range(batch):
        share = random_share(draws.mix_seed, step * batch + e)
        for d in range(PLANE):
            at = d * width + e
            v[at] = share * v[at] + (1.0 - share) * v[at + half]
    go_forward(discriminator.rows, trained, p, n, v, width, batch)
    out = discriminator.output * width
    for lane in range(0, batch, LANES):
        store(s, out + lane, keep_first(fill(s, 1), batch - lane))
        store(seconds, out + lane, fill(s, 0))
    go_to_inputs(discriminator.rows, trained, p, v, s, width, batch)
    penalty: float = directions(s, tangents, PLANE, weight, width, batch)
    move_along(discriminator.rows, trained, p, v, s, tangents, bends, width, batch)
    second_gradients(discriminator.rows, trained, p, v, s, tangents, bends, seconds, extra, more, t, width, batch)
    for at in range(0, discriminator.size, LANES):
        store(g, at, load(g, at) + load(extra, at) + load(more, at))
    return penalty


@inlined
def generate(
    generator: Any, discriminator: Any, draws: Any, rule: Any, objective: int, step: int, taken: int, turned: Any
) -> None:
    """A step of the generator."""
    gp, gn, gg = pointer(generator.parameters), pointer(generator.statistics), pointer(generator.gradients)
    gv, gs, t = pointer(generator.values), pointer(generator.slopes), pointer(turned)
    p, n = pointer(discriminator.parameters), pointer(discriminator.statistics)
    v, s = pointer(discriminator.values), pointer(discriminator.slopes)
    width, batch = discriminator.width, draws.batch
    make_fakes(generator, draws, step, gp, gn, gv)
    copy_fakes(generator, gv, v, width, 0, batch)
    go_forward(discriminator.rows, discriminator.trained, p, n, v, width, batch)
    out = discriminator.output * width
    for lane in range(0, batch, LANES):
        store(s, out + lane, keep_first(fooling_slopes(objective, load(v, out + lane)), batch - lane))
    go_to_inputs(discriminator.rows, discriminator.trained, p, v, s, width, batch)
    for d in range(PLANE):
        for lane in range(0, batch, LANES):
            store(gs, (generator.output + d) * generator.width + lane, load(s, d * width + lane))
    go_back(generator.rows, generator.trained, gp, gn, gg, gv, gs, t, generator.width, batch)
    update(
        rule, rule.learning_rate, taken, gp, gg, pointer(generator.moments), pointer(generator.alive),
        pointer(generator.is_weight), batch, generator.size,
    )  # fmt: skip


@kernel
def duel(
    generator: Any, discriminator: Any, second: Any, draws: Any, generator_rules: Any, discriminator_rules: Any,
    objective: int, weight: float, bound: float, turns: int,
    step: int, phase: int, generated: int, discriminated: int, steps: int, half: int, turned: Any,
) -> bool:  # fmt: skip
    """Take `steps` steps: in each round `turns` of the discriminator and one of the generator, from `phase` on.

    The first is number `step` of the run; `generated` and `discriminated` steps were taken by the methods before.
    Returns whether all parameters are finite then.
    """
    for k in range(steps):
        if phase < turns:
            discriminate(
                generator, discriminator, second, draws, discriminator_rules[0], objective, weight, bound, step + k,
                discriminated, half, turned,
            )  # fmt: skip
            discriminated += 1
            phase += 1
        else:
            generate(generator, discriminator, draws, generator_rules[0], objective, step + k, generated, turned)
            generated += 1
            phase = 0
    is_finite: bool = are_finite(pointer(generator.parameters), generator.size) and are_finite(
        pointer(discriminator.parameters), discriminator.size
    )
    return is_finite


@kernel
def drawn(draws: Any, step: int, points: Any, noises: Any, shares: Any, width: int) -> None:
    """Set what a step draws: points (2, width), noises (dimensions, width), shares of reals in mixtures (width,)."""
    draw_points(draws, pointer(draws.points), step, pointer(points), width)
    draw_noise(draws, step, pointer(noises), width)
    for e in range(draws.batch):
        shares[e] = random_share(draws.mix_seed, step * draws.batch + e)


@kernel
def slopes_at_fakes(discriminator: Any, objective: int, fakes: Any, count: int) -> None:
    """Set the slopes of the generator's loss by each of `count` fakes in the discriminator's first rows of values."""
    p, n = pointer(discriminator.parameters), pointer(discriminator.statistics)
    v, s = pointer(discriminator.values), pointer(discriminator.slopes)
    width = discriminator.width
    for d in range(PLANE):
        for e in range(count):
            v[d * width + e] = fakes[e, d]
    go_forward(discriminator.rows, discriminator.trained, p, n, v, width, count)
    out = discriminator.output * width
    for lane in range(0, count, LANES):
        store(s, out + lane, keep_first(fooling_slopes(objective, load(v, out + lane)), count - lane))
    go_to_inputs(discriminator.rows, discriminator.trained, p, v, s, width, count)


KERNELS = (duel, drawn, slopes_at_fakes)
