//! The C integer types that `softfloat-sys` needs.
//!
//! The published crate of this name runs CMake to learn five type aliases. This one states them,
//! so that the comparison with SoftFloat needs nothing but a C compiler.

#![allow(non_camel_case_types)]

#[cfg(all(target_env = "gnu", target_os = "linux", target_pointer_width = "64"))]
mod fast {
    pub type Signed32 = i64;
    pub type Unsigned32 = u64;
}

#[cfg(not(all(target_env = "gnu", target_os = "linux", target_pointer_width = "64")))]
mod fast {
    pub type Signed32 = i32;
    pub type Unsigned32 = u32;
}

/// C's type of this name.
pub type uint_fast8_t = u8;
/// C's type of this name; glibc makes it as wide as a pointer.
pub type int_fast32_t = fast::Signed32;
/// C's type of this name; glibc makes it as wide as a pointer.
pub type uint_fast32_t = fast::Unsigned32;
/// C's type of this name.
pub type int_fast64_t = i64;
/// C's type of this name.
pub type uint_fast64_t = u64;
