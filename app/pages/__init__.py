"""The pages: their templates, and the values that fill them."""
