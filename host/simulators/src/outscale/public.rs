//! The calls that need no authentication and so prove nothing of a key: they answer 200 to anybody, whatever is signed
//! (`security: []` in the API description; measured with made-up keys on the live API).

use axum::response::Response;
use serde_json::json;

use super::{account::REGION, errors::granted};

/// The calls, and the field of each that lists something.
pub(super) const CALLS: [(&str, &str); 8] = [
    ("ReadFlexibleGpuCatalog", "FlexibleGpuCatalog"),
    ("ReadLocations", "Locations"),
    ("ReadNetAccessPointServices", "Services"),
    ("ReadProductTypes", "ProductTypes"),
    ("ReadPublicCatalog", "Catalog"),
    ("ReadPublicIpRanges", "PublicIps"),
    ("ReadRegions", "Regions"),
    ("ReadVmTypes", "VmTypes"),
];

/// What such a call answers; of most, only that there is nothing.
pub(super) fn answer(field: &'static str) -> Response {
    granted(match field {
        "Regions" => json!({"Regions": [{"Endpoint": format!("api.{REGION}.outscale.com"), "RegionName": REGION}]}),
        "Catalog" => json!({"Catalog": {"Entries": []}}),
        field => json!({field: []}),
    })
}
