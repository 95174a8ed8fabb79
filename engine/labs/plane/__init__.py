"""The lab in which a network learns points of the plane."""
