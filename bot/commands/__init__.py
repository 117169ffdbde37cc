"""What people can ask for, apart from where they ask it."""
