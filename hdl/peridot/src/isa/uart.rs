//! The packets by which a serial line carries the host bus.

/// Begins a packet that writes words.
pub const UART_WRITE: u8 = b'W';
/// Begins a packet that reads words.
pub const UART_READ: u8 = b'R';
/// Answers a packet that wrote, when all its words are taken.
pub const UART_DONE: u8 = 0x06;
/// Answers a byte that begins no packet.
pub const UART_UNKNOWN: u8 = 0x15;
/// Bytes of the address, lowest first.
pub const UART_ADDRESS_BYTES: u32 = 3;
/// Bytes of the number of words less one, lowest first.
pub const UART_COUNT_BYTES: u32 = 2;

/// The packets: what the host sends, what it means, what the chip answers.
pub const UART_PACKETS: &[[&str; 3]] = &[
    [
        "`W` (0x57), 3 bytes address, 2 bytes count − 1, 4·count bytes data",
        "writes `count` words from `address` on",
        "0x06 when the last word is taken",
    ],
    [
        "`R` (0x52), 3 bytes address, 2 bytes count − 1",
        "reads `count` words from `address` on",
        "4·count bytes data",
    ],
    ["any other first byte", "nothing", "0x15"],
    ["a break (a byte without stop bit)", "ends the packet that is being sent", "nothing"],
];
