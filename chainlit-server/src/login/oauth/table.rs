//! The providers that Chainlit has, by its environment variables and in its order.

use openidconnect::url::Url;

use super::provider::{Flow, Image, More, OpenId, Provider, UserShape};
use crate::config::Env;

const OPEN_ID: &str = "openid profile email";

/// A variable that is wrong, with what it should be.
pub(super) type Wrong = String;

/// Reads the variables of one provider; they begin alike.
struct Variables<'a> {
    env: &'a Env,
    prefix: &'static str,
}

impl<'a> Variables<'a> {
    /// The variables that begin so, if all of those are there that are needed.
    fn new(env: &'a Env, prefix: &'static str, needed: &[&str]) -> Option<Self> {
        let variables = Self { env, prefix };
        let mut all = ["CLIENT_ID", "CLIENT_SECRET"].iter().chain(needed);
        all.all(|name| variables.get(name).is_some()).then_some(variables)
    }

    fn get(&self, name: &str) -> Option<&'a str> {
        self.env.get(&format!("{}_{name}", self.prefix))
    }

    fn or(&self, name: &str, usual: &str) -> String {
        self.get(name).unwrap_or(usual).to_owned()
    }

    /// A whole address.
    fn url(&self, name: &str, usual: &str) -> Result<Url, Wrong> {
        let text = self.or(name, usual);
        address(&text).ok_or_else(|| self.wrong(name, &text))
    }

    /// A host, with HTTPS unless it says otherwise.
    fn domain(&self, name: &str) -> Result<String, Wrong> {
        let text = self.get(name).unwrap_or_default().trim_end_matches('/');
        let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        address(&whole).map(|_| whole).ok_or_else(|| self.wrong(name, text))
    }

    /// The address below another one.
    fn below(&self, base: &str, path: &str) -> Result<Url, Wrong> {
        let text = format!("{base}{path}");
        address(&text).ok_or_else(|| format!("{}_*: {text:?} is no address", self.prefix))
    }

    fn wrong(&self, name: &str, text: &str) -> Wrong {
        format!("{}_{name} is {text:?}; use an address such as https://id.example", self.prefix)
    }

    /// A provider that lacks nothing but what is special.
    fn provider(
        &self,
        id: impl Into<String>,
        scope: impl Into<String>,
        [authorize_url, token_url, user_url]: [Url; 3],
    ) -> Provider {
        let id = id.into();
        let variable = id.replace('-', "_").to_uppercase();
        let special = |name: &str| self.env.get(&format!("OAUTH_{variable}_{name}"));
        let prompt = special("PROMPT").or_else(|| self.env.get("OAUTH_PROMPT"));
        Provider {
            client_id: self.or("CLIENT_ID", ""),
            client_secret: self.or("CLIENT_SECRET", ""),
            authorize_url,
            token_url,
            user_url,
            scope: scope.into(),
            params: prompt.map(|prompt| ("prompt", prompt.to_owned())).into_iter().collect(),
            flow: Flow::Code,
            has_pkce: special("PKCE") != Some("false"),
            scheme: "Bearer",
            more: More::Nothing,
            open_id: OpenId::None,
            user: UserShape {
                identifier: "email".to_owned(),
                image: Image::Empty,
                provider: id.clone(),
                has_refresh_token: false,
            },
            id,
        }
    }
}

/// All providers that are configured.
pub(super) fn configured(env: &Env) -> Result<Vec<Provider>, Wrong> {
    let all = [
        github(env),
        google(env),
        azure_ad(env, "azure-ad", "OAUTH_AZURE_AD"),
        azure_ad(env, "azure-ad-hybrid", "OAUTH_AZURE_AD_HYBRID"),
        okta(env),
        auth0(env),
        descope(env),
        cognito(env),
        gitlab(env),
        keycloak(env),
        generic(env),
    ];
    let mut providers: Vec<Provider> = Vec::new();
    for provider in all {
        let Some(provider) = provider.transpose()? else { continue };
        if providers.iter().any(|other| other.id == provider.id) {
            return Err(format!("two OAuth providers are called {:?}: rename one", provider.id));
        }
        providers.push(provider);
    }
    Ok(providers)
}

/// None where the variables are not there.
type Row = Option<Result<Provider, Wrong>>;

fn github(env: &Env) -> Row {
    let variables = Variables::new(env, "OAUTH_GITHUB", &[])?;
    let row = |variables: &Variables<'_>| {
        let user_url = variables.url("USER_INFO_URL", "https://api.github.com/user")?;
        let emails = variables.below(user_url.as_str().trim_end_matches('/'), "/emails")?;
        let urls = [
            variables.url("AUTH_URL", "https://github.com/login/oauth/authorize")?,
            variables.url("TOKEN_URL", "https://github.com/login/oauth/access_token")?,
            user_url,
        ];
        let mut provider = variables.provider("github", "user:email", urls);
        provider.scheme = "token";
        provider.more = More::Emails(emails);
        provider.user.identifier = "login".to_owned();
        provider.user.image = Image::At("avatar_url");
        Ok(provider)
    };
    Some(row(&variables))
}

fn google(env: &Env) -> Row {
    let variables = Variables::new(env, "OAUTH_GOOGLE", &[])?;
    let row = |variables: &Variables<'_>| {
        let urls = [
            variables.below("https://accounts.google.com", "/o/oauth2/v2/auth")?,
            variables.below("https://oauth2.googleapis.com", "/token")?,
            variables.below("https://www.googleapis.com", "/userinfo/v2/me")?,
        ];
        let scope = "https://www.googleapis.com/auth/userinfo.profile https://www.googleapis.com/auth/userinfo.email";
        let mut provider = variables.provider("google", scope, urls);
        provider.params.push(("access_type", "offline".to_owned()));
        provider.user.image = Image::At("picture");
        Ok(provider)
    };
    Some(row(&variables))
}

/// Both ways of Microsoft's.
fn azure_ad(env: &Env, id: &'static str, prefix: &'static str) -> Row {
    let variables = Variables::new(env, prefix, &["TENANT_ID"])?;
    let row = |variables: &Variables<'_>| {
        let tenant = variables.or("TENANT_ID", "");
        // National clouds have hosts of their own.
        let authority = variables.or("AUTHORITY", "https://login.microsoftonline.com");
        let graph = variables.or("GRAPH_URL", "https://graph.microsoft.com");
        let (authority, graph) = (authority.trim_end_matches('/'), graph.trim_end_matches('/'));
        let is_single = variables.get("ENABLE_SINGLE_TENANT").is_some();
        let place = format!("{authority}/{}", if is_single { &tenant } else { "common" });
        let urls = [
            variables.below(&place, "/oauth2/v2.0/authorize")?,
            variables.below(&place, "/oauth2/v2.0/token")?,
            variables.below(graph, "/v1.0/me")?,
        ];
        let is_hybrid = id == "azure-ad-hybrid";
        let open_id = if is_hybrid { format!(" {graph}/openid") } else { String::new() };
        let scope = format!("{graph}/User.Read{open_id} offline_access");
        let mut provider = variables.provider(id, variables.or("SCOPES", &scope), urls);
        let mode = if is_hybrid { "form_post" } else { "query" };
        provider.params.extend([("tenant", tenant), ("response_mode", mode.to_owned())]);
        if is_hybrid {
            provider.flow = Flow::Hybrid;
            let discovery = variables.below(&place, "/v2.0/.well-known/openid-configuration")?;
            provider.open_id = OpenId::Discovered(discovery);
        }
        provider.more = More::Photo(variables.below(graph, "/v1.0/me/photos/48x48/$value")?);
        provider.user = UserShape {
            identifier: "userPrincipalName".to_owned(),
            image: Image::Maybe("image"),
            provider: "azure-ad".to_owned(),
            has_refresh_token: true,
        };
        Ok(provider)
    };
    Some(row(&variables))
}

fn okta(env: &Env) -> Row {
    let variables = Variables::new(env, "OAUTH_OKTA", &["DOMAIN"])?;
    let row = |variables: &Variables<'_>| {
        let domain = variables.domain("DOMAIN")?;
        let (base, issuer) = match variables.get("AUTHORIZATION_SERVER_ID") {
            Some("false") => (format!("{domain}/oauth2"), domain),
            server => {
                let base = format!("{domain}/oauth2/{}", server.unwrap_or("default"));
                (base.clone(), base)
            }
        };
        let urls = [
            variables.below(&base, "/v1/authorize")?,
            variables.below(&base, "/v1/token")?,
            variables.below(&base, "/v1/userinfo")?,
        ];
        let mut provider = variables.provider("okta", OPEN_ID, urls);
        provider.params.push(("response_mode", "query".to_owned()));
        provider.open_id = discovered(variables, &issuer)?;
        Ok(provider)
    };
    Some(row(&variables))
}

fn auth0(env: &Env) -> Row {
    let variables = Variables::new(env, "OAUTH_AUTH0", &["DOMAIN"])?;
    let row = |variables: &Variables<'_>| {
        let domain = variables.domain("DOMAIN")?;
        let original = match variables.get("ORIGINAL_DOMAIN") {
            Some(_) => variables.domain("ORIGINAL_DOMAIN")?,
            None => domain.clone(),
        };
        let urls = [
            variables.below(&domain, "/authorize")?,
            variables.below(&domain, "/oauth/token")?,
            variables.below(&original, "/userinfo")?,
        ];
        let mut provider = variables.provider("auth0", OPEN_ID, urls);
        provider.params.push(("audience", format!("{original}/userinfo")));
        provider.user.image = Image::At("picture");
        provider.open_id = discovered(variables, &domain)?;
        Ok(provider)
    };
    Some(row(&variables))
}

fn descope(env: &Env) -> Row {
    let variables = Variables::new(env, "OAUTH_DESCOPE", &[])?;
    let row = |variables: &Variables<'_>| {
        let base = "https://api.descope.com/oauth2/v1";
        let urls = [
            variables.below(base, "/authorize")?,
            variables.below(base, "/token")?,
            variables.below(base, "/userinfo")?,
        ];
        let mut provider = variables.provider("descope", OPEN_ID, urls);
        provider.params.push(("audience", format!("{base}/userinfo")));
        provider.open_id = OpenId::Direct;
        Ok(provider)
    };
    Some(row(&variables))
}

fn cognito(env: &Env) -> Row {
    let variables = Variables::new(env, "OAUTH_COGNITO", &["DOMAIN"])?;
    let row = |variables: &Variables<'_>| {
        let domain = variables.domain("DOMAIN")?;
        let urls = [
            variables.below(&domain, "/login")?,
            variables.below(&domain, "/oauth2/token")?,
            variables.below(&domain, "/oauth2/userInfo")?,
        ];
        let mut provider = variables.provider("aws-cognito", variables.or("SCOPE", OPEN_ID), urls);
        provider.user.image = Image::At("picture");
        provider.open_id = direct_if_asked(&provider);
        Ok(provider)
    };
    Some(row(&variables))
}

fn gitlab(env: &Env) -> Row {
    let variables = Variables::new(env, "OAUTH_GITLAB", &["DOMAIN"])?;
    let row = |variables: &Variables<'_>| {
        let domain = variables.domain("DOMAIN")?;
        let urls = [
            variables.below(&domain, "/oauth/authorize")?,
            variables.below(&domain, "/oauth/token")?,
            variables.below(&domain, "/oauth/userinfo")?,
        ];
        let mut provider = variables.provider("gitlab", OPEN_ID, urls);
        provider.user.image = Image::At("picture");
        provider.open_id = discovered(variables, &domain)?;
        Ok(provider)
    };
    Some(row(&variables))
}

fn keycloak(env: &Env) -> Row {
    let variables = Variables::new(env, "OAUTH_KEYCLOAK", &["REALM", "BASE_URL"])?;
    let row = |variables: &Variables<'_>| {
        let base = variables.domain("BASE_URL")?;
        let realm = format!("{base}/realms/{}", variables.or("REALM", ""));
        let urls = [
            variables.below(&realm, "/protocol/openid-connect/auth")?,
            variables.below(&realm, "/protocol/openid-connect/token")?,
            variables.below(&realm, "/protocol/openid-connect/userinfo")?,
        ];
        let id = variables.or("NAME", "keycloak");
        let mut provider = variables.provider(id, "profile email openid", urls);
        provider.user.image = Image::None;
        provider.open_id = discovered(variables, &realm)?;
        Ok(provider)
    };
    Some(row(&variables))
}

fn generic(env: &Env) -> Row {
    let needed = ["AUTH_URL", "TOKEN_URL", "USER_INFO_URL", "SCOPES"];
    let variables = Variables::new(env, "OAUTH_GENERIC", &needed)?;
    let row = |variables: &Variables<'_>| {
        let urls = [
            variables.url("AUTH_URL", "")?,
            variables.url("TOKEN_URL", "")?,
            variables.url("USER_INFO_URL", "")?,
        ];
        let id = variables.or("NAME", "generic");
        let mut provider = variables.provider(id, variables.or("SCOPES", ""), urls);
        provider.user.image = Image::None;
        provider.user.identifier = variables.or("USER_IDENTIFIER", "email");
        provider.open_id = match variables.get("ISSUER") {
            Some(_) => discovered(variables, &variables.domain("ISSUER")?)?,
            None => direct_if_asked(&provider),
        };
        Ok(provider)
    };
    Some(row(&variables))
}

fn discovered(variables: &Variables<'_>, issuer: &str) -> Result<OpenId, Wrong> {
    variables.below(issuer, "/.well-known/openid-configuration").map(OpenId::Discovered)
}

fn direct_if_asked(provider: &Provider) -> OpenId {
    let is_asked = provider.scope.split_ascii_whitespace().any(|scope| scope == "openid");
    if is_asked { OpenId::Direct } else { OpenId::None }
}

fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.host_str().is_some()).then_some(url)
}

#[cfg(test)]
mod tests;
