//! A round-robin arbiter.

use olivine::prelude::*;

/// Grants one of `n` requests; who was served last comes last.
#[module]
pub fn RoundRobin(n: u32) {
    let requests: In<Unsigned> = unsigned(n);
    let grants: Out<Unsigned> = unsigned(n);

    // Those behind the one that was served last.
    let first = reg(unsigned(n)).reset(0);
    let preferred = requests & first;
    grants.drive(mux(preferred.any(), preferred, requests).lowest_one());
    when(grants.any(), || first.set(!(grants | grants.wrapping_sub(1))));
    always("only who requests is granted", (grants & !requests).eq(0));
}
