//! Makes a small picture of whatever was uploaded, or refuses it. How large it would become is known before it is decoded.

use crate::error::{FieldErrors, Result};
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage, codecs::jpeg::JpegEncoder,
    imageops::FilterType,
};
use std::io::Cursor;

/// Neither side of what is stored is longer.
const SIDE: u32 = 512;
const QUALITY: u8 = 85;
/// What a camera makes; more is a flood.
const MOST_PIXELS: u64 = 24_000_000;
const LONGEST_SIDE: u32 = 12_000;
const SHORTEST_SIDE: u32 = 64;
/// What decoding may take.
const MOST_MEMORY: u64 = 160 * 1024 * 1024;

/// A JPEG that was encoded here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub jpeg: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// A picture that is stored; another one has another version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headshot {
    pub version: i64,
    pub jpeg: Vec<u8>,
}

fn refused(code: &'static str, message: impl Into<String>) -> crate::error::Error {
    FieldErrors::of("image", code, message).into()
}

fn unreadable(error: &image::ImageError) -> crate::error::Error {
    if matches!(error, image::ImageError::Limits(_)) {
        return too_large();
    }
    refused("unreadable", "cannot be read: it must be a whole JPEG, PNG or WebP picture")
}

/// # Errors
/// A field error for what is no such picture, or too large or small.
pub fn small(upload: &[u8]) -> Result<Picture> {
    let mut reader = ImageReader::new(Cursor::new(upload));
    // The bytes say what it is, whatever anybody calls it.
    let format = image::guess_format(upload).map_err(|error| unreadable(&error))?;
    if !matches!(format, ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP) {
        return Err(refused("format", "must be a JPEG, PNG or WebP picture"));
    }
    reader.set_format(format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| unreadable(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return Err(too_large());
    }
    if width.min(height) < SHORTEST_SIDE {
        return Err(refused("too_small", format!("must be at least {SHORTEST_SIDE} by {SHORTEST_SIDE} pixels")));
    }
    let orientation = decoder.orientation().map_err(|error| unreadable(&error))?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| unreadable(&error))?;
    // First roughly, then well: a large picture takes long otherwise.
    if width.max(height) > 2 * SIDE {
        picture = picture.thumbnail(2 * SIDE, 2 * SIDE);
    }
    if width.max(height) > SIDE {
        picture = picture.resize(SIDE, SIDE, FilterType::CatmullRom);
    }
    picture.apply_orientation(orientation);
    encoded(&on_white(&picture))
}

fn too_large() -> crate::error::Error {
    refused("too_large", "has too many pixels: at most 24 million, and 12,000 a side")
}

/// JPEG knows no transparency.
fn on_white(picture: &DynamicImage) -> RgbImage {
    let picture = picture.to_rgba8();
    let mut flat = RgbImage::new(picture.width(), picture.height());
    for (to, from) in flat.pixels_mut().zip(picture.pixels()) {
        let [red, green, blue, alpha] = from.0;
        let blend = |color: u8| {
            let mixed = (u32::from(color) * u32::from(alpha) + 255 * (255 - u32::from(alpha))) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        *to = Rgb([red, green, blue].map(blend));
    }
    flat
}

fn encoded(picture: &RgbImage) -> Result<Picture> {
    let mut jpeg = vec![];
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(picture).map_err(crate::error::Error::internal)?;
    Ok(Picture { jpeg, width: picture.width(), height: picture.height() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = vec![];
        let picture =
            DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(width, height, image::Rgba([200, 0, 0, 128])));
        picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        bytes
    }

    fn code(upload: &[u8]) -> String {
        small(upload).unwrap_err().fields()[0].code.to_string()
    }

    #[test]
    fn large_pictures_become_small_and_small_ones_stay() {
        let large = small(&png(2048, 1024)).unwrap();
        assert_eq!((large.width, large.height), (512, 256));
        let little = small(&png(64, 100)).unwrap();
        assert_eq!((little.width, little.height), (64, 100));
        let back = image::load_from_memory(&little.jpeg).unwrap().to_rgb8();
        let Rgb([red, green, _]) = *back.get_pixel(30, 30);
        assert!(red > 220 && (110..145).contains(&green), "half transparent on white: {red} {green}");
    }

    #[test]
    fn what_is_no_picture_or_too_much_of_one_is_refused() {
        assert_eq!(code(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "unreadable");
        assert_eq!(code(b"GIF89a\x01\x00\x01\x00"), "format");
        assert_eq!(code(b""), "unreadable");
        let whole = png(300, 300);
        assert_eq!(code(&whole[..whole.len() / 2]), "unreadable");
        assert_eq!(code(&png(63, 300)), "too_small");
        assert_eq!(code(&bomb(30_000, 30_000)), "too_large");
        assert_eq!(code(&bomb(12_000, 12_000)), "too_large");
        assert_eq!(code(&bomb(u32::MAX >> 1, 64)), "too_large");
    }

    /// A PNG whose head promises so many pixels.
    fn bomb(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = png(64, 64);
        bytes[16..20].copy_from_slice(&width.to_be_bytes());
        bytes[20..24].copy_from_slice(&height.to_be_bytes());
        let sum = checksum(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&sum.to_be_bytes());
        bytes
    }

    fn checksum(bytes: &[u8]) -> u32 {
        let step = |sum: u32, _| if sum & 1 == 1 { 0xEDB8_8320 ^ (sum >> 1) } else { sum >> 1 };
        !bytes.iter().fold(!0, |sum: u32, byte| (0..8).fold(sum ^ u32::from(*byte), step))
    }
}
