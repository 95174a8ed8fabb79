"""The digits lab's side of the server: see engine/labs/digits."""
