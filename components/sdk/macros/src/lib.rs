//! The export macro of the Keywright SDK. Authors use it as `#[keywright_sdk::adapter]`.

use proc_macro::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Error, ImplItem, ItemImpl, parse_macro_input};

/// Exports an adapter from its component, and records which operations its `impl` block implements.
#[proc_macro_attribute]
pub fn adapter(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as ItemImpl);
    if !arguments.is_empty() {
        return Error::new(item.span(), "`#[adapter]` takes no arguments").to_compile_error().into();
    }
    expand(item).unwrap_or_else(Error::into_compile_error).into()
}

fn expand(item: ItemImpl) -> syn::Result<proc_macro2::TokenStream> {
    if item.trait_.is_none() {
        return Err(Error::new(item.span(), "put `#[adapter]` on `impl Adapter for …`"));
    }
    let adapter = &item.self_ty;
    let operations = item.items.iter().filter_map(|member| match member {
        ImplItem::Fn(function) => operation(&function.sig.ident.to_string()),
        _ => None,
    });
    Ok(quote! {
        #item

        impl ::keywright_sdk::Supports for #adapter {
            const OPERATIONS: &'static [::keywright_sdk::Operation] = &[#(#operations),*];
        }

        #[cfg(target_family = "wasm")]
        #[allow(missing_docs, non_camel_case_types, unreachable_pub, unsafe_code)]
        const _: () = {
            // Items have no hygiene: a name that no author's type has.
            type __KeywrightExported = #adapter;
            ::keywright_sdk::private::export_adapter!(__KeywrightExported with_types_in ::keywright_sdk::private::exported);
        };

        // Elsewhere nothing is exported: linkers of other machines refuse the names. What the adapter is made of does
        // not count as unused there.
        #[cfg(not(target_family = "wasm"))]
        const _: fn() -> ::keywright_sdk::Descriptor = <#adapter as ::keywright_sdk::Adapter>::describe;
    })
}

/// The operation that a function of the trait is; `describe` is none, for it reaches no vendor.
fn operation(function: &str) -> Option<proc_macro2::TokenStream> {
    Some(match function {
        "check" => quote!(::keywright_sdk::Operation::Check),
        "create" => quote!(::keywright_sdk::Operation::Create),
        "get" => quote!(::keywright_sdk::Operation::Get),
        "list" => quote!(::keywright_sdk::Operation::List),
        "update" => quote!(::keywright_sdk::Operation::Update),
        "set_enabled" => quote!(::keywright_sdk::Operation::SetEnabled),
        "regenerate" => quote!(::keywright_sdk::Operation::Regenerate),
        "verify" => quote!(::keywright_sdk::Operation::Verify),
        "revoke" => quote!(::keywright_sdk::Operation::Revoke),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use syn::{File, Item, parse_quote};

    use super::*;

    /// A type that is defined by its own name does not compile: no author's type may have the name that the macro defines.
    #[test]
    fn the_name_that_an_adapter_is_exported_by_is_not_one_that_an_author_would_choose() {
        for name in ["Exported", "Adapter", "Component", "Export"] {
            let adapter = syn::Ident::new(name, proc_macro2::Span::call_site());
            let expanded = expand(parse_quote! { impl Adapter for #adapter {} }).expect("it expands");
            let file: File = syn::parse2(expanded).expect("items");
            let blocks = file.items.iter().filter_map(|item| match item {
                Item::Const(item) => match &*item.expr {
                    syn::Expr::Block(block) => Some(&block.block.stmts),
                    _ => None,
                },
                _ => None,
            });
            let aliases: Vec<String> = blocks
                .flatten()
                .filter_map(|statement| match statement {
                    syn::Stmt::Item(Item::Type(alias)) => Some(alias.ident.to_string()),
                    _ => None,
                })
                .collect();
            assert_eq!(aliases.len(), 1, "{name}");
            assert!(!aliases.contains(&name.to_owned()), "{name}");
        }
    }
}
