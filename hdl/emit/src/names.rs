//! Verilog identifiers: legal, unique, and as near to the author's name as can be.

use std::collections::HashSet;

/// Words an identifier must not be: Verilog-2005, SystemVerilog-2017 (tools read `.v` files as
/// either), C++ words and macros that Verilator warns of, members of Verilator's model class.
const RESERVED: &str = "
accept_on alias always always_comb always_ff always_latch and assert assign assume automatic
before begin bind bins binsof bit break buf bufif0 bufif1 byte case casex casez cell chandle
checker class clocking cmos config const constraint context continue cover covergroup coverpoint
cross deassign default defparam design disable dist do edge else end endcase endchecker endclass
endclocking endconfig endfunction endgenerate endgroup endinterface endmodule endpackage
endprimitive endprogram endproperty endsequence endspecify endtable endtask enum event eventually
expect export extends extern final first_match for force foreach forever fork forkjoin function
generate genvar global highz0 highz1 if iff ifnone ignore_bins illegal_bins implements implies
import incdir include initial inout input inside instance int integer interconnect interface
intersect join join_any join_none large let liblist library local localparam logic longint
macromodule matches medium modport module nand negedge nettype new nexttime nmos nor
noshowcancelled not notif0 notif1 null or output package packed parameter pmos posedge primitive
priority program property protected pull0 pull1 pulldown pullup pulsestyle_ondetect
pulsestyle_onevent pure rand randc randcase randsequence rcmos real realtime ref reg reject_on
release repeat restrict return rnmos rpmos rtran rtranif0 rtranif1 s_always s_eventually
s_nexttime s_until s_until_with scalared sequence shortint shortreal showcancelled signed small
soft solve specify specparam static string strong strong0 strong1 struct super supply0 supply1
sync_accept_on sync_reject_on table tagged task this throughout time timeprecision timeunit tran
tranif0 tranif1 tri tri0 tri1 triand trior trireg type typedef union unique unique0 unsigned
until until_with untyped use uwire var vectored virtual void wait wait_order wand weak weak0
weak1 while wildcard wire with within wor xnor xor
alignas alignof and_eq asm atomic_cancel atomic_commit atomic_noexcept auto bitand bitor bool
catch char char16_t char32_t char8_t co_await co_return co_yield compl concept const_cast
consteval constexpr constinit decltype delete double dynamic_cast explicit false float friend
goto inline long main mutable namespace noexcept not_eq nullptr operator or_eq private public
reflexpr register reinterpret_cast requires short sizeof static_assert static_cast switch
synchronized template thread_local throw true try typeid typename using volatile wchar_t xor_eq
abort errno stderr stdin stdout bit_vector cdecl const_iterator const_reference far huge interrupt
near pascal sc_clock sc_in sc_inout sc_out sc_signal sensitive sensitive_neg sensitive_pos
transaction_safe transaction_safe_dynamic type_info
at_clone contextp eval eval_end_step eval_step eventsPending hierName modelName name
nextTimeSlot prepareClone rootp threads trace traceCapable vlNamep vlSymsp
";

/// Hands out identifiers of one scope, each once.
pub(crate) struct Namer {
    taken: HashSet<String>,
}

impl Namer {
    pub(crate) fn new() -> Self {
        Self { taken: RESERVED.split_whitespace().map(str::to_string).collect() }
    }

    /// A scope in which `names` are taken already.
    pub(crate) fn with<'a>(names: impl Iterator<Item = &'a String>) -> Self {
        let mut namer = Self::new();
        namer.taken.extend(names.cloned());
        namer
    }

    /// The legal form of `wanted`, followed by `_v` if that is taken.
    pub(crate) fn claim(&mut self, wanted: &str) -> String {
        let base = legal(wanted);
        let name = if self.taken.contains(&base) { self.variant(&base, 'v') } else { base };
        self.taken.insert(name.clone());
        name
    }

    /// Like [`Namer::claim`], with `_<letter>` as the first thing to add.
    pub(crate) fn claim_or(&mut self, wanted: &str, letter: char) -> String {
        let base = legal(wanted);
        let name = if self.taken.contains(&base) { self.variant(&base, letter) } else { base };
        self.taken.insert(name.clone());
        name
    }

    fn variant(&self, base: &str, letter: char) -> String {
        let first = format!("{base}_{letter}");
        let later = (2..).map(|i| format!("{base}_{letter}{i}"));
        let mut candidates = std::iter::once(first).chain(later);
        candidates.find(|c| !self.taken.contains(c)).unwrap_or_default()
    }

    /// `base` with the first free number behind it, from 1.
    pub(crate) fn number(&mut self, base: &str, counter: &mut u32) -> String {
        loop {
            *counter += 1;
            let name = format!("{base}{counter}");
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// `name` with every run of underscores and of characters that an identifier cannot hold made
/// one underscore (Verilator mangles double ones), and with none at the end that was not there.
fn legal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.ends_with('_') {
            out.push('_');
        }
    }
    let out = if name.ends_with('_') { out } else { out.trim_end_matches('_').to_string() };
    match out.chars().next() {
        None => "unnamed".to_string(),
        Some('0'..='9') => format!("n{out}"),
        Some(_) => out,
    }
}

/// `CamelCase` as `CAMEL_CASE`.
pub(crate) fn upper_snake(name: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    for c in name.chars() {
        if c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()) {
            out.push('_');
        }
        out.extend(c.to_uppercase());
        before = c;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_legal_and_unique() {
        let mut namer = Namer::new();
        assert_eq!(namer.claim("count"), "count");
        assert_eq!(namer.claim("count"), "count_v");
        assert_eq!(namer.claim("count"), "count_v2");
        assert_eq!(namer.claim_or("count", 'q'), "count_q");
        assert_eq!(namer.claim("reg"), "reg_v");
        assert_eq!(namer.claim("pe[1][2].acc"), "pe_1_2_acc");
        assert_eq!(namer.claim("x[3]"), "x_3");
        assert_eq!(namer.claim("3d"), "n3d");
        assert_eq!(namer.claim("größe"), "gr_e");
        assert_eq!(namer.claim("[]"), "unnamed");
        assert_eq!(namer.claim("a__b"), "a_b");
    }

    #[test]
    fn numbers_skip_what_is_taken() {
        let mut namer = Namer::new();
        namer.claim("sum1");
        let mut counter = 0;
        assert_eq!(namer.number("sum", &mut counter), "sum2");
    }

    #[test]
    fn variants_in_capitals() {
        assert_eq!(upper_snake("FetchState"), "FETCH_STATE");
        assert_eq!(upper_snake("Idle"), "IDLE");
        assert_eq!(upper_snake("Mode8Bit"), "MODE8_BIT");
        assert_eq!(upper_snake("ROM"), "ROM");
    }
}
