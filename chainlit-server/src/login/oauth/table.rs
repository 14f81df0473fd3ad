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
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Variables that configure all providers.
    const ALL: [(&str, &str); 32] = [
        ("OAUTH_GITHUB_CLIENT_ID", "id"),
        ("OAUTH_GITHUB_CLIENT_SECRET", "s"),
        ("OAUTH_GOOGLE_CLIENT_ID", "id"),
        ("OAUTH_GOOGLE_CLIENT_SECRET", "s"),
        ("OAUTH_AZURE_AD_CLIENT_ID", "id"),
        ("OAUTH_AZURE_AD_CLIENT_SECRET", "s"),
        ("OAUTH_AZURE_AD_TENANT_ID", "ten"),
        ("OAUTH_AZURE_AD_HYBRID_CLIENT_ID", "id"),
        ("OAUTH_AZURE_AD_HYBRID_CLIENT_SECRET", "s"),
        ("OAUTH_AZURE_AD_HYBRID_TENANT_ID", "ten"),
        ("OAUTH_AZURE_AD_HYBRID_ENABLE_SINGLE_TENANT", "true"),
        ("OAUTH_OKTA_CLIENT_ID", "id"),
        ("OAUTH_OKTA_CLIENT_SECRET", "s"),
        ("OAUTH_OKTA_DOMAIN", "okta.example/"),
        ("OAUTH_AUTH0_CLIENT_ID", "id"),
        ("OAUTH_AUTH0_CLIENT_SECRET", "s"),
        ("OAUTH_AUTH0_DOMAIN", "auth0.example"),
        ("OAUTH_AUTH0_ORIGINAL_DOMAIN", "original.example"),
        ("OAUTH_DESCOPE_CLIENT_ID", "id"),
        ("OAUTH_DESCOPE_CLIENT_SECRET", "s"),
        ("OAUTH_COGNITO_CLIENT_ID", "id"),
        ("OAUTH_COGNITO_CLIENT_SECRET", "s"),
        ("OAUTH_COGNITO_DOMAIN", "cognito.example"),
        ("OAUTH_GITLAB_CLIENT_ID", "id"),
        ("OAUTH_GITLAB_CLIENT_SECRET", "s"),
        ("OAUTH_GITLAB_DOMAIN", "gitlab.example"),
        ("OAUTH_KEYCLOAK_CLIENT_ID", "id"),
        ("OAUTH_KEYCLOAK_CLIENT_SECRET", "s"),
        ("OAUTH_KEYCLOAK_REALM", "realm"),
        ("OAUTH_KEYCLOAK_BASE_URL", "https://kc.example/auth"),
        ("OAUTH_KEYCLOAK_NAME", "Our Company"),
        ("OAUTH_PROMPT", "login"),
    ];

    fn all(more: &[(&str, &str)]) -> Vec<Provider> {
        configured(&Env::from_pairs(ALL.iter().chain(more).copied())).unwrap()
    }

    #[test]
    fn a_provider_needs_all_its_variables() {
        let ids: Vec<String> = all(&[]).into_iter().map(|provider| provider.id).collect();
        let expected =
            "github google azure-ad azure-ad-hybrid okta auth0 descope aws-cognito gitlab";
        assert_eq!(ids.join(" "), format!("{expected} Our Company"));
        for missing in ALL.iter().filter(|(name, _)| {
            ["CLIENT_ID", "SECRET", "_TENANT_ID", "_DOMAIN", "REALM", "BASE_URL"]
                .iter()
                .any(|end| name.ends_with(end))
                && !name.contains("ORIGINAL")
        }) {
            let rest = ALL.iter().filter(|pair| *pair != missing).copied();
            assert_eq!(configured(&Env::from_pairs(rest)).unwrap().len(), 9, "{missing:?}");
        }
        assert!(configured(&Env::default()).unwrap().is_empty());
    }

    #[test]
    fn users_are_sent_to_and_asked_for_at() {
        let all = all(&[]);
        let urls: Vec<[&str; 3]> = all
            .iter()
            .map(|p| [p.authorize_url.as_str(), p.token_url.as_str(), p.user_url.as_str()])
            .collect();
        let graph = "https://graph.microsoft.com/v1.0/me";
        let expected = [
            [
                "https://github.com/login/oauth/authorize",
                "https://github.com/login/oauth/access_token",
                "https://api.github.com/user",
            ],
            [
                "https://accounts.google.com/o/oauth2/v2/auth",
                "https://oauth2.googleapis.com/token",
                "https://www.googleapis.com/userinfo/v2/me",
            ],
            [
                "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
                "https://login.microsoftonline.com/common/oauth2/v2.0/token",
                graph,
            ],
            [
                "https://login.microsoftonline.com/ten/oauth2/v2.0/authorize",
                "https://login.microsoftonline.com/ten/oauth2/v2.0/token",
                graph,
            ],
            [
                "https://okta.example/oauth2/default/v1/authorize",
                "https://okta.example/oauth2/default/v1/token",
                "https://okta.example/oauth2/default/v1/userinfo",
            ],
            [
                "https://auth0.example/authorize",
                "https://auth0.example/oauth/token",
                "https://original.example/userinfo",
            ],
            [
                "https://api.descope.com/oauth2/v1/authorize",
                "https://api.descope.com/oauth2/v1/token",
                "https://api.descope.com/oauth2/v1/userinfo",
            ],
            [
                "https://cognito.example/login",
                "https://cognito.example/oauth2/token",
                "https://cognito.example/oauth2/userInfo",
            ],
            [
                "https://gitlab.example/oauth/authorize",
                "https://gitlab.example/oauth/token",
                "https://gitlab.example/oauth/userinfo",
            ],
            [
                "https://kc.example/auth/realms/realm/protocol/openid-connect/auth",
                "https://kc.example/auth/realms/realm/protocol/openid-connect/token",
                "https://kc.example/auth/realms/realm/protocol/openid-connect/userinfo",
            ],
        ];
        assert_eq!(urls, expected);
        let params: Vec<String> = all
            .iter()
            .map(|p| {
                let params: Vec<String> =
                    p.params[1..].iter().map(|(name, value)| format!("{name}={value}")).collect();
                assert_eq!(p.params[0], ("prompt", "login".to_owned()));
                format!("{}; {}", p.scope, params.join(", "))
            })
            .collect();
        assert_eq!(
            params,
            [
                "user:email; ",
                "https://www.googleapis.com/auth/userinfo.profile https://www.googleapis.com/auth/userinfo.email; access_type=offline",
                "https://graph.microsoft.com/User.Read offline_access; tenant=ten, response_mode=query",
                "https://graph.microsoft.com/User.Read https://graph.microsoft.com/openid offline_access; tenant=ten, response_mode=form_post",
                "openid profile email; response_mode=query",
                "openid profile email; audience=https://original.example/userinfo",
                "openid profile email; audience=https://api.descope.com/oauth2/v1/userinfo",
                "openid profile email; ",
                "openid profile email; ",
                "profile email openid; ",
            ]
        );
    }

    #[test]
    fn users_are_taken_for() {
        let raw = json!({
            "login": "octo", "email": "e@x.example", "userPrincipalName": "upn",
            "avatar_url": "a.png", "picture": "p.png",
        });
        let users: Vec<Value> = all(&[])
            .iter()
            .map(|provider| {
                let user = provider.user.user(raw.as_object().unwrap(), Some("again"));
                json!([user.identifier, user.metadata])
            })
            .collect();
        let azure =
            json!(["upn", {"image": null, "provider": "azure-ad", "refresh_token": "again"}]);
        assert_eq!(
            json!(users),
            json!([
                ["octo", {"image": "a.png", "provider": "github"}],
                ["e@x.example", {"image": "p.png", "provider": "google"}],
                azure,
                azure,
                ["e@x.example", {"image": "", "provider": "okta"}],
                ["e@x.example", {"image": "p.png", "provider": "auth0"}],
                ["e@x.example", {"image": "", "provider": "descope"}],
                ["e@x.example", {"image": "p.png", "provider": "aws-cognito"}],
                ["e@x.example", {"image": "p.png", "provider": "gitlab"}],
                ["e@x.example", {"provider": "Our Company"}],
            ])
        );
    }

    #[test]
    fn what_is_told_otherwise_counts() {
        let all = all(&[
            ("OAUTH_OKTA_AUTHORIZATION_SERVER_ID", "false"),
            ("OAUTH_OKTA_PROMPT", "none"),
            ("OAUTH_AUTH0_PKCE", "false"),
            ("OAUTH_AZURE_AD_SCOPES", "mine"),
            ("OAUTH_AZURE_AD_AUTHORITY", "https://login.microsoftonline.us/"),
            ("OAUTH_GITHUB_USER_INFO_URL", "https://ghe.example/api/v3/user"),
            ("OAUTH_GENERIC_CLIENT_ID", "id"),
            ("OAUTH_GENERIC_CLIENT_SECRET", "s"),
            ("OAUTH_GENERIC_AUTH_URL", "https://g.example/a"),
            ("OAUTH_GENERIC_TOKEN_URL", "https://g.example/t"),
            ("OAUTH_GENERIC_USER_INFO_URL", "https://g.example/u"),
            ("OAUTH_GENERIC_SCOPES", "read"),
            ("OAUTH_GENERIC_USER_IDENTIFIER", "id"),
        ]);
        let of = |id: &str| all.iter().find(|provider| provider.id == id).unwrap();
        let okta = of("okta");
        assert_eq!(okta.authorize_url.as_str(), "https://okta.example/oauth2/v1/authorize");
        assert_eq!(okta.params[0], ("prompt", "none".to_owned()));
        let discovery = "https://okta.example/.well-known/openid-configuration";
        assert_eq!(okta.open_id, OpenId::Discovered(discovery.parse().unwrap()));
        assert!(!of("auth0").has_pkce && okta.has_pkce);
        assert_eq!(of("azure-ad").scope, "mine");
        assert_eq!(of("azure-ad").token_url.host_str(), Some("login.microsoftonline.us"));
        let emails = "https://ghe.example/api/v3/user/emails";
        assert_eq!(of("github").more, More::Emails(emails.parse().unwrap()));
        let generic = of("generic");
        assert_eq!(generic.open_id, OpenId::None);
        let user = generic.user.user(json!({"id": 7}).as_object().unwrap(), None);
        assert_eq!(
            (&*user.identifier, json!(user.metadata)),
            ("7", json!({"provider": "generic"}))
        );
        let nobody = generic.user.user(json!({"id": null}).as_object().unwrap(), None);
        assert_eq!(nobody.identifier, "");
    }

    #[test]
    fn what_is_wrong_is_told() {
        let wrong = |more: (&'static str, &'static str)| {
            let pairs = ALL.iter().filter(|(name, _)| *name != more.0).copied();
            configured(&Env::from_pairs(pairs.chain([more]))).unwrap_err()
        };
        assert!(wrong(("OAUTH_GITHUB_AUTH_URL", "nonsense")).contains("OAUTH_GITHUB_AUTH_URL"));
        assert!(wrong(("OAUTH_GITLAB_DOMAIN", "a b")).contains("OAUTH_GITLAB_DOMAIN"));
        assert!(wrong(("OAUTH_KEYCLOAK_NAME", "okta")).contains("two OAuth providers"));
    }
}
