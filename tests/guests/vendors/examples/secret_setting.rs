//! The adapter of [`secret_setting`](keywright_guest_vendors::secret_setting).

keywright_guest_vendors::export!(keywright_guest_vendors::secret_setting::SecretSetting);
