//! Texts, lists and options as the canonical ABI of the component model lays them out in memory. Records are `repr(C)`, and
//! variants `repr(C, u8)`, which is the same there: a test holds each against `wit/`.
#![allow(unsafe_code)]

use std::any::Any;
use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

/// Where the elements of a list, or the bytes of a text, lie.
#[repr(C)]
pub(crate) struct Slice<T> {
    data: *const T,
    length: usize,
}

/// An option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, u8)]
pub(crate) enum Maybe<T> {
    /// `none`
    None,
    /// `some`
    Some(T),
}

impl<T> Maybe<T> {
    pub(crate) fn as_option(&self) -> Option<&T> {
        match self {
            Self::None => None,
            Self::Some(value) => Some(value),
        }
    }

    pub(crate) fn into_option(self) -> Option<T> {
        match self {
            Self::None => None,
            Self::Some(value) => Some(value),
        }
    }
}

impl<T> From<Option<T>> for Maybe<T> {
    fn from(option: Option<T>) -> Self {
        match option {
            None => Self::None,
            Some(value) => Self::Some(value),
        }
    }
}

// ------------------------------------------------------------------------------------------------------- descriptors

/// A text of a descriptor.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Text {
    data: *const u8,
    length: usize,
}

impl Text {
    pub(crate) const fn new(text: &'static str) -> Self {
        Self { data: text.as_ptr(), length: text.len() }
    }

    pub(crate) fn as_str(&self) -> &'static str {
        // SAFETY: `new` is the only way to make one, so these are the bytes of a `str` that lives for ever.
        unsafe { std::str::from_utf8_unchecked(std::slice::from_raw_parts(self.data, self.length)) }
    }
}

impl From<Text> for Cow<'static, str> {
    fn from(text: Text) -> Self {
        Self::Borrowed(text.as_str())
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

/// A list of a descriptor. It is never freed: a component builds its descriptor once, and keeps it.
#[repr(C)]
pub(crate) struct List<T: 'static> {
    data: *mut T,
    length: usize,
}

impl<T> List<T> {
    pub(crate) const fn new() -> Self {
        Self { data: std::ptr::dangling_mut(), length: 0 }
    }

    pub(crate) fn as_slice(&self) -> &[T] {
        // SAFETY: `data` and `length` are those of a boxed slice that this list owns, or of none.
        unsafe { std::slice::from_raw_parts(self.data, self.length) }
    }

    pub(crate) fn as_mut_slice(&mut self) -> &mut [T] {
        // SAFETY: as above, and borrowed alone.
        unsafe { std::slice::from_raw_parts_mut(self.data, self.length) }
    }

    pub(crate) fn push(&mut self, element: T) {
        let list = std::mem::replace(self, Self::new());
        *self = list.into_iter().chain([element]).collect();
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        let elements = Box::leak(elements.into_iter().collect::<Vec<T>>().into_boxed_slice());
        Self { data: elements.as_mut_ptr(), length: elements.len() }
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        // SAFETY: `data` and `length` are those of a boxed slice that this list owned, or of none.
        let boxed = unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(self.data, self.length)) };
        boxed.into_vec().into_iter()
    }
}

impl<T: Clone> Clone for List<T> {
    fn clone(&self) -> Self {
        self.as_slice().iter().cloned().collect()
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_slice(), formatter)
    }
}

// --------------------------------------------------------------------------------------------------------- arguments

/// What the host gives: memory that it took from this component's allocator, and that is the component's to free.
pub(crate) trait Given {
    type Taken;

    /// Takes it.
    ///
    /// # Safety
    ///
    /// It is what a host gave, and is taken once.
    unsafe fn take(self) -> Self::Taken;
}

impl<T> Slice<T> {
    pub(crate) fn from_raw(data: *const u8, length: usize) -> Self {
        Self { data: data.cast(), length }
    }

    /// The elements of a list.
    ///
    /// # Safety
    ///
    /// As [`Given::take`].
    pub(crate) unsafe fn take_list(self) -> Vec<T> {
        // SAFETY: the host allocated exactly this many elements.
        unsafe { Vec::from_raw_parts(self.data.cast_mut(), self.length, self.length) }
    }
}

impl Given for Slice<u8> {
    type Taken = String;

    // Not inlined: components take dozens of texts, and carry this code once.
    #[inline(never)]
    unsafe fn take(self) -> String {
        // SAFETY: the host allocated exactly this many bytes, and they are UTF-8: it checks or transcodes each text.
        unsafe { String::from_utf8_unchecked(self.take_list()) }
    }
}

impl<T: Given> Given for Maybe<T> {
    type Taken = Option<T::Taken>;

    unsafe fn take(self) -> Self::Taken {
        // SAFETY: as of the whole.
        self.into_option().map(|given| unsafe { given.take() })
    }
}

// ----------------------------------------------------------------------------------------------------------- answers

/// What the last answer is made of, kept until the next call: the host has read it by then.
#[derive(Default)]
struct Lent {
    texts: Vec<String>,
    rest: Vec<Box<dyn Any>>,
}

thread_local! {
    static LENT: Cell<Option<Lent>> = const { Cell::new(None) };
}

/// Lends an answer to the host: where it lies.
pub(crate) fn lend<W: 'static>(answer: W) -> *const u8 {
    let answer = Box::new(answer);
    let place = std::ptr::from_ref(&*answer).cast();
    keep(|lent| lent.rest.push(answer));
    place
}

/// Frees what the answer before was made of.
pub(crate) fn reclaim() {
    LENT.set(None);
}

fn keep(with: impl FnOnce(&mut Lent)) {
    let mut lent = LENT.take().unwrap_or_default();
    with(&mut lent);
    LENT.set(Some(lent));
}

/// A text of an answer.
#[inline(never)]
pub(crate) fn lend_text(text: String) -> Slice<u8> {
    let slice = Slice { data: text.as_ptr(), length: text.len() };
    keep(|lent| lent.texts.push(text));
    slice
}

/// A text of an answer that may be missing.
#[inline(never)]
pub(crate) fn lend_maybe(text: Option<String>) -> Maybe<Slice<u8>> {
    text.map(lend_text).into()
}

/// A list of an answer.
pub(crate) fn lend_list<W: 'static>(elements: impl Iterator<Item = W>) -> Slice<W> {
    let elements: Vec<W> = elements.collect();
    let slice = Slice { data: elements.as_ptr(), length: elements.len() };
    keep(|lent| lent.rest.push(Box::new(elements)));
    slice
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_grows_and_keeps_its_elements() {
        let mut list = List::new();
        assert!(list.as_slice().is_empty());
        for number in 0..5 {
            list.push(Box::new(number));
        }
        let copy = list.clone();
        **list.as_mut_slice().first_mut().unwrap() = 7;
        assert_eq!(format!("{list:?} {copy:?}"), "[7, 1, 2, 3, 4] [0, 1, 2, 3, 4]");
    }

    #[test]
    fn a_text_is_what_it_was_made_of() {
        assert_eq!(Text::new("é").as_str(), "é");
        assert_eq!(format!("{:?}", Text::new("")), "\"\"");
    }

    #[test]
    fn what_the_host_gives_is_taken_whole() {
        let given = "é".to_owned().into_boxed_str();
        let length = given.len();
        let data = Box::into_raw(given.into_boxed_bytes()).cast::<u8>();
        // SAFETY: these are the bytes of a text of exactly this length.
        let taken = unsafe { Maybe::Some(Slice::<u8>::from_raw(data, length)).take() };
        assert_eq!(taken.as_deref(), Some("é"));
    }

    #[test]
    fn an_answer_stays_where_it_is_until_it_is_reclaimed() {
        let text = lend_text("answer".to_owned());
        let place = lend(text);
        lend_list([1_u32].into_iter());
        // SAFETY: `place` is where the slice lies, and neither it nor its text has been reclaimed.
        let read = unsafe {
            let text = &*place.cast::<Slice<u8>>();
            std::slice::from_raw_parts(text.data, text.length)
        };
        assert_eq!(read, b"answer");
        reclaim();
    }
}
