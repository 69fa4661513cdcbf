//! Test benches: typed poke and peek, drivers, monitors, scoreboards.
