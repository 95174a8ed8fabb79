"""Networks of wide layers and convolutions: an example's units lie along the lanes, layers are matrix products."""
