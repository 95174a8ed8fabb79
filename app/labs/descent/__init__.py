"""The descent lab's side of the server: see engine/labs/descent."""
