"""The part of the PyTorch file that trains on: only what the run's settings use."""

from app.labs.plane.exports.description import Description
from app.labs.plane.exports.training import FIRST, SECOND, Training
from engine.machine.methods import SECOND_MOMENT, Method
from engine.machine.network import Rule
from engine.machine.orders import Order
from engine.machine.schedules import Schedule

RANDOM_BELOW = '''def random_below(numbers, bound):
    """Whole numbers from 0 to below `bound`, each made of SEED and one of `numbers`: SplitMix64.

    It is 64-bit arithmetic without a sign, where what is too large wraps around.
    """

    def mixed(z, bits):
        return z ^ ((z >> bits) & ((1 << 64 - bits) - 1))

    z = SEED + numbers * (0x9E3779B97F4A7C15 - 2**64)
    z = mixed(z, 30) * (0xBF58476D1CE4E5B9 - 2**64)
    z = mixed(z, 27) * (0x94D049BB133111EB - 2**64)
    z = mixed(z, 31)
    half = (z >> 1) & (2**63 - 1)
    return (half % bound * 2 + z % 2) % bound
'''
MAIN = '''
def main(epochs=20):
    """Train on, and print the losses after each epoch."""
    network = model()
    print(said(EPOCH, losses(network)))
    for epoch, found in train(network, epochs):
        print(said(epoch, found))


def said(epoch, found):
    return f"epoch {epoch}: " + ", ".join(f"{name} {loss:.12g}" for name, loss in found.items())


if __name__ == "__main__":
    main()
'''
_SEQUENCE = '''
def batches(step):
    """Yield the points of each step from `step` on: BATCH_SIZE at a time, in their order."""
    while True:
        first = step % STEPS_IN_EPOCH * BATCH_SIZE
        yield TRAIN[first : first + BATCH_SIZE]
        step += 1
'''
_CARRIED = '''
def batches(step):
    """Yield the points of each step from `step` on: BATCH_SIZE at a time, in their order.

    The points that an epoch leaves over ({left_over}) come along in the first batch of the next.
    """
    while True:
        first = step % STEPS_IN_EPOCH * BATCH_SIZE
        points = TRAIN[first : first + BATCH_SIZE]
        if first == 0 and step > 0:
            points = torch.cat([TRAIN[-{left_over}:], points])
        yield points
        step += 1
'''
_SHUFFLE = '''
def shuffled(epoch):
    """The order of the points in an epoch, by Fisher and Yates."""
    count = len(TRAIN)
    order, places = list(range(count)), torch.arange(count)
    others = random_below(epoch * count + places, places + 1).tolist()
    for place in range(count - 1, 0, -1):
        other = others[place]
        order[place], order[other] = order[other], order[place]
    return order


def batches(step):
    """Yield the points of each step from `step` on: BATCH_SIZE at a time, in another order each epoch."""
    epoch = -1
    while True:
        if epoch != step // STEPS_IN_EPOCH:
            epoch = step // STEPS_IN_EPOCH
            order = shuffled(epoch)
        first = step % STEPS_IN_EPOCH * BATCH_SIZE
        yield TRAIN[order[first : first + BATCH_SIZE]]
        step += 1
'''
_RANDOM = '''
def batches(step):
    """Yield the points of each step from `step` on: BATCH_SIZE at a time, drawn at random with replacement."""
    while True:
        yield TRAIN[random_below(step * BATCH_SIZE + torch.arange(BATCH_SIZE), len(TRAIN))]
        step += 1
'''
_RATES = {
    Schedule.STEP: '''    """The whole rate in the first half of the schedule, then a tenth of it, then a hundredth."""
    part = min(step / SCHEDULE_STEPS, 1)
    return LEARNING_RATE * (1 if part < 0.5 else 0.1 if part < 0.75 else 0.01)''',
    Schedule.COSINE: '''    """Half a cosine, from the whole rate to 0."""
    part = min(step / SCHEDULE_STEPS, 1)
    return LEARNING_RATE * (1 + math.cos(math.pi * part)) / 2''',
    Schedule.WARM_UP: '''    """It grows from 0 to the whole rate in the first tenth of the schedule."""
    part = min(step / SCHEDULE_STEPS, 1)
    return LEARNING_RATE * min(1, part * 10)''',
    Schedule.ONE_CYCLE: '''    """Half a cosine up from 1/25 of the rate to the whole, then one down to nearly 0."""
    part = min(step / SCHEDULE_STEPS, 1)
    first, last, along = (0.04, 1, part / 0.3) if part < 0.3 else (1, 4e-6, (part - 0.3) / 0.7)
    return LEARNING_RATE * (last + (first - last) * (1 + math.cos(math.pi * along)) / 2)''',
}
_DEAD_L1 = '''
@torch.no_grad()
def shrink(weight, before, alive, rate):
    """L1 after a step: towards zero, by the sign of the weight before. A weight that crosses zero stays there."""
    stepped = weight.clone()
    weight -= rate * L1 * before.sign() * alive
    has_crossed = stepped * weight < 0
    weight[has_crossed] = 0
    alive[has_crossed] = 0
'''
_PLAIN_L2 = '''
@torch.no_grad()
def shrink(weight, before, rate):
    """L2 after a step: towards zero, by a share of the weight before."""
    weight -= rate * L2 * before
'''
_L1 = '''
@torch.no_grad()
def shrink(weight, rate):
    """L1 after a step: towards zero, and not beyond it."""
    stepped = weight.clone()
    weight -= rate * L1 * stepped.sign()
    weight[stepped * weight < 0] = 0
'''
_L2 = '''
@torch.no_grad()
def shrink(weight, rate):
    """L2 after a step: towards zero, by a share of the weight."""
    weight -= rate * L2 * weight
'''


def constants(description: Description, training: Training) -> list[str]:
    """What the training is said by."""
    rule, place = training.rule, training.place
    found: list[tuple[str, object, str]] = [
        ("DTYPE", f"torch.{description.dtype}", ""),
        ("EPOCH", training.place.epoch, "epochs that are over"),
        ("STEP", place.step, "steps that are over, of all epochs"),
        ("LEARNING_RATE", rule.learning_rate, ""),
        ("BATCH_SIZE", rule.batch_size, "points"),
        ("STEPS_IN_EPOCH", training.steps_in_epoch, ""),
    ]
    if place.batch_step != place.step:
        found.append(("BATCH_STEP", place.batch_step, "steps that are over with these batches"))
    if rule.schedule != Schedule.CONSTANT:
        found.append(("SCHEDULE_STEPS", rule.horizon, "in which the learning rate changes"))
    if rule.order != Order.SEQUENCE or _has_dropout(description):
        found.append(("SEED", rule.seed, "of Hyperplane's random numbers"))
    if _has_dropout(description):
        found.append(("DROPOUT", rule.dropout, "share of the values"))
    for name, value in (("L1", rule.l1), ("L2", rule.l2)):
        if value:
            found.append((name, value, "rate of the regularization"))
    lines = (f"{name} = {value}{f'  # {note}' if note else ''}" for name, value, note in found)
    return ["\n".join(lines)]


def functions(description: Description, training: Training) -> list[str]:
    """Loss, order of batches, rate, method, regularization, and the loop over steps."""
    rule = training.rule
    batches = {Order.SHUFFLE: _SHUFFLE, Order.RANDOM: _RANDOM, Order.SEQUENCE: _SEQUENCE}[Order(rule.order)]
    if training.left_over:
        batches = _CARRIED.format(left_over=training.left_over)
    parts = [_loss(description, rule), _losses(training), batches]
    if rule.schedule != Schedule.CONSTANT:
        parts.append(f"\ndef learning_rate(step):\n{_RATES[Schedule(rule.schedule)]}")
    parts.append(_optimizer(training))
    if rule.l1 or rule.l2:
        parts.append(_shrink(training))
    parts.append(_train(description, training))
    return parts


def _has_dropout(description: Description) -> bool:
    return any(layer.dropout for layer in description.layers)


def _is_plain(rule: Rule) -> bool:
    """Plain gradient descent, whose regularization looks at the weights before the step."""
    return rule.method == Method.SGD and rule.weight_decay == 0


def _loss(description: Description, rule: Rule) -> str:
    smoothing = rule.label_smoothing if description.tells_probability else 0
    given = ", smoothing=0" if smoothing else ""
    more = " With `smoothing`, this share of each label is spread over all classes." if smoothing else ""
    if description.output == "sigmoid":
        said = "logits = network.logits(points)"
        spread = "    targets = targets * (1 - smoothing) + smoothing / 2\n" if smoothing else ""
        body = f"    {said}\n    targets = (points[:, 2].to(logits.dtype) + 1) / 2  # 0 or 1\n{spread}"
        body += "    return nn.functional.binary_cross_entropy_with_logits(logits, targets)"
        what = "Cross-entropy of the points' labels."
    elif description.output == "softmax":
        spread = ", label_smoothing=smoothing" if smoothing else ""
        body = "    logits, targets = network.logits(points), points[:, 2].long()\n"
        body += f"    return nn.functional.cross_entropy(logits, targets{spread})"
        what = "Cross-entropy of the points' classes."
    else:
        body = "    answers = network(points)\n"
        body += "    return ((answers - points[:, 2].to(answers.dtype)) ** 2).mean() / 2"
        what = "Half the mean squared error of the points' labels."
    return f'\ndef loss(network, points{given}):\n    """{what}{more}"""\n{body}'


def _losses(training: Training) -> str:
    test = ', "test": loss(network, TEST).item()' if len(training.test) else ""
    return f'''
@torch.no_grad()
def losses(network):
    """Of all points, as Hyperplane shows them."""
    network.eval()
    return {{"train": loss(network, TRAIN).item(){test}}}'''


def _optimizer(training: Training) -> str:
    """Made with the memory that the method has."""
    rule, parameters, lines = training.rule, "network.parameters()", []
    if rule.weight_decay:
        parameters = "groups"
        lines += [
            "weights = [each for each in network.parameters() if each.ndim == 2]",
            "others = [each for each in network.parameters() if each.ndim == 1]",
            f'groups = [{{"params": weights, "weight_decay": {rule.weight_decay}}}, {{"params": others}}]',
        ]
    made = f"torch.optim.{_maker(rule).format(parameters)}"
    memory = _memory(training)
    lines += [f"optimizer = {made}", *memory, "return optimizer"] if memory else [f"return {made}"]
    doc = f'"""{_WHAT[Method(rule.method)]}{", as it went on until here" if memory else ""}."""'
    return "\n".join(["", "def optimizer_of(network):", *(f"    {line}" for line in [doc, *lines])])


def _maker(rule: Rule) -> str:
    """PyTorch's, with a place for the parameters."""
    momentum = f", momentum={rule.momentum}" if rule.momentum else ""
    nesterov = ", nesterov=True" if rule.momentum else ""  # PyTorch refuses it without momentum
    betas = f"betas=({rule.momentum}, {SECOND_MOMENT})"
    return {
        Method.SGD: "SGD({}, LEARNING_RATE)",
        Method.MOMENTUM: f"SGD({{}}, LEARNING_RATE{momentum})",
        Method.NESTEROV: f"SGD({{}}, LEARNING_RATE{momentum}{nesterov})",
        Method.ADAGRAD: "Adagrad({}, LEARNING_RATE)",
        Method.RMSPROP: "RMSprop({}, LEARNING_RATE)",
        Method.ADAM: f"Adam({{}}, LEARNING_RATE, {betas})",
        Method.ADAMW: f"AdamW({{}}, LEARNING_RATE, {betas}, weight_decay=0)",
    }[Method(rule.method)]


_WHAT = {
    Method.SGD: "Plain gradient descent",
    Method.MOMENTUM: "Gradient descent with momentum",
    Method.NESTEROV: "Gradient descent with Nesterov's momentum",
    Method.ADAGRAD: "AdaGrad",
    Method.RMSPROP: "RMSprop",
    Method.ADAM: "Adam",
    Method.ADAMW: "AdamW",
}
_NAMES = {
    Method.MOMENTUM: ("momentum_buffer", ""),
    Method.NESTEROV: ("momentum_buffer", ""),
    Method.ADAGRAD: ("", "sum"),
    Method.RMSPROP: ("", "square_avg"),
    Method.ADAM: ("exp_avg", "exp_avg_sq"),
    Method.ADAMW: ("exp_avg", "exp_avg_sq"),
}


def _memory(training: Training) -> list[str]:
    """Lines that give an optimizer the memory of the run's method."""
    method = Method(training.rule.method)
    if not (training.first or training.second):
        return []
    first, second = _NAMES[method]
    entries = []
    if method in SECOND:
        entries.append(f'        "step": torch.tensor({training.taken}.0),')
    if method in FIRST:
        entries.append(f'        "{first}": torch.tensor(MEAN_GRADIENTS[name], dtype=DTYPE),')
    if method in SECOND:
        entries.append(f'        "{second}": torch.tensor(MEAN_SQUARES[name], dtype=DTYPE),')
    return [
        "for name, parameter in network.named_parameters():",
        "    optimizer.state[parameter] = {",
        *entries,
        "    }",
    ]


def _shrink(training: Training) -> str:
    rule = training.rule
    if _is_plain(rule):
        return _DEAD_L1 if rule.l1 else _PLAIN_L2
    return _L1 if rule.l1 else _L2


def _train(description: Description, training: Training) -> str:
    begin = "BATCH_STEP" if training.place.batch_step != training.place.step else "STEP"
    end = "(step - STEP + BATCH_STEP)" if begin == "BATCH_STEP" else "step"
    return "\n".join(
        [
            "",
            "def train(network, epochs):",
            '    """Train on for so many epochs; yields after each its number and the losses."""',
            *(f"    {line}" for line in _before_all_steps(training)),
            "    epoch, step = EPOCH, STEP",
            f"    for points in batches({begin}):",
            "        if epoch == EPOCH + epochs:",
            "            return",
            *(f"        {line}" for line in _step(description, training)),
            "        step += 1",
            f"        if {end} % STEPS_IN_EPOCH == 0:",
            "            epoch += 1",
            "            yield epoch, losses(network)",
        ]
    )


def _before_all_steps(training: Training) -> list[str]:
    lines = ["optimizer = optimizer_of(network)"]
    if training.rule.l1 or training.rule.l2 or training.keeps_dead:
        lines.append("weights = {name: each for name, each in network.named_parameters() if each.ndim == 2}")
    if training.keeps_dead:
        lines += [
            "alive = {name: torch.ones_like(weight) for name, weight in weights.items()}",
            "for name, places in DEAD.items():",
            "    for unit, column in places:",
            "        alive[name][unit, column] = 0",
        ]
    return lines


def _step(description: Description, training: Training) -> list[str]:
    rule, rate, lines = training.rule, "LEARNING_RATE", []
    if rule.schedule != Schedule.CONSTANT:
        rate = "rate"
        lines += ["rate = learning_rate(step)", "for group in optimizer.param_groups:", '    group["lr"] = rate']
    if _has_dropout(description):
        lines.append("Dropout.step = step")
    smoothing = rule.label_smoothing if description.tells_probability else 0
    given = f", smoothing={smoothing}" if smoothing else ""
    lines += ["network.train()", "optimizer.zero_grad()", f"loss(network, points{given}).backward()"]
    if rule.clip:
        lines.append(f"nn.utils.clip_grad_norm_(network.parameters(), {rule.clip})")
    if training.keeps_dead:
        lines += ["for name, weight in weights.items():", "    weight.grad *= alive[name]"]
    if _is_plain(rule) and (rule.l1 or rule.l2):
        lines.append("before = {name: weight.detach().clone() for name, weight in weights.items()}")
    return [*lines, "optimizer.step()", *_after_step(training, rate)]


def _after_step(training: Training, rate: str) -> list[str]:
    rule = training.rule
    if not (rule.l1 or rule.l2):
        return []
    if not _is_plain(rule):
        return ["for weight in weights.values():", f"    shrink(weight, {rate})"]
    more = "before[name], alive[name]" if rule.l1 else "before[name]"
    return ["for name, weight in weights.items():", f"    shrink(weight, {more}, {rate})"]
