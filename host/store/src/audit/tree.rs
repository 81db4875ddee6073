//! The Merkle tree over the audit events, as in RFC 6962, section 2.1.

use sha2::{Digest as _, Sha256};

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// The hash of an event: SHA-256 of a zero byte and its text.
pub fn leaf_hash(event: &str) -> Hash {
    Sha256::new().chain_update([0]).chain_update(event).finalize().into()
}

fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// A tree that grows on its right edge. Only the edge is kept: the hash of one full subtree for each bit of its size.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditTree {
    size: u64,
    /// The greatest subtree first.
    edge: Vec<Hash>,
}

/// How far the audit log goes, and what it adds up to: two logs with one head are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// The number of events.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

impl AuditTree {
    /// A tree from its size and its edge; none when they do not fit.
    pub(crate) fn from_edge(size: u64, edge: &[u8]) -> Option<Self> {
        let (hashes, rest) = edge.as_chunks::<32>();
        let fits = rest.is_empty() && hashes.len() == size.count_ones() as usize;
        fits.then(|| Self { size, edge: hashes.to_vec() })
    }

    /// Its edge, one hash after the other.
    pub(crate) fn edge(&self) -> Vec<u8> {
        self.edge.concat()
    }

    /// The number of events.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds an event by its hash.
    pub fn append(&mut self, leaf: Hash) {
        let mut right = leaf;
        // Each full subtree that ends here makes a greater one with what is to its right.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.edge.pop() {
                right = node_hash(&left, &right);
            }
        }
        self.edge.push(right);
        self.size += 1;
    }

    /// Its size and root.
    pub fn head(&self) -> AuditHead {
        let mut subtrees = self.edge.iter().rev();
        let root = match subtrees.next() {
            None => Sha256::digest([]).into(),
            Some(last) => subtrees.fold(*last, |right, left| node_hash(left, &right)),
        };
        AuditHead { size: self.size, root }
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    /// The definition, as RFC 6962 has it.
    fn root(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
                node_hash(&root(left), &root(right))
            }
        }
    }

    #[test]
    fn the_edge_adds_up_to_the_root_that_rfc_6962_defines() {
        let (mut tree, mut leaves) = (AuditTree::default(), Vec::new());
        for number in 0..200_u32 {
            assert_eq!(tree.head(), AuditHead { size: u64::from(number), root: root(&leaves) });
            assert_eq!(AuditTree::from_edge(tree.size(), &tree.edge()), Some(tree.clone()));
            leaves.push(leaf_hash(&number.to_string()));
            tree.append(*leaves.last().unwrap());
        }
    }

    #[test]
    fn roots_are_those_of_certificate_transparency() {
        let roots: Vec<_> = ["", "\0", "\x10", " !"]
            .iter()
            .scan(AuditTree::default(), |tree, text| {
                tree.append(leaf_hash(text));
                Some(HEXLOWER.encode(&tree.head().root))
            })
            .collect();
        assert_eq!(
            roots,
            [
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
    }

    #[test]
    fn an_edge_that_does_not_fit_its_size_is_refused() {
        assert_eq!(AuditTree::from_edge(3, &[0; 32]), None);
        assert_eq!(AuditTree::from_edge(1, &[0; 33]), None);
    }
}
