//! [`weights_digest`].

use super::network::Layers;
use sha2::{Digest, Sha256};

/// SHA-256 over all parameters as little-endian fp32 bytes in the order of [`Layers::parts`],
/// in hexadecimal.
pub fn weights_digest(layers: &Layers) -> String {
    let mut digest = Sha256::new();
    for weight in layers.parts().into_iter().flatten() {
        digest.update(weight.to_le_bytes());
    }
    format!("{:x}", digest.finalize())
}
