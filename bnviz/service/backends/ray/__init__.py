"""Workers on the nodes of a Ray cluster. Only ``backend`` is imported by the web process, and it imports no Ray."""
