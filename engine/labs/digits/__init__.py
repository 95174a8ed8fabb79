"""The digits lab: a plain network and a convolutional one learn to read the same handwritten digits."""
