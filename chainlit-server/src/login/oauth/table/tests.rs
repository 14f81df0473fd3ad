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
    let expected = "github google azure-ad azure-ad-hybrid okta auth0 descope aws-cognito gitlab";
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
    let azure = json!(["upn", {"image": null, "provider": "azure-ad", "refresh_token": "again"}]);
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
    assert_eq!((&*user.identifier, json!(user.metadata)), ("7", json!({"provider": "generic"})));
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
