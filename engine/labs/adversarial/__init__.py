"""A generator and a discriminator in the plane, which learn against each other."""
