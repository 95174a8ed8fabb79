"""Experiments in the order of the lecture's part on gradient descent, each with a text that says what to see.

`tests/app/test_descent_lessons.py` runs them and checks what the texts claim.
"""

from app.labs.lesson import Chapter, Lesson

_SIMPLE, _STOCHASTIC = "Simple Gradient Descent", "Stochastic Gradient Descent"


def _lesson(slug: str, title: str, setup: str, text: str, slide: str = "") -> Lesson:
    return Lesson(slug, title, setup, text, slide, lab="descent")


CHAPTERS = (
    Chapter(
        "One weight",
        (
            _lesson(
                "one-step",
                "Down the tangent",
                "speed=2",
                "The ball stands at the start, the straight line is the slope there. Press Step: the weight moves "
                "downhill by η times the slope. The nearer the minimum, the flatter the curve, the smaller the step.",
                _SIMPLE,
            ),
            _lesson(
                "four-rates",
                "Creep, settle, oscillate, diverge",
                "race=rates&rates=0.005,0.1,0.4,0.6&speed=2",
                "The curvature is L = 4. Below 1/L = 0.25 descent comes from one side, up to 2/L = 0.5 it swings over "
                "the minimum and settles, above it climbs. Type other rates into the table.",
                _SIMPLE,
            ),
            _lesson(
                "forty-steps",
                "How many steps?",
                "curvature=3.65&learning_rate=0.03",
                "Exercises of Google's crash course: with a rate of 0.03 it takes 40 steps to arrive. How many with "
                "0.1? What happens with 1? Which rate between 0.2 and 0.3 needs one step?",
                _SIMPLE,
            ),
            _lesson(
                "local-minimum",
                "A minimum that is not the lowest",
                "problem=double-well&start=1.5&race=methods&rates=0.1,0.1,0.1,0.1,0.1,0.1,0.1",
                "All begin on the right and see only the slope under their feet. Most stay in the right valley, though "
                "the left one is deeper. Momentum rolls over the hill. Click to drop other starts.",
            ),
            _lesson(
                "two-curvatures",
                "Two weights, one rate",
                "problem=line&race=rates&rates=0.02,0.2,0.4,0.6&speed=10",
                "Across the valley the curvature is L = 4.4, so the largest rate is 2/L = 0.45: the fourth racer "
                "diverges. Along the valley it is only 0.14, so those that stay below need 79 steps and more.",
                _SIMPLE,
            ),
            _lesson(
                "where-you-start",
                "Where you start decides",
                "problem=himmelblau&learning_rate=0.01",
                "Four valleys, all as deep. Descent sees only the slope under its feet and ends in the valley where "
                "it began. Click at other places: in each corner it ends in another one. A network starts at random "
                "weights.",
                "Training of DNN",
            ),
        ),
    ),
    Chapter(
        "Batch and stochastic",
        (
            _lesson(
                "one-point",
                "One point at a time",
                "problem=slope&race=runners&learning_rate=0.3&speed=3",
                "Each thin curve is the error of one point. Batch descends the thick one, their mean, and arrives. "
                "Stochastic descent takes one thin curve a step, is soon near, and never rests.",
                _STOCHASTIC,
            ),
            _lesson(
                "round-and-round",
                "In sequence or at random",
                "problem=slope&points=5&race=runners&learning_rate=0.3",
                "Five points. In sequence, descent soon goes round the same five places for ever. At random with "
                "replacement a point may come twice in a row, so the way never repeats. Neither rests: each point has "
                "a minimum of its own.",
                _STOCHASTIC,
            ),
            _lesson(
                "batch-size",
                "Larger batches, quieter steps",
                "problem=slope&learning_rate=0.3&runner=mini-batch&batch_size=1&speed=20",
                "Batches of one point: the weight swings about the minimum. Choose 5 as batch size under More: the "
                "mean of five points swings a third as far. With 10 it stays within 1 % of the way, and the race "
                "ends.",
                _STOCHASTIC,
            ),
            _lesson(
                "line-through-points",
                "A line through points",
                "problem=line&race=runners&speed=20",
                "Every place in the valley is a line through the points. All four look for the same one. Mini-batch, "
                "the mean of five points, swings less than one point does.",
                _STOCHASTIC,
            ),
            _lesson(
                "smaller-steps",
                "Smaller steps in the end",
                "problem=slope&race=runners&learning_rate=0.3&schedule=cosine&schedule_steps=200&stop_epochs=200"
                "&speed=20",
                "The same points, but the rate goes down to zero in 200 steps. All four now come to rest near the "
                "minimum. Compare with a constant rate under More.",
                _STOCHASTIC,
            ),
            _lesson(
                "logistic-neuron",
                "A logistic neuron",
                "problem=neuron&race=runners&learning_rate=1&speed=20",
                "The error is the cross-entropy of a neuron with one input. In the picture of the points its S turns "
                "round and finds the step between the classes.",
                "Loss Function: Binary Cross Entropy",
            ),
        ),
    ),
    Chapter(
        "Seven methods",
        (
            _lesson(
                "valley",
                "A long valley",
                "problem=valley&curvature=100&race=methods&learning_rate=0.018&speed=20",
                "Across, the valley is a hundred times as steep as along. Gradient descent zigzags across and creeps "
                "along; from a rate of 2/L = 0.02 on it diverges. Momentum needs a third of its steps. Nesterov "
                "diverges even at this rate.",
                _SIMPLE,
            ),
            _lesson(
                "momentum-swings",
                "Momentum is a heavy ball",
                "race=methods",
                "One bowl, one rate of 0.1. Gradient descent comes to rest without passing the minimum. Momentum keeps "
                "nine tenths of its last step, so it shoots past, swings, and is there after 87 steps; with a momentum "
                "of 0.5 (More) after 12.",
            ),
            _lesson(
                "rosenbrock",
                "Rosenbrock's banana",
                "problem=rosenbrock&race=methods&rates=0.001,0.001,0.001,0.5,0.01,0.1,0.1&speed=30",
                "It is easy to find the curved valley and hard to follow it. Each method has a rate of its own here, "
                "as the same one does not suit all. Change them in the table.",
            ),
            _lesson(
                "saddle",
                "Past a saddle",
                "problem=saddle&race=methods&speed=10",
                "All run down to the saddle, where there is hardly a slope. Gradient descent waits there for long. "
                "Methods that scale each weight by its own gradients leave at once.",
            ),
        ),
    ),
)

LESSONS: dict[str, Lesson] = {lesson.slug: lesson for chapter in CHAPTERS for lesson in chapter.lessons}
SLUGS = frozenset(LESSONS)
