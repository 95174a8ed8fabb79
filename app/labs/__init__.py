"""The labs of this server."""

from app.labs.adversarial.lab import ADVERSARIAL
from app.labs.autoencoder.lab import AUTOENCODER
from app.labs.contract import Lab
from app.labs.descent.lab import DESCENT
from app.labs.digits.lab import DIGITS
from app.labs.plane.lab import PLANE

FIRST = PLANE  # its links and its page need no name
LABS: dict[str, Lab] = {lab.name: lab for lab in (PLANE, DIGITS, DESCENT, AUTOENCODER, ADVERSARIAL)}
