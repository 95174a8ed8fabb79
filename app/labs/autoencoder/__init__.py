"""The autoencoder lab's side of the server: see engine/labs/autoencoder."""
