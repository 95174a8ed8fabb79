"""Gradient descent where the whole truth fits on the screen: errors of one or two weights, and racers on them."""
