"""Points of the plane, and a network that learns them."""
