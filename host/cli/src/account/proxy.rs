//! The proxy that an account's vendor is reached through.

use keywright_runtime::Proxy;

use super::{AccountArgs, Chosen, Environment};
use crate::error::Error;

impl AccountArgs {
    /// The proxy of the command line, or of the configuration, or of the environment.
    pub(super) fn proxy(
        &self,
        chosen: Option<&Chosen<'_>>,
        environment: Environment<'_>,
    ) -> Result<Option<Proxy>, Error> {
        let of_account = || {
            let Chosen { config, account } = chosen?;
            let located = account.proxy.as_ref()?;
            Some((located.value.clone(), format!("{}: the proxy", config.at(located))))
        };
        let of_environment = || {
            let (variable, url) = first(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"], environment)?;
            Some((url, format!("the proxy of {variable}")))
        };
        let is_of_environment = self.proxy.is_none() && of_account().is_none();
        let given = self.proxy.clone().map(|url| (url, "the proxy of --proxy".to_owned()));
        let Some((url, source)) = given.or_else(of_account).or_else(of_environment) else { return Ok(None) };
        if url.trim().is_empty() || url.eq_ignore_ascii_case("none") {
            return Ok(None);
        }
        let proxy: Proxy =
            url.trim().parse().map_err(|error| Error::config(format!("{source} cannot be used: {error}")))?;
        let exceptions = first(&["NO_PROXY", "no_proxy"], environment).map(|(_, value)| value).unwrap_or_default();
        let proxy = proxy.except(&exceptions);
        // A variable is for all programs and all hosts: this machine's own are not what it means.
        Ok(Some(if is_of_environment { proxy.except_loopback() } else { proxy }))
    }
}

/// The first of the variables that is set, also to nothing, which is how one is switched off.
fn first<'v>(variables: &[&'v str], environment: Environment<'_>) -> Option<(&'v str, String)> {
    let value = |variable: &&'v str| Some((*variable, environment(variable)?.to_string_lossy().into_owned()));
    variables.iter().find_map(value)
}
