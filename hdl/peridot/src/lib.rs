//! Peridot: the training chip, its instruction set and its driver.
