"""One module for each noun. Every public function is a check; it gets the stage."""
