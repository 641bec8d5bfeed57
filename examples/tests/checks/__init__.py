"""What each example must do: a module for each, with the example's name."""
