//! The adapter of [`xml_actions`](keywright_guest_vendors::xml_actions).

keywright_guest_vendors::export!(keywright_guest_vendors::xml_actions::XmlActions);
