"""What `leadsla explain` asks: a file of events, or what the running service keeps."""
