"""What to show: scores that are sums over paths, and why."""
