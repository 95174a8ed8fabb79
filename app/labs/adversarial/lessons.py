"""Experiments about the lecture's slides on generative adversarial networks, each with a text that says what to see.

`tests/app/test_adversarial_lessons.py` trains them and checks what the texts claim.
"""

from app.labs.lesson import Chapter, Lesson

_SLIDE = "Recent Development in Deep Learning"


def _lesson(slug: str, title: str, setup: str, text: str) -> Lesson:
    return Lesson(slug, title, setup, text, _SLIDE, lab="adversarial")


CHAPTERS = (
    Chapter(
        "Generative adversarial networks",
        (
            _lesson(
                "two-players",
                "Two players",
                "stop_epochs=3000",
                "The generator bends noise into fakes, the discriminator learns to tell them from real points. Press "
                "Play: within 3,000 rounds the fakes cover all eight modes. Neither loss falls to zero: each network "
                "makes the other's work harder.",
            ),
            _lesson(
                "mode-collapse",
                "Mode collapse",
                "seed=5&discriminator_rate=0.001&generator_rate=0.01&stop_epochs=3000",
                "Here the generator learns ten times as fast as the discriminator. It runs after the place that fools "
                "D best just now, and all fakes end in one mode. Try 16 seeds: 13 leave modes out. With a generator's "
                "rate of 0.001 and 0.003 for D none does.",
            ),
            _lesson(
                "bent-noise-grid",
                "The bent noise grid",
                "stop_epochs=3000&arrows=false&bent_grid=true",
                "The generator is a map from a square of noise to the plane. It cannot tear the square, so it folds "
                "and stretches it: cells are narrow in the modes, where most fakes lie, and wide between them, where "
                "few do.",
            ),
            _lesson(
                "a-line-of-noise",
                "A line of noise",
                "dimensions=1&stop_epochs=3000&arrows=false&bent_grid=true",
                "With one noise number the generator bends a line through the plane. All its fakes lie on a curve, "
                "which runs from mode to mode.",
            ),
        ),
    ),
    Chapter(
        "What makes it work",
        (
            _lesson(
                "saturating-loss",
                "Minimax and non-saturating",
                "spread=0.02&objective=minimax&discriminator_rate=0.01&turns=10&stop_epochs=100",
                "A strong discriminator against new fakes: D is below 0.0001 for most, so minimax, log(1 − D), is flat "
                "there and the generator's slopes are below 0.001. Now choose “Non-saturating”, −log D, and reset: the "
                "same arrows are (1 − D)/D times as long, and fakes are on their way.",
            ),
            _lesson(
                "too-good-a-critic",
                "Why D must not be too good",
                "spread=0.02&objective=minimax&turns=10&stop_epochs=3000",
                "Ten updates of D for one of G, and modes so small that fakes and real points hardly overlap. D is "
                "sure of everything: its loss falls to 0.4, and the generator gets hardly a direction. 11 of 16 seeds "
                "leave modes out. With one update per round D's loss stays near 1, and one seed does.",
            ),
            _lesson(
                "wasserstein",
                "Wasserstein: a critic with a slope",
                "spread=0.02&objective=penalty&turns=5&stop_epochs=1000",
                "The same points, but D is a critic whose slope is held near 1 by a penalty. It may be as good as it "
                "likes: everywhere its field still leads to real points. Even with five updates per round all "
                "modes are covered.",
            ),
            _lesson(
                "updates-of-d",
                "Updates of D per G",
                "turns=5&stop_epochs=1000",
                "D must follow the fakes, which move all the time. With five updates of D per round, 66 % of the fakes "
                "are good after 1,000 rounds; with one, 45 %. With ten, a mode is lost: more is not always better.",
            ),
        ),
    ),
)

LESSONS: dict[str, Lesson] = {lesson.slug: lesson for chapter in CHAPTERS for lesson in chapter.lessons}
SLUGS = frozenset(LESSONS)
