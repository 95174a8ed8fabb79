"""Experiments in the order of the lecture's part on dimension reduction, each with a text that says what to see.

`tests/app/test_autoencoder_lessons.py` trains them and checks what the texts claim.
"""

from app.labs.lesson import Chapter, Lesson

_REDUCTION = "DNN for Dimension Reduction"
_POINTS = "activation=tanh&loss=squared&batch_size=10"


def _lesson(slug: str, title: str, setup: str, text: str, slide: str = "") -> Lesson:
    return Lesson(slug, title, setup, text, slide, lab="autoencoder")


CHAPTERS = (
    Chapter(
        "From a line to a curve",
        (
            _lesson(
                "a-ring-by-one-number",
                "A ring by one number",
                f"examples=ring&hidden=8,8&code=1&{_POINTS}&learning_rate=0.01&schedule=cosine&schedule_epochs=60"
                "&stop_epochs=60&speed=20",
                "2-8-8-1-8-8-2: each point becomes one number, and a point again. PCA can only lay a line through the "
                "ring; the decoder bends its line. After 60 epochs its error is less than a quarter of PCA’s. Where is "
                "the ring cut?",
                _REDUCTION,
            ),
            _lesson(
                "linear-is-pca",
                "Without bends it is PCA",
                "hidden=&linear=true&loss=squared&learning_rate=0.02&schedule=one-cycle&schedule_epochs=30&stop_epochs=30",
                "Every layer only adds up, so what the decoder reaches is a plane. The best plane is PCA’s: watch the "
                "angle between both fall below 1°, and the error to within half a per cent of PCA’s. More layers would "
                "not help.",
            ),
        ),
    ),
    Chapter(
        "Digits by a few numbers",
        (
            _lesson(
                "two-numbers",
                "Two numbers for a digit",
                "stop_epochs=20",
                "784 pixels become two numbers. PCA’s plane has the classes in a heap; here they part, though nobody "
                "has told the network what a 3 is. After 20 epochs the error of new digits is a fifth below PCA’s. "
                "Drag in the plane: the decoder draws.",
                _REDUCTION,
            ),
            _lesson(
                "thirty-numbers",
                "Thirty numbers",
                "hidden=512&code=30&stop_epochs=10",
                "With thirty numbers PCA is left with 14 of the 53. This stack falls below nine tenths of that within "
                "three epochs, and below two thirds in ten. Point at digits: what is lost are the thin strokes.",
                _REDUCTION,
            ),
            _lesson(
                "the-lectures-stack",
                "784-1000-500-250-2",
                "hidden=1000,500,250&stop_epochs=20",
                "The stack of the slide, with 2.8 million weights: an epoch is six times the work of the default "
                "one’s, some seconds on a core. Hinton had to train it layer by layer first; ReLU, good first weights "
                "and Adam do without. After three epochs it is below PCA.",
                _REDUCTION,
            ),
        ),
    ),
    Chapter(
        "Faces by thirty numbers",
        (
            _lesson(
                "faces",
                "Sliders for a face",
                "examples=faces&hidden=256,64&code=30&stop_epochs=20",
                "Thirty numbers for 1,024 pixels. What is true of each face is known here, so each slider is named "
                "after what it follows most. Move one: the face changes. Few numbers follow one thing alone, as nobody "
                "asked them to.",
                _REDUCTION,
            ),
        ),
    ),
)

LESSONS: dict[str, Lesson] = {lesson.slug: lesson for chapter in CHAPTERS for lesson in chapter.lessons}
SLUGS = frozenset(LESSONS)
