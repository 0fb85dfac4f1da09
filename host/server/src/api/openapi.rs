//! The document of the whole surface, made from the handlers themselves (OpenAPI 3.1).

use crate::api::problem::Problem;
use crate::api::router::documented;
use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, Parameter, PathItem, Paths};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi as Document, Ref, RefOr, ResponseBuilder};

/// Where enablements of a group are.
const GROUP_SCOPE: &str = "/v1/brands/{brand}/groups/{group}/plugins/{plugin}";

/// Name, path, and what stands in the place of `group`.
const WIDER_SCOPES: [(&str, &str, Option<&str>); 2] = [
    ("brand", "/v1/brands/{brand}/plugins/{plugin}", None),
    ("kind", "/v1/brands/{brand}/kinds/{kind}/plugins/{plugin}", Some("kind")),
];

/// What stands before what is a group's.
const IN_GROUP: &str = "/v1/brands/{brand}/groups/{group}";

/// What there is for a brand as a whole too.
const WHOLE_BRAND: [&str; 3] = ["/scores", "/candidates", "/schedules"];

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Usher",
        description = "Sandboxed plugins decide about communities. Errors are RFC 9457 problems; `/problems/{code}` \
            says what each means.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(Problem))
)]
struct Described;

/// The document, with the security scheme and the problems that every operation may answer with.
pub fn openapi() -> Document {
    let mut document = documented().to_openapi();
    document.merge(Described::openapi());
    document.info = Described::openapi().info;
    if let Some(components) = &mut document.components {
        components.add_security_scheme("key", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
    add_wider_scopes(&mut document.paths);
    add_whole_brand(&mut document.paths);
    for (path, item) in &mut document.paths.paths {
        for operation in operations(item) {
            add_problems(path, operation);
        }
    }
    document
}

/// Enablements are described at a group; the same handlers serve the two wider scopes.
fn add_wider_scopes(paths: &mut Paths) {
    let at_group: Vec<(String, PathItem)> = paths
        .paths
        .iter()
        .filter_map(|(path, item)| Some((path.strip_prefix(GROUP_SCOPE)?.to_owned(), item.clone())))
        .collect();
    for (rest, item) in at_group {
        for (scope, prefix, in_its_place) in WIDER_SCOPES {
            let mut item = item.clone();
            for operation in operations(&mut item) {
                operation.operation_id = operation.operation_id.take().map(|id| format!("{id}_at_{scope}"));
                let parameters = operation.parameters.iter_mut();
                parameters.for_each(|parameters| parameters.retain_mut(|p| rename_group(p, in_its_place)));
            }
            paths.paths.insert(format!("{prefix}{rest}"), item);
        }
    }
}

/// What is described at a group and is there for a brand as a whole too.
fn add_whole_brand(paths: &mut Paths) {
    let of_both = |rest: &&str| WHOLE_BRAND.iter().any(|what| rest.starts_with(what));
    let rest = |path: &str| path.strip_prefix(IN_GROUP).filter(of_both).map(str::to_owned);
    let at_group: Vec<(String, PathItem)> =
        paths.paths.iter().filter_map(|(path, item)| Some((rest(path)?, item.clone()))).collect();
    for (rest, mut item) in at_group {
        for operation in operations(&mut item) {
            operation.operation_id = operation.operation_id.take().map(|id| format!("{id}_of_brand"));
            operation.parameters.iter_mut().for_each(|parameters| parameters.retain_mut(|p| rename_group(p, None)));
        }
        paths.paths.insert(format!("/v1/brands/{{brand}}{rest}"), item);
    }
}

/// Names the parameter `group` otherwise, or says that it goes.
fn rename_group(parameter: &mut RefOr<Parameter>, in_its_place: Option<&str>) -> bool {
    match (parameter, in_its_place) {
        (RefOr::T(parameter), Some(name)) if parameter.name == "group" => {
            name.clone_into(&mut parameter.name);
            true
        }
        (RefOr::T(parameter), None) => parameter.name != "group",
        _ => true,
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete].into_iter().flatten()
}

fn add_problems(path: &str, operation: &mut Operation) {
    let mut statuses = vec![("500", "The host failed"), ("503", "The host has too much to do")];
    if path.starts_with("/v1/") {
        operation.security = Some(vec![SecurityRequirement::new("key", Vec::<String>::new())]);
        statuses.extend([("401", "No valid key"), ("403", "The key may not do this"), ("400", "It can't be read")]);
    }
    if path.contains('{') {
        statuses.push(("404", "There is no such thing"));
    }
    if operation.request_body.is_some() {
        statuses.extend([
            ("409", "It stands against what is there"),
            ("413", "The body is too large"),
            ("415", "The body is of another type"),
            ("422", "The content is not valid"),
        ]);
    }
    for (status, description) in statuses {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response =
            ResponseBuilder::new().description(description).content("application/problem+json", content).build();
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| response.into());
    }
}
