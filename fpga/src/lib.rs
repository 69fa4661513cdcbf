//! From design to bitstream with Yosys and nextpnr.
