"""What people look at: pages of divisions and code lists, with the same content as JSON."""
