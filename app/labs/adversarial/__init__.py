"""The adversarial lab's side of the server: see engine/labs/adversarial."""
