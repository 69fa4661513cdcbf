//! Derives and attributes of the language.
