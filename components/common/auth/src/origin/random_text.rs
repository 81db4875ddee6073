//! Random text, such as a password that a vendor's users choose.

use rand::CryptoRng;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

/// How a random text is made: each text that has the length, is made of the alphabet and has a character of each required
/// set is as likely as any other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RandomText {
    length: usize,
    alphabet: Vec<u8>,
    required: Vec<Vec<u8>>,
    /// The share of those among all texts of the length that have a character of each required set; not more than 1.
    share: Share,
}

/// A probability, which is a number and never `NaN`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Share(f64);

impl Eq for Share {}

impl RandomText {
    /// The fewest bits that a text may be worth. **Choice**: what can be guessed offline with 2^64 attempts is out of reach
    /// for a vendor's login, and vendors that limit passwords to 12 characters can still be served.
    pub const FEWEST_BITS: f64 = 64.0;
    /// The bits from which on a text is as good as a key (NIST SP 800-57 part 1, section 5.6).
    pub const STRONG_BITS: f64 = 128.0;

    /// A text of `length` characters of `alphabet`, with at least one of each set in `required`.
    ///
    /// # Errors
    ///
    /// When the alphabet is not distinct printable ASCII characters, when a set is empty or has other characters, when
    /// hardly any text has all that is required, or when the text would be worth less than [64 bits](Self::FEWEST_BITS).
    pub fn new(length: usize, alphabet: &str, required: &[&str]) -> Result<Self, RandomTextError> {
        const LONGEST: usize = 1024;
        /// Each more doubles the work of counting.
        const MOST_SETS: usize = 8;
        if !(1..=LONGEST).contains(&length) {
            return Err(RandomTextError::Length);
        }
        if alphabet.is_empty() || !is_set(alphabet) {
            return Err(RandomTextError::Alphabet);
        }
        let within = |set: &&str| !set.is_empty() && is_set(set) && set.chars().all(|c| alphabet.contains(c));
        if required.len() > MOST_SETS || !required.iter().all(within) {
            return Err(RandomTextError::Required);
        }
        let mut policy = Self {
            length,
            alphabet: alphabet.as_bytes().to_vec(),
            required: required.iter().map(|set| set.as_bytes().to_vec()).collect(),
            share: Share(1.0),
        };
        policy.share = Share(policy.share_of_all());
        // Texts without all that is required are thrown away: see `generate`.
        if policy.share.0 < 1.0 / 64.0 {
            return Err(RandomTextError::Unlikely);
        }
        if policy.entropy_bits() < Self::FEWEST_BITS {
            return Err(RandomTextError::Weak { bits: policy.entropy_bits() as u32 });
        }
        Ok(policy)
    }

    /// How many bits a text is worth: the binary logarithm of the number of possible texts.
    pub fn entropy_bits(&self) -> f64 {
        self.length as f64 * (self.alphabet.len() as f64).log2() + self.share.0.log2()
    }

    /// Whether a text is worth less than [128 bits](Self::STRONG_BITS), which is worth a warning.
    pub fn is_weak(&self) -> bool {
        self.entropy_bits() < Self::STRONG_BITS
    }

    /// A new text.
    pub fn generate(&self, random: &mut impl CryptoRng) -> SecretString {
        // To throw away a whole text, rather than to put in what is missing, is what makes all as likely. It takes 64
        // attempts at worst on average.
        loop {
            let mut text = Zeroizing::new(String::with_capacity(self.length));
            for _ in 0..self.length {
                text.push(char::from(self.character(random)));
            }
            if self.required.iter().all(|set| text.bytes().any(|byte| set.contains(&byte))) {
                return SecretString::from(text.as_str());
            }
        }
    }

    /// One character of the alphabet, each as likely.
    fn character(&self, random: &mut impl CryptoRng) -> u8 {
        let count = self.alphabet.len();
        // The bytes below the highest multiple of the count: a remainder of those has no bias.
        let end = 256 - 256 % count;
        loop {
            let [byte, ..] = random.next_u32().to_le_bytes();
            if usize::from(byte) < end
                && let Some(character) = self.alphabet.get(usize::from(byte) % count)
            {
                return *character;
            }
        }
    }

    /// The share of texts that have all that is required, by inclusion and exclusion: those that miss none of the sets.
    fn share_of_all(&self) -> f64 {
        let subsets = 0..1_u32 << self.required.len();
        subsets
            .map(|subset| {
                let missed = |(at, _): &(usize, &Vec<u8>)| subset >> at & 1 == 1;
                let sets: Vec<&Vec<u8>> = self.required.iter().enumerate().filter(missed).map(|(_, set)| set).collect();
                let left = self.alphabet.iter().filter(|byte| !sets.iter().any(|set| set.contains(byte))).count();
                let share = (left as f64 / self.alphabet.len() as f64).powi(self.length as i32);
                if subset.count_ones().is_multiple_of(2) { share } else { -share }
            })
            .sum::<f64>()
            .clamp(0.0, 1.0)
    }
}

/// Whether a text is made of printable ASCII characters other than the space, each once.
fn is_set(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(at, byte)| byte.is_ascii_graphic() && !bytes[..at].contains(byte))
}

/// Why a random text cannot be made so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RandomTextError {
    /// The length is out of range.
    #[error("the length of the random text is out of range: use 1 to 1024 characters")]
    Length,
    /// The alphabet is not a set of printable ASCII characters.
    #[error(
        "the alphabet of the random text is not valid: use printable ASCII characters without the space, each once"
    )]
    Alphabet,
    /// A required set is not a set of characters of the alphabet.
    #[error(
        "a required set of the random text is not valid: use characters of the alphabet, each once, in 8 sets at most"
    )]
    Required,
    /// Hardly any text has a character of each required set.
    #[error("hardly any text of this length has a character of each required set: make it longer, or require less")]
    Unlikely,
    /// The text could be guessed.
    #[error("the random text is worth {bits} bits only: make it longer, or its alphabet larger, for 64 bits at least")]
    Weak {
        /// What it is worth, rounded down.
        bits: u32,
    },
}
