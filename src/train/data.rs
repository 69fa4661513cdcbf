//! The digits: images, labels, the split into training and test, the order of batches.

use super::random::Random;
use olivine_peridot::host::Matrix;

/// The file; its head names source, authors and licence.
const FILE: &str = include_str!("data/digits.csv");
/// Pixels in an image.
pub(super) const PIXELS: usize = 64;
/// Classes.
pub(super) const CLASSES: usize = 10;
/// About the mean of all pixels, which are 0 to 16, and somewhat less than their deviation. Inputs
/// near zero mean and unit deviation train faster; these are exact in bf16.
const PIXEL_MEAN: f32 = 5.0;
const PIXEL_SCALE: f32 = 4.0;
/// Seed of the split, which no option changes.
const SPLIT_SEED: u64 = 0;

/// Images with their digits.
#[derive(Clone, Debug)]
pub struct Images {
    /// One image a row, each pixel `(p − 5) / 4` for `p` from 0 to 16.
    pub pixels: Matrix<f32>,
    /// The digit of each image.
    pub labels: Vec<u8>,
}

/// The UCI optical digits, split in 1,437 images for training and 360 for the test.
#[derive(Clone, Debug)]
pub struct Digits {
    /// For training.
    pub training: Images,
    /// For the test.
    pub test: Images,
}

impl Digits {
    /// The images in the split that every run uses: shuffled with a fixed seed, sorted by digit,
    /// every fifth for the test. So each digit has its share in both parts.
    pub fn load() -> Self {
        let all = Images::parse(FILE);
        let mut order: Vec<usize> = (0..all.len()).collect();
        Random::new(SPLIT_SEED).shuffle(&mut order);
        order.sort_by_key(|&place| all.labels[place]);
        let (mut training, mut test) = (Vec::new(), Vec::new());
        for (index, place) in order.into_iter().enumerate() {
            if index % 5 == 0 { test.push(place) } else { training.push(place) }
        }
        Self { training: all.pick(&training), test: all.pick(&test) }
    }
}

impl Images {
    /// Reads the file, which is part of the program and known to be good.
    fn parse(file: &str) -> Self {
        let lines = file.lines().filter(|line| !line.starts_with('#'));
        let numbers = |line: &str| -> Vec<u8> {
            line.split(',').map(|n| n.parse().expect("a number")).collect()
        };
        let rows: Vec<Vec<u8>> = lines.map(numbers).collect();
        Self {
            pixels: Matrix::from_fn(rows.len(), PIXELS, |r, c| {
                (f32::from(rows[r][c]) - PIXEL_MEAN) / PIXEL_SCALE
            }),
            labels: rows.iter().map(|row| row[PIXELS]).collect(),
        }
    }

    /// The number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The images at these places, in this order.
    pub fn pick(&self, places: &[usize]) -> Self {
        Self {
            pixels: Matrix::from_fn(places.len(), PIXELS, |r, c| self.pixels.at(places[r], c)),
            labels: places.iter().map(|&place| self.labels[place]).collect(),
        }
    }
}

/// Batches for ever: each epoch goes through all images in a new order, and leaves out the few
/// that do not fill a batch.
#[derive(Clone, Debug)]
pub(super) struct Batches<'a> {
    images: &'a Images,
    size: usize,
    order: Vec<usize>,
    next: usize,
    random: Random,
}

impl<'a> Batches<'a> {
    pub fn new(images: &'a Images, size: usize, random: Random) -> Self {
        let order: Vec<usize> = (0..images.len()).collect();
        Self { images, size, next: order.len(), order, random }
    }

    pub fn next_batch(&mut self) -> Images {
        if self.next + self.size > self.order.len() {
            self.random.shuffle(&mut self.order);
            self.next = 0;
        }
        let places = &self.order[self.next..self.next + self.size];
        self.next += self.size;
        self.images.pick(places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest, Sha256};

    #[test]
    fn the_file_is_the_published_data() {
        let lines = FILE.lines().filter(|line| !line.starts_with('#'));
        let text: String = lines.flat_map(|line| [line, "\n"]).collect();
        let digest = format!("{:x}", Sha256::digest(text));
        assert_eq!(digest, "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8");
        let images = Images::parse(FILE);
        let mut counts = [0; CLASSES];
        images.labels.iter().for_each(|&label| counts[usize::from(label)] += 1);
        assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
        assert_eq!((images.len(), images.pixels.cols()), (1797, 64));
        let range = -1.25..=2.75;
        assert!(images.pixels.elements().iter().all(|p| range.contains(p)));
        assert!(
            images.pixels.elements().iter().all(|p| p.to_bits() & 0xffff == 0),
            "exact in bf16"
        );
    }

    #[test]
    fn the_split_takes_every_image_once() {
        let digits = Digits::load();
        assert_eq!((digits.training.len(), digits.test.len()), (1437, 360));
        let row = |images: &Images, r: usize| -> Vec<u32> {
            images.pixels.row(r).iter().map(|p| p.to_bits()).collect()
        };
        let both = [&digits.training, &digits.test];
        let mut split: Vec<_> =
            both.iter().flat_map(|i| (0..i.len()).map(|r| (row(i, r), i.labels[r]))).collect();
        let all = Images::parse(FILE);
        let mut whole: Vec<_> = (0..all.len()).map(|r| (row(&all, r), all.labels[r])).collect();
        split.sort();
        whole.sort();
        assert_eq!(split, whole);
        for digit in 0..10 {
            let count = digits.test.labels.iter().filter(|&&label| label == digit).count();
            assert!((35..=37).contains(&count), "{count} test images of {digit}");
        }
    }

    #[test]
    fn an_epoch_shows_no_image_twice() {
        let digits = Digits::load();
        let numbered = Images {
            pixels: Matrix::from_fn(digits.training.len(), PIXELS, |r, _| r as f32),
            labels: digits.training.labels.clone(),
        };
        let mut batches = Batches::new(&numbered, 32, Random::new(1));
        let mut epoch = || -> Vec<u32> {
            (0..44)
                .flat_map(|_| batches.next_batch().pixels.transposed().row(0).to_vec())
                .map(|place| place as u32)
                .collect()
        };
        let (mut first, mut second) = (epoch(), epoch());
        assert_ne!(first, second);
        for epoch in [&mut first, &mut second] {
            epoch.sort_unstable();
            epoch.dedup();
            assert_eq!(epoch.len(), 44 * 32);
        }
    }
}
