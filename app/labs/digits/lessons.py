"""Experiments in the order of the lecture's part on convolutional networks, each with a text that says what to see.

`tests/app/test_digits_lessons.py` trains them and checks what the texts claim.
"""

from app.labs.lesson import Chapter, Lesson

_WHY = "Why CNN?"


def _lesson(slug: str, title: str, setup: str, text: str, slide: str = "") -> Lesson:
    return Lesson(slug, title, setup, text, slide, lab="digits")


CHAPTERS = (
    Chapter(
        "Why convolutional networks",
        (
            _lesson(
                "flattened-digits",
                "A digit as a list of numbers",
                "stop_epochs=6",
                "The plain network gets the 784 pixels as a list, the convolutional one as a picture. Both have about "
                "11,000 weights and see the same digits. Press Play: the plain one reads about 92 % of new digits, the "
                "other 97 %.",
                _WHY,
            ),
            _lesson(
                "off-centre",
                "Off centre it is another list",
                "stop_epochs=6&shift_map=true",
                "The map shows the accuracy for digits that are moved. The plain network reads hardly half of them at "
                "three pixels. The convolutional one falls too, but later. Drag a digit on the pad and see.",
                _WHY,
            ),
            _lesson(
                "shuffled-pixels",
                "Shuffled pixels",
                "shuffled_pixels=true&stop_epochs=6",
                "All pixels of all digits are put into the same random order. The plain network reads as well as "
                "before. The convolutional one loses its lead: neighbours are no neighbours any more.",
                "How CNN Detect Patterns in Images",
            ),
            _lesson(
                "a-weight-for-each-pixel",
                "A weight for every pixel",
                "stop_epochs=6&inside_plain=true",
                "Each of the 14 units has 784 weights: a picture. Blue adds where there is ink, orange takes away. In "
                "the corners weights stay as random as they began, as no digit has ink there. Switch a unit off and "
                "watch the accuracy.",
                _WHY,
            ),
        ),
    ),
    Chapter(
        "Inside a convolutional network",
        (
            _lesson(
                "convolution",
                "One filter, moved over the picture",
                "filters=8&stop_epochs=4&layer=1",
                "Each of the eight filters is a small picture of 5×5 weights. Choose a digit and point at a pixel of a "
                "map: products of patch and filter add up to it. Switch a filter off and watch the accuracy.",
                "Convolution Operation",
            ),
            _lesson(
                "feature-maps",
                "Each filter makes a map",
                "stop_epochs=6&layer=2",
                "The first layer has eight maps, the second sixteen, each made of all eight. Play, choose a digit, and "
                "see which strokes light up where. Choose a filter for the nine digits that excite it most.",
                "Feature Maps",
            ),
            _lesson(
                "pooling",
                "Without pooling",
                "filters=8,4&padding=valid&pooling=none&stop_epochs=4&shift_map=true",
                "No pooling here: maps stay large, and the output needs 16,000 weights to read them. Choose Largest "
                "of 2×2 with 8 and 16 filters, and compare time, weights, and how far a digit may move.",
                "Pooling Operation",
            ),
            _lesson(
                "read-outs",
                "What each layer knows",
                "stop_epochs=6&readouts=true",
                "A linear read-out of each layer is fitted anew while the networks learn. The deeper the layer of the "
                "convolutional network, the better it tells digits. A fully-connected layer then needs little.",
                "Fully-Connected Layers",
            ),
        ),
    ),
    Chapter(
        "Wherever the digit is",
        (
            _lesson(
                "global-max",
                "The largest of each map",
                "filters=16,20,32&head=global-max&learning_rate=0.002&stop_epochs=6&shift_map=true",
                "Global max keeps the largest value of each map and forgets where it was. After six epochs this "
                "network reads nine of ten digits that are three pixels off. No digit off centre was shown to it.",
                "CNN for Digit Recognition",
            ),
            _lesson(
                "train-with-shifts",
                "Show it moved digits",
                "shifts=4&stop_epochs=12&shift_map=true",
                "Each training digit is moved at random, by up to four pixels. Both networks learn to read off centre. "
                "The plain one pays with accuracy in the middle, the convolutional one does not.",
                "CNN for Handwritten Digit Recognition",
            ),
        ),
    ),
)

LESSONS: dict[str, Lesson] = {lesson.slug: lesson for chapter in CHAPTERS for lesson in chapter.lessons}
SLUGS = frozenset(LESSONS)
