"""The training as a film, made from the timeline: each frame is the run as it was at that very epoch."""
