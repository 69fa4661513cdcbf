//! [`Design::digest`].

use crate::Design;
use sha2::{Digest, Sha256};
use std::fmt::{self, Write};

impl Design {
    /// SHA-256 over the text form without places, as 64 hexadecimal digits: a key under which
    /// results about the design can be kept. It changes with any name, but not with the lines of
    /// the source, nor between runs.
    pub fn digest(&self) -> String {
        let mut hasher = Hasher(Sha256::new());
        write!(hasher, "{}", self.without_places()).expect("hashing never fails");
        let bytes = hasher.0.finalize();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

struct Hasher(Sha256);

impl Write for Hasher {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_of_the_design_not_of_its_places() {
        let digest = |text: &str| Design::parse(text).unwrap().digest();
        let plain = digest("top m\nmodule m {\nx : bit = undefined\n}\n");
        let placed = "file \"a.rs\"\ntop m\nmodule m @0:1:2 {\nx : bit = undefined @0:3:4\n}\n";
        assert_eq!(plain, digest(placed));
        assert_ne!(plain, digest("top m\nmodule m {\nx : bit = 1'h0\n}\n"));
        assert_eq!(plain, "93b666bb1586c9c31c9223cbfb8b54772347dc4b7acbc17865fd6bc0db009c4f");
    }
}
