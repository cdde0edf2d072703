//! Numbers with 96 bits behind the point. Sums of them are exact, so they do not depend on the order of what is added; a
//! float that is made of the sum is the nearest one.

use std::{
    iter::Sum,
    ops::{Add, AddAssign, Neg, Sub, SubAssign},
};

const BITS: u32 = 96;

/// Holds up to 2³¹ on both sides of zero: the scores of an event are at most 100 each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fixed(i128);

impl Fixed {
    pub const ZERO: Fixed = Fixed(0);

    pub fn whole(number: i64) -> Fixed {
        Fixed(i128::from(number) << BITS)
    }

    /// Cuts off what is finer than the last bit.
    pub fn near(number: f64) -> Fixed {
        #[expect(clippy::cast_possible_truncation, reason = "cutting is meant")]
        Fixed((number * unit()) as i128)
    }

    /// The nearest float.
    pub fn float(self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "rounding to the nearest is meant")]
        let number = self.0 as f64;
        number / unit()
    }

    #[must_use]
    pub fn times(self, count: u32) -> Fixed {
        Fixed(self.0.saturating_mul(i128::from(count)))
    }

    /// Rounded to the last bit; nothing when divided by nothing.
    #[must_use]
    pub fn over(self, count: u32) -> Fixed {
        let count = i128::from(count);
        if count == 0 { Fixed::ZERO } else { Fixed((2 * self.0 + count).div_euclid(2 * count)) }
    }

    #[must_use]
    pub fn abs(self) -> Fixed {
        Fixed(self.0.saturating_abs())
    }
}

/// 2⁹⁶ is a float, so multiplying and dividing by it is exact.
fn unit() -> f64 {
    2f64.powi(i32::try_from(BITS).unwrap_or(0))
}

impl Add for Fixed {
    type Output = Fixed;
    fn add(self, other: Fixed) -> Fixed {
        Fixed(self.0.saturating_add(other.0))
    }
}

impl Sub for Fixed {
    type Output = Fixed;
    fn sub(self, other: Fixed) -> Fixed {
        Fixed(self.0.saturating_sub(other.0))
    }
}

impl Neg for Fixed {
    type Output = Fixed;
    fn neg(self) -> Fixed {
        Fixed(self.0.saturating_neg())
    }
}

impl AddAssign for Fixed {
    fn add_assign(&mut self, other: Fixed) {
        *self = *self + other;
    }
}

impl SubAssign for Fixed {
    fn sub_assign(&mut self, other: Fixed) {
        *self = *self - other;
    }
}

impl Sum for Fixed {
    fn sum<I: Iterator<Item = Fixed>>(numbers: I) -> Fixed {
        numbers.fold(Fixed::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_the_nearest() {
        assert_eq!(Fixed::whole(347).over(93).float().to_bits(), (347.0f64 / 93.0).to_bits());
        assert_eq!(Fixed::whole(-25).over(31).float().to_bits(), (-25.0f64 / 31.0).to_bits());
        assert_eq!(Fixed::near(0.1).float().to_bits(), 0.1f64.to_bits());
        assert_eq!((Fixed::whole(7).over(0), Fixed::whole(7).float().to_bits()), (Fixed::ZERO, 7f64.to_bits()));
    }

    #[test]
    fn what_is_added_and_taken_leaves_no_trace() {
        let third = Fixed::whole(1).over(3);
        assert_eq!(third + Fixed::whole(40) - Fixed::whole(40), third);
        assert_eq!((Fixed::whole(1) + Fixed::whole(3)).over(3) - Fixed::whole(1), third, "rounds alike when shifted");
        assert_eq!([third, -third, third].into_iter().sum::<Fixed>(), third);
        assert_eq!((-third).abs(), third);
    }
}
