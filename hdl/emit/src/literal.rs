//! Constants as Verilog writes them, always with their width.

use olivine_netlist::Bits;

/// Above this a constant is shown in hexadecimal.
const DECIMAL_MAX: u64 = 999;

/// `1'b1`, `8'd42`, `32'h7fc00000`.
pub(crate) fn literal(bits: &Bits) -> String {
    let width = bits.width();
    match bits.to_u64() {
        Some(value) if width == 1 => format!("1'b{value}"),
        Some(value) if value <= DECIMAL_MAX => format!("{width}'d{value}"),
        _ => format!("{width}'h{}", format!("{bits:x}").trim_start_matches('0')),
    }
}

/// Every bit unknown.
pub(crate) fn unknown(width: u32) -> String {
    if width == 1 { "1'bx".to_string() } else { format!("{{{width}{{1'bx}}}}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_show_their_width() {
        assert_eq!(literal(&Bits::new(1, 1)), "1'b1");
        assert_eq!(literal(&Bits::new(10, 999)), "10'd999");
        assert_eq!(literal(&Bits::new(32, 0x7fc0_0000)), "32'h7fc00000");
        assert_eq!(literal(&Bits::zero(100)), "100'd0");
        assert_eq!(literal(&Bits::ones(68)), "68'hfffffffffffffffff");
        assert_eq!(unknown(4), "{4{1'bx}}");
    }
}
