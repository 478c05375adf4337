"""Who is let in, and how much one client may bring, take and hold: everything below a request."""
