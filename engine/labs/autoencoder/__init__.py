"""The autoencoder lab: networks that put what they see into few numbers, and make it of these again."""
