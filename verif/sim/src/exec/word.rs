//! [`Word`]: the arithmetic of one lane.

/// An element type of lanes. Methods mean what the node operators of their names mean, before
/// the result is cut to its width; `spare` is the number of unused bits at the top.
pub(super) trait Word: Copy {
    const ZERO: Self;
    fn cut(value: u64) -> Self;
    fn wide(self) -> u64;
    fn wide_signed(self) -> i64;
    fn not(self) -> Self;
    fn and(self, b: Self) -> Self;
    fn or(self, b: Self) -> Self;
    fn xor(self, b: Self) -> Self;
    fn add(self, b: Self) -> Self;
    fn sub(self, b: Self) -> Self;
    fn mul(self, b: Self) -> Self;
    /// The high half of a 64-bit product.
    fn mul_high(self, b: Self) -> Self;
    fn shift_left(self, b: Self) -> Self;
    fn shift_right(self, b: Self) -> Self;
    fn shift_right_signed(self, b: Self, spare: u8) -> Self;
    /// By a known amount below the type's bits.
    fn left(self, n: u8) -> Self;
    /// By a known amount below the type's bits.
    fn right(self, n: u8) -> Self;
    fn equal(self, b: Self) -> bool;
    fn less(self, b: Self) -> bool;
    fn less_signed(self, b: Self, spare: u8) -> bool;
    fn odd(self) -> bool;
    /// With the sign bit copied into all spare bits.
    fn extended(self, spare: u8) -> Self;
}

macro_rules! words {
    ($($u:ident $i:ident)*) => {$(
        impl Word for $u {
            const ZERO: Self = 0;

            #[inline(always)]
            fn cut(value: u64) -> Self {
                value as $u
            }

            #[inline(always)]
            fn wide(self) -> u64 {
                u64::from(self)
            }

            #[inline(always)]
            fn wide_signed(self) -> i64 {
                i64::from(self.cast_signed())
            }

            #[inline(always)]
            fn not(self) -> Self {
                !self
            }

            #[inline(always)]
            fn and(self, b: Self) -> Self {
                self & b
            }

            #[inline(always)]
            fn or(self, b: Self) -> Self {
                self | b
            }

            #[inline(always)]
            fn xor(self, b: Self) -> Self {
                self ^ b
            }

            #[inline(always)]
            fn add(self, b: Self) -> Self {
                self.wrapping_add(b)
            }

            #[inline(always)]
            fn sub(self, b: Self) -> Self {
                self.wrapping_sub(b)
            }

            #[inline(always)]
            fn mul(self, b: Self) -> Self {
                self.wrapping_mul(b)
            }

            #[inline(always)]
            fn mul_high(self, b: Self) -> Self {
                ((u128::from(self) * u128::from(b)) >> 64) as $u
            }

            #[inline(always)]
            fn shift_left(self, b: Self) -> Self {
                let inside = self << (b & (Self::BITS - 1) as $u);
                if b < Self::BITS as $u { inside } else { 0 }
            }

            #[inline(always)]
            fn shift_right(self, b: Self) -> Self {
                let inside = self >> (b & (Self::BITS - 1) as $u);
                if b < Self::BITS as $u { inside } else { 0 }
            }

            #[inline(always)]
            fn shift_right_signed(self, b: Self, spare: u8) -> Self {
                let most = (Self::BITS - 1) as $u;
                let amount = if b < most { b } else { most };
                (self.extended(spare).cast_signed() >> (amount & most)).cast_unsigned()
            }

            #[inline(always)]
            fn left(self, n: u8) -> Self {
                self << (u32::from(n) & (Self::BITS - 1))
            }

            #[inline(always)]
            fn right(self, n: u8) -> Self {
                self >> (u32::from(n) & (Self::BITS - 1))
            }

            #[inline(always)]
            fn equal(self, b: Self) -> bool {
                self == b
            }

            #[inline(always)]
            fn less(self, b: Self) -> bool {
                self < b
            }

            #[inline(always)]
            fn less_signed(self, b: Self, spare: u8) -> bool {
                self.left(spare).cast_signed() < b.left(spare).cast_signed()
            }

            #[inline(always)]
            fn odd(self) -> bool {
                self.count_ones() & 1 == 1
            }

            #[inline(always)]
            fn extended(self, spare: u8) -> Self {
                let n = u32::from(spare) & (Self::BITS - 1);
                ((self << n).cast_signed() >> n).cast_unsigned()
            }
        }
    )*};
}

words! { u8 i8 u16 i16 u32 i32 u64 i64 }
