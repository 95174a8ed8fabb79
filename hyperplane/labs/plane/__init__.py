"""The plane from Python: weights by layer, points, and what the network says over the plane."""
