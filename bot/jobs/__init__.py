"""What happens by itself: the heartbeat in one process."""
